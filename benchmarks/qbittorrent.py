"""Measure the qBittorrent plugin: parse and apply a first full poll, and steady polls with 1 % changed.

Answers are generated in the shape that 4.5.2 sends and replayed over HTTP by a process of their own: this is scale,
not behaviour. Run `python -m benchmarks.qbittorrent`.
"""

import json
import statistics
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trio

from amutorrent import Catalogue, Events
from amutorrent.categories import Categories
from amutorrent.instances import connect
from amutorrent.watchdog import Watchdog, Workers

from .servers import running

STEADY_POLLS = 20
PREFERENCES = {"save_path": "/downloads", "listen_port": 6881, "dl_limit": 0, "up_limit": 0}


def torrent(number: int, round: int) -> dict[str, Any]:  # Any: JSON values
    """Make the 48 fields of one torrent."""
    hash, name = f"{number:040x}", f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}.mkv"
    done = (number * 1_000_003 + round * 65_536) % 1_500_000_000
    return {
        "added_on": 1_795_509_319, "amount_left": 1_500_000_000 - done, "auto_tmm": False, "availability": 7.3,
        "category": "tv", "completed": done, "completion_on": 0, "content_path": f"/downloads/tv/{name}",
        "dl_limit": 0, "dlspeed": number + round, "download_path": "", "downloaded": done, "downloaded_session": done,
        "eta": 4000, "f_l_piece_prio": False, "force_start": False, "infohash_v1": hash, "infohash_v2": "",
        "last_activity": 1_795_509_319, "magnet_uri": f"magnet:?xt=urn:btih:{hash}&dn={name}&tr=http%3a%2f%2ft.example",
        "max_ratio": -1, "max_seeding_time": -1, "name": name, "num_complete": 20, "num_incomplete": 30,
        "num_leechs": 4, "num_seeds": 3, "priority": 1, "progress": done / 1_500_000_000, "ratio": 0.1,
        "ratio_limit": -2, "save_path": "/downloads/tv", "seeding_time": 0, "seeding_time_limit": -2,
        "seen_complete": 0, "seq_dl": False, "size": 1_500_000_000, "state": "downloading", "super_seeding": False,
        "tags": "one, two", "time_active": 100, "total_size": 1_500_000_000, "tracker": "http://t.example/announce",
        "trackers_count": 1, "up_limit": 0, "uploaded": 5, "uploaded_session": 5, "upspeed": number,
        "root_path": "",  # as 5.0 and later tell: with 4.x one question per torrent follows, over many polls
    }  # fmt: skip


def serve(port: int, items: int) -> None:
    """Replay answers for a daemon of so many torrents."""
    server_state = {"connection_status": "connected", "alltime_dl": 1, "alltime_ul": 1, "dl_info_speed": 5}
    hashes = [f"{number:040x}" for number in range(items)]
    full = {
        "rid": 1,
        "full_update": True,
        "torrents": {hash: torrent(number, 0) for number, hash in enumerate(hashes)},
        "categories": {"tv": {"name": "tv", "savePath": "/downloads/tv"}},
        "trackers": {"http://t.example/announce": hashes},
        "server_state": server_state,
    }
    first = json.dumps(full).encode()

    def increment(rid: int) -> bytes:
        chosen = [(rid * items // 100 + offset) % items for offset in range(items // 100)]
        fields = ("amount_left", "completed", "dlspeed", "downloaded", "progress")
        changed = {hashes[number]: {key: torrent(number, rid)[key] for key in fields} for number in chosen}
        return json.dumps({"rid": rid + 1, "torrents": changed, "server_state": {"dl_info_speed": rid}}).encode()

    def answer(path: str, query: dict[str, list[str]]) -> bytes:
        match path.removeprefix("/api/v2/"):
            case "app/webapiVersion":
                return b"2.8.19"
            case "app/version":
                return b"v4.5.2"
            case "app/preferences":
                return json.dumps(PREFERENCES).encode()
            case "sync/maindata":
                rid = int(query.get("rid", ["0"])[0])
                return increment(rid) if rid else first
            case "torrents/files":
                return b'[{"index":0,"name":"a.mkv","size":1,"progress":1,"priority":1}]'
        return b"[]"

    class Replay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one write: else the kernel waits 40 ms between them

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            body = answer(url.path, parse_qs(url.query))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Replay).serve_forever()


async def measure(items: int) -> None:
    """Poll a replayed daemon of so many torrents."""
    from amutorrent_qbittorrent import QBittorrent

    from .catalogue import INFO

    with running("qbittorrent", items, module="benchmarks.qbittorrent") as (port, _):
        settings = QBittorrent.Settings(host="127.0.0.1", port=port)
        workers = Workers()
        run_sync = workers.runner("qbittorrent", trio.CapacityLimiter(4))
        catalogue = Catalogue(Categories(), Events())
        catalogue.put_instance("a", INFO)
        times: list[tuple[float, float]] = []
        with Watchdog(workers) as watchdog:
            async with connect(QBittorrent, settings, "a", logger(), run_sync) as connection:
                while len(times) <= STEADY_POLLS:
                    start = time.perf_counter()
                    changes = await connection.poll()
                    polled = time.perf_counter()
                    await catalogue.apply("a", changes)
                    catalogue.publish()
                    times.append((polled - start, time.perf_counter() - polled))
        steady_poll = statistics.median(poll for poll, _ in times[1:])
        steady_apply = statistics.median(apply for _, apply in times[1:])
        print(
            f"{items:6} torrents: first poll {times[0][0] * 1000:.0f} ms and apply {times[0][1] * 1000:.0f} ms; "
            f"1 % changed: poll {steady_poll * 1000:.1f} ms and apply {steady_apply * 1000:.1f} ms; "
            f"longest hold of the loop {watchdog.statistics().longest_s * 1000:.0f} ms",
            flush=True,
        )


def logger() -> Any:  # Any: the exact type is the host's own
    """Give the logger that an instance has."""
    import logging

    return logging.LoggerAdapter(logging.getLogger("benchmarks"), {})


async def main() -> None:
    """Measure both sizes."""
    for items in (5000, 20_000):
        await measure(items)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        serve(int(sys.argv[2]), int(sys.argv[3]))
    else:
        trio.run(main)
