"""What Sonarr and Radarr ask, of a daemon with many items. Run `python -m benchmarks.arr`."""

import argparse
import http.client
import statistics
import sys
import time
from collections.abc import Callable
from importlib import metadata
from urllib.parse import quote, urlencode

import psutil
import trio

from .host import cpu
from .servers import running, serve

EVERY_S = 2.0
"""As often as clients are polled in life while somebody looks."""
ROUNDS = 15
CATEGORY = "tv"


class App:
    """One of the apps: each request has a connection of its own, as theirs have."""

    def __init__(self, port: int, agent: str, category: str) -> None:
        self.port, self.agent, self.category = port, agent, category

    def send(self, path: str, form: dict[str, str] | None = None, fine: tuple[int, ...] = (200,)) -> bytes:
        """Send a request; gives the answer. Raises `AssertionError` for one that the apps take for a failure."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=100)
        headers = {"User-Agent": self.agent, "Connection": "close"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form, quote_via=quote)
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status not in fine or content == b"Fails.":
            raise AssertionError(f"{path}: {answer.status} {content[:200]!r}")
        return content

    def queue(self) -> bytes:
        """Read the queue, as they do once a minute."""
        self.send("/api/v2/app/webapiVersion")
        self.send("/api/v2/app/preferences")
        return self.send(f"/api/v2/torrents/info?category={quote(self.category)}")


async def daemon(port: int, items: int, log_level: str = "error") -> None:
    """Run the real daemon with a synthetic client, 1 % of whose items change with each poll, and the two surfaces."""
    client: dict[str, object] = {"type": "synthetic", "items": items, "changing": items // 100}
    plugins = [
        metadata.EntryPoint("synthetic", "benchmarks.synthetic", "amutorrent"),
        metadata.EntryPoint("qbcompat", "amutorrent_qbcompat", "amutorrent"),
        metadata.EntryPoint("torznab", "amutorrent_torznab", "amutorrent"),
    ]
    await serve(port, [client], EVERY_S, plugins, log_level, {"qbcompat": {"clients": "all"}})


def timed(name: str, process: psutil.Process, ask: Callable[[], bytes], rounds: int = ROUNDS) -> None:
    """Ask a few times, and print how long that took, by the clock and by processor time."""
    took, used, length = [], cpu(process), 0
    for _ in range(rounds):
        began = time.perf_counter()
        length = len(ask())
        took.append((time.perf_counter() - began) * 1000)
    used = (cpu(process) - used) / rounds * 1000
    print(
        f"{name:40} median {statistics.median(took):6.1f} ms, worst {max(took):6.1f} ms, "
        f"processor time {used:6.1f} ms, {length / 1e6:.2f} MB",
        flush=True,
    )


def measure(items: int) -> None:
    """Measure the list: the first time, when all is written, and then again and again, while 1 % changes."""
    with running("serve", items, module="benchmarks.arr") as (port, process):
        app = App(port, "Sonarr/4", CATEGORY)
        while not _holds(app, items):
            time.sleep(0.2)
        timed(f"{items} items: torrents/info", process, lambda: app.send("/api/v2/torrents/info"))
        timed(
            "torrents/info?category=, all of them",
            process,
            lambda: app.send(f"/api/v2/torrents/info?category={CATEGORY}"),
        )
        timed(
            "torrents/info?category=, none of them", process, lambda: app.send("/api/v2/torrents/info?category=radarr")
        )
        timed("sync/maindata", process, lambda: app.send("/api/v2/sync/maindata"))
        timed("transfer/info", process, lambda: app.send("/api/v2/transfer/info"))
        timed("torrents/info?sort=name", process, lambda: app.send("/api/v2/torrents/info?sort=name&limit=100"))
        timed("arr/check", process, lambda: app.send("/api/v1/arr/check"), 3)
        print(f"resident {process.memory_info().rss / 2**20:.0f} MB", flush=True)


def _holds(app: App, items: int) -> bool:
    """Say whether the daemon has all its items by now; while it starts it answers nothing."""
    try:
        return app.send(f"/api/v2/torrents/info?offset={items - 1}&limit=1") != b"[]"
    except AssertionError:
        return False


def main() -> None:
    """Measure what was asked for, or be the server."""
    if sys.argv[1:2] == ["serve"]:
        trio.run(daemon, int(sys.argv[2]), int(sys.argv[3]), (*sys.argv[4:5], "error")[0])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, action="append", help="how many items (default: 1000 and 20000)")
    for items in parser.parse_args().items or (1000, 20_000):
        measure(items)


if __name__ == "__main__":
    main()
