"""Measure the engine inside: thousands of torrents in one libtorrent, half of them running.

`client`: the list is written as the engine writes it, and loaded; then polls in which nothing changed, and such in
which one torrent in a hundred did, and the end, at which everything is saved. `daemon`: the whole daemon with it, to
which all are added over HTTP, and what a second costs with ten sockets that read. No torrent has data, and nothing
leaves the machine. Run `python -m benchmarks.libtorrent [client|daemon] [--items N] [--seconds N]`.
"""

import argparse
import base64
import importlib
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import trio
from amutorrent_libtorrent import Libtorrent

from amutorrent import Tags
from amutorrent.cli.process import spare_the_collector
from amutorrent.instances import connect
from amutorrent.testing import hollow_torrent
from amutorrent.watchdog import Watchdog, Workers

from .everything import steady, wait_for_all
from .host import cpu
from .servers import free_port, running

POLLS = 30
LAB = Path(__file__).parents[1] / "tests"
QUIET = {"interfaces": ["127.0.0.59"], "dht": False, "lsd": False, "pex": False, "utp": False}


def laboratory(module: str) -> Any:  # Any: modules of the tests
    """Import a module of the tests' laboratory."""
    sys.path.insert(0, str(LAB))
    return importlib.import_module(f"lab.{module}")


def entry(downloads: Path) -> dict[str, object]:
    """Give the settings of an engine that leaves the machine in peace."""
    return {**QUIET, "downloadDir": str(downloads), "port": free_port()}


async def client(items: int) -> None:
    """Measure a client alone."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        laboratory("many").keep_many(root / "main", items, running=items // 2)
        spare_the_collector()
        log = logging.LoggerAdapter(logging.getLogger("benchmark"))
        workers, process = Workers(), psutil.Process()
        settings = Libtorrent.Settings.model_validate(entry(root / "downloads"))
        run_sync = workers.runner("libtorrent", trio.CapacityLimiter(4))
        before = process.memory_info().rss
        with Watchdog(workers) as watchdog:
            async with connect(Libtorrent, settings, "benchmark", log, run_sync, folder=root) as connection:
                began = time.perf_counter()
                hashes = [item.hash for item in (await connection.poll()).items]
                loaded, grown = time.perf_counter() - began, process.memory_info().rss - before
                assert len(hashes) == items
                idle = await timed(connection.poll, POLLS)
                tags = next(each for each in connection.client.parts if isinstance(each, Tags))
                changed = []
                for number in range(POLLS):
                    await tags.change_tags(hashes[number::100], [f"round {number}"], [])
                    changed += await timed(connection.poll, 1)
                began = time.perf_counter()
            ended = time.perf_counter() - began
            held = watchdog.statistics().longest_s
    print(f"{items:,} torrents, half of them running: {grown >> 20} MiB more")
    print(f"first poll, with the start and loading all: {loaded:.2f} s; the end, with everything saved: {ended:.2f} s")
    idle_ms, changed_ms = (statistics.median(each) * 1000 for each in (idle, changed))
    print(
        f"poll: {idle_ms:.1f} ms, with 1 % changed {changed_ms:.1f} ms; longest hold of the loop: {held * 1000:.0f} ms"
    )


async def timed(poll: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Poll so often, and give how long each took, in seconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await poll()
        taken.append(time.perf_counter() - began)
    return taken


def daemon(items: int, seconds: float) -> None:
    """Measure the whole daemon."""
    with tempfile.TemporaryDirectory() as place:
        clients = [{"type": "libtorrent", **entry(Path(place))}]
        with running("clients", json.dumps(clients)) as (port, process):
            wait_for_all(port)
            before, began = cpu(process), time.perf_counter()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
                for number in range(items):
                    data = base64.b64encode(hollow_torrent(f"torrent {number}", 1 << 30).file).decode()
                    body = {"data": data, "paused": number % 2 == 0}
                    http.post("/api/v1/downloads/torrent", json=body).raise_for_status()
            taken, spent = time.perf_counter() - began, cpu(process) - before
            print(f"{items:,} added over HTTP: {taken / items * 1000:.1f} ms each, CPU {spent / items * 1000:.1f} ms")
            steady(port, process, seconds)


def main() -> None:
    """Measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["client", "daemon"])
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    if chosen.what != "daemon":
        trio.run(client, chosen.items)
    if chosen.what != "client":
        daemon(chosen.items, chosen.seconds)


if __name__ == "__main__":
    main()
