"""Measure the catalogue alone: an idle tick and a busy one, by the number of items held.

Run `python -m benchmarks.catalogue`.
"""

import statistics
import time

import trio
from msgspec.structs import replace

from amutorrent import Catalogue, Changes, Events, InstanceInfo, User
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Tick
from amutorrent.categories import Categories

from .synthetic import made_up

INFO = InstanceInfo(
    type="synthetic",
    connected=True,
    name="Synthetic",
    network_type="bittorrent",
    order=0,
    color=None,
    state="online",
    error=None,
    error_time=None,
    stale_since=None,
    retry_at=None,
    version="1",
    last_poll_ms=1,
    capabilities={},
    network_status=None,
    speed_limits=None,
)


async def filled(items: int) -> tuple[Catalogue, float]:
    """Make a catalogue with so many items; gives it and the seconds that the first whole list took."""
    catalogue = Catalogue(Categories(), Events())
    catalogue.put_instance("a", INFO)
    made = [made_up(number) for number in range(items)]
    start = time.perf_counter()
    await catalogue.apply("a", Changes(items=made, full=True))
    return catalogue, time.perf_counter() - start


async def measure(items: int, user: User = LOCAL_ADMIN) -> None:
    """Print what a tick with nothing changed, one with 1 % changed, and a full form cost."""
    catalogue, first = await filled(items)
    view = catalogue.view(user)
    view.full()

    def read(tick: Tick) -> None:
        tick.message(view)

    catalogue.on_tick.append(read)
    idle, busy, full = [], [], []
    for round in range(200):
        start = time.perf_counter()
        await catalogue.apply("a", Changes(download_speed=round + 1))
        catalogue.publish()
        idle.append(time.perf_counter() - start)
    for round in range(50):
        changed = [replace(entry.item, size_downloaded=round) for entry in list(catalogue.items())[: items // 100]]
        start = time.perf_counter()
        await catalogue.apply("a", Changes(items=changed, download_speed=round + 1))
        catalogue.publish()
        busy.append(time.perf_counter() - start)
        start = time.perf_counter()
        view.full()
        full.append(time.perf_counter() - start)
    print(
        f"{items:6} items: first list {first * 1000:.0f} ms, idle tick {statistics.median(idle) * 1e6:.0f} µs, "
        f"tick with 1 % changed {statistics.median(busy) * 1e3:.2f} ms, "
        f"full form {statistics.median(full) * 1e3:.2f} ms, {len(view.full()):,} bytes"
    )


async def main() -> None:
    """Measure three sizes."""
    for items in (100, 1000, 10_000, 20_000):
        await measure(items)


if __name__ == "__main__":
    trio.run(main)
