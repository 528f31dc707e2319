"""The client contract against the real qbittorrent-nox; thousands of torrents by replaying answers of its shape."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from amutorrent_qbittorrent import QBittorrent

from amutorrent.testing import ClientContract, FaultProxy, Seen

pytestmark = [
    pytest.mark.daemon,
    pytest.mark.slow,
    # a cancelled request leaves the generator of its body to the garbage collector, inside httpx
    pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning"),
]


class TestQBittorrent(ClientContract):
    client = QBittorrent
    login = b"auth/login"

    @pytest.fixture
    def settings(self, qbittorrent):
        return settings_of(qbittorrent)

    @pytest.fixture
    def wrong_settings(self, qbittorrent):
        return settings_of(qbittorrent, password="not the password")

    @pytest.fixture
    def downloads(self, qbittorrent):
        return qbittorrent.downloads

    @pytest.fixture
    def oracle(self, qbittorrent):
        def look(hash):
            found = qbittorrent.torrent(hash)
            return found and Seen(
                name=found["name"],
                held=found["state"].startswith("paused"),
                category=found["category"],
                tags=frozenset(filter(None, found["tags"].split(", "))),
                directory=found["save_path"],
            )

        return lambda hash: look(hash) or None

    @pytest.fixture
    def scale(self):
        with replaying() as port_of:
            yield lambda count: QBittorrent.Settings(host="127.0.0.1", port=port_of(count))

    def open_proxy(self, settings):
        # it wants to be asked for the port that it listens on
        return FaultProxy.open((settings.host, settings.port), host="127.0.0.2", port=settings.port)


def settings_of(daemon, **other):
    keys = {key: value for key, value in daemon.settings.items() if key != "type"}
    return QBittorrent.Settings.model_validate({**keys, **other})


@contextmanager
def replaying():
    """Lend a function: count -> port of a server that replays the answers of a 4.5.2 with so many torrents."""
    servers, threads = [], []

    def port_of(count):
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler(answers(count))))
        threads.append(threading.Thread(target=servers[-1].serve_forever, args=(0.02,)))
        threads[-1].start()
        return servers[-1].server_address[1]

    try:
        yield port_of
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


def handler(answers):
    class Replay(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one write: else the kernel waits 40 ms between them

        def do_GET(self):
            url = urlsplit(self.path)
            asked = url.path.removeprefix("/api/v2/")
            body = answers["increment" if asked == "sync/maindata" and "rid=0" not in url.query else asked]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing."""

    return Replay


def answers(count):
    """Make the answers beforehand: making them must not hold the interpreter while it is measured."""
    hashes = [f"{number:040x}" for number in range(count)]
    full = {
        "rid": 1,
        "full_update": True,
        "torrents": {hash: torrent(number) for number, hash in enumerate(hashes)},
        "categories": {"tv": {"name": "tv", "savePath": "/downloads/tv"}},
        "tags": ["one", "two"],
        "trackers": {"http://t.example/announce": hashes},
        "server_state": {"connection_status": "connected", "alltime_dl": 1, "alltime_ul": 1, "dl_info_speed": 5},
    }
    preferences = {"save_path": "/downloads", "listen_port": 6881, "dl_limit": 0, "up_limit": 0}
    return {
        "app/webapiVersion": b"2.8.19",
        "app/version": b"v4.5.2",
        "app/preferences": json.dumps(preferences).encode(),
        "sync/maindata": json.dumps(full).encode(),
        "increment": b'{"rid": 2}',
        "torrents/files": b'[{"index":0,"name":"a.mkv","size":1,"progress":1,"priority":1}]',
    }


def torrent(number):
    """Make the fields that 4.5.2 sends of one torrent."""
    hash, name = f"{number:040x}", f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}.mkv"
    done = number * 1_000_003 % 1_500_000_000
    numbers = (
        "completion_on dl_limit downloaded_session max_seeding_time num_complete num_incomplete num_leechs num_seeds"
        " priority ratio_limit seeding_time seeding_time_limit seen_complete time_active up_limit uploaded_session"
    )
    return dict.fromkeys(numbers.split(), 0) | {
        "added_on": 1_795_509_319, "amount_left": 1_500_000_000 - done, "auto_tmm": False, "availability": 7.3,
        "category": "tv", "completed": done, "content_path": f"/downloads/tv/{name}", "dlspeed": number,
        "download_path": "", "downloaded": done, "eta": 4000, "f_l_piece_prio": False, "force_start": False,
        "infohash_v1": hash, "infohash_v2": "", "last_activity": 1_795_509_319, "max_ratio": -1, "name": name,
        "magnet_uri": f"magnet:?xt=urn:btih:{hash}&dn={name}&tr=http%3a%2f%2ft.example%2fannounce",
        "progress": done / 1_500_000_000, "ratio": 0.1, "save_path": "/downloads/tv", "seq_dl": False,
        "size": 1_500_000_000, "state": "downloading", "super_seeding": False, "tags": "one, two",
        "total_size": 1_500_000_000, "tracker": "http://t.example/announce", "trackers_count": 1, "uploaded": 5,
        "upspeed": number,
    }  # fmt: skip
