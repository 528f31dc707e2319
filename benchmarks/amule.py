"""Measure the aMule plugin: first full poll and apply of many shared files, and steady polls with 1 % changed.

Answers are those that an amuled 2.3.3 gave, multiplied, and replayed by a process of their own: this is scale, not
behaviour. Run `python -m benchmarks.amule`. With `python -m benchmarks.amule click` a real amuled with 20,000 shared
files is asked to pause one download while polls and a search run, beside its own longest single request.
"""

import importlib
import logging
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import trio

from amutorrent import Catalogue, Events
from amutorrent.categories import Categories
from amutorrent.instances import connect
from amutorrent.testing import FaultProxy
from amutorrent.watchdog import Watchdog, Workers

from .servers import running

STEADY_POLLS = 20
ROUNDS = 4
CLICKS = 100
LAB = Path(__file__).parents[1] / "tests"


def serve(port: int, items: int) -> None:
    """Replay answers for a daemon of so many shared files."""
    replay = laboratory("ec_replay")
    replay.serve(socket.create_server(("127.0.0.1", port)), replay.answers(items, items // 100, ROUNDS))


def laboratory(module: str) -> Any:  # Any: modules of the tests
    """Import a module of the tests' laboratory."""
    sys.path.insert(0, str(LAB))
    return importlib.import_module(f"lab.{module}")


async def measure(items: int) -> None:
    """Poll a replayed daemon of so many shared files."""
    from amutorrent_amule import AMule

    from .catalogue import INFO

    with running("amule", items, module="benchmarks.amule") as (port, _):
        async with FaultProxy.open(("127.0.0.1", port)) as proxy:
            settings = AMule.Settings.model_validate({"host": "127.0.0.1", "port": proxy.port, "password": "secret"})
            workers = Workers()
            run_sync = workers.runner("amule", trio.CapacityLimiter(4))
            catalogue = Catalogue(Categories(), Events())
            catalogue.put_instance("a", INFO)
            rows: list[tuple[float, float, float, int]] = []
            with Watchdog(workers) as watchdog:
                async with connect(AMule, settings, "a", logger(), run_sync) as connection:
                    while len(rows) <= STEADY_POLLS:
                        start, cpu, before = time.perf_counter(), time.process_time(), proxy.statistics().from_daemon
                        changes = await connection.poll()
                        polled, cpu = time.perf_counter(), time.process_time() - cpu
                        await catalogue.apply("a", changes)
                        catalogue.publish()
                        came = proxy.statistics().from_daemon - before
                        rows.append((polled - start, cpu, time.perf_counter() - polled, came))
    first, steady = rows[0], [statistics.median(column) for column in zip(*rows[1:], strict=True)]
    print(
        f"{items:6} shared files: first poll {first[0] * 1000:.0f} ms (CPU {first[1] * 1000:.0f} ms, "
        f"{first[3] / 1e6:.1f} MB), apply {first[2] * 1000:.0f} ms; 1 % changed: poll {steady[0] * 1000:.1f} ms "
        f"(CPU {steady[1] * 1000:.1f} ms, {steady[3] / 1e3:.0f} kB), apply {steady[2] * 1000:.1f} ms; "
        f"longest hold of the loop {watchdog.statistics().longest_s * 1000:.0f} ms",
        flush=True,
    )


def logger() -> Any:  # Any: the exact type is the host's own
    """Give the logger that an instance has."""
    return logging.LoggerAdapter(logging.getLogger("benchmarks"), {})


async def click(files: int) -> None:
    """Click while a real amuled with so many shared files is polled and searches."""
    amule, ed2k, clicks = (laboratory(module) for module in ("amule", "ed2k", "clicks"))
    with tempfile.TemporaryDirectory() as folder:
        daemon = amule.AMuleDaemon(Path(folder), nick="peer-a")
        amule.share_many(daemon, files)
        with ed2k.server(amule.free_port_with_udp(4), high="peer-a") as server:
            daemon.start(120)
            try:
                print(f"{files:6} shared files: {await clicks.measure_clicks(daemon, server, CLICKS)}", flush=True)
            finally:
                daemon.kill9()  # it may take minutes to end, and nothing is to be kept


async def main() -> None:
    """Measure both sizes."""
    for items in (5000, 20_000):
        await measure(items)


if __name__ == "__main__":
    if sys.argv[1:] == ["click"]:
        trio.run(click, 20_000)
    elif len(sys.argv) > 2:
        serve(int(sys.argv[2]), int(sys.argv[3]))
    else:
        trio.run(main)
