"""Metrics: 30 days of samples of five clients, every range, the size on disk, and what a sample costs to write."""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import trio
from msgspec.structs import replace
from sqlalchemy import func, select

from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.events import Events
from amutorrent.history.metrics import HISTORY_STEPS, SPANS, SPEED_STEPS, Chosen, Metrics, Range, span_of, tier_for
from amutorrent.model.metrics import DAY, FINE, KEPT, MIDDLE, TIERS, TOTAL, Bucket, Counted, Tier
from amutorrent.store import MetricShelf, Place, Store, locate
from amutorrent.store.tables import metric

from .bare import Bare, add_database_options, database
from .catalogue import INFO
from .whole import ask

CLIENTS = {"a": "bittorrent", "b": "bittorrent", "c": "bittorrent", "d": "ed2k", "e": "ed2k"}
NAMES = (*CLIENTS, TOTAL, TOTAL + "bittorrent", TOTAL + "ed2k")
CHOSEN = Chosen(names=(TOTAL,), networks={each: (TOTAL + each,) for each in ("bittorrent", "ed2k")})

REQUESTS = [
    f"/api/metrics/{what}?range={range_}"
    for what in ("speed-history", "history", "stats", "dashboard")
    for range_ in ("24h", "7d", "30d", "1y")
]


def buckets(now: int, tier: Tier, length: int) -> list[Bucket]:
    """Make the buckets of a tier for all names, as they are after `length` ms."""
    chosen, last = random.Random(tier), now - now % tier
    return [
        Bucket(
            name=name,
            tier=tier,
            start=start,
            slots=tier // FINE,
            upload_sum=chosen.random() * 1e6,
            download_sum=chosen.random() * 1e7,
            upload_peak=chosen.randrange(10**6),
            download_peak=chosen.randrange(10**7),
            uploaded=chosen.randrange(10**9),
            downloaded=chosen.randrange(10**9),
            first_at=start,
            last_at=start + tier - 1,
        )
        for start in range(last - length + tier, last + tier, tier)
        for name in NAMES
    ]


def size(place: Place) -> str:
    """Spell the size of an SQLite file with its journal."""
    if place.file is None:
        return ""
    files = (place.file, place.file.with_name(f"{place.file.name}-wal"))
    return f", {sum(each.stat().st_size for each in files if each.exists()) / 2**20:.1f} MiB"


async def measure(store: Store, place: Place) -> None:
    """Fill, write, and read every range."""
    shelf, now = MetricShelf(store), int(time.time() * 1000)
    for tier, length in ((FINE, KEPT[FINE]), (MIDDLE, KEPT[MIDDLE]), (DAY, 365 * DAY)):
        rows = buckets(now, tier, length)
        for start in range(0, len(rows), 2000):
            await shelf.add(rows[start : start + 2000], [])
    count = await store.read(lambda connection: connection.execute(select(func.count()).select_from(metric)).scalar())
    print(f"{count} buckets{size(place)}", flush=True)
    await write(shelf, now)
    bare = Bare(place, store)
    catalogue = Catalogue(Categories(), Events())
    for id, network in CLIENTS.items():
        catalogue.put_instance(id, replace(INFO, network_type=network))
    metrics = Metrics(catalogue, shelf)
    names = sorted({*CHOSEN.names, *(each for names in CHOSEN.networks.values() for each in names)})
    for label, steps in (("speed-history", SPEED_STEPS), ("history", HISTORY_STEPS)):
        for range_ in SPANS:
            await read(bare, metrics, shelf, names, label, range_, steps[range_])


async def read(
    bare: Bare, metrics: Metrics, shelf: MetricShelf, names: list[str], label: str, range_: Range, step: int
) -> None:
    """Compare the rows of a range as the store gives them, and report the whole answer."""
    first, last = span_of(range_, step, int(time.time() * 1000))
    span = (tier_for(step), first, last + step)
    await bare.compare(f"rows of {label} {range_}", lambda: shelf.fold(names, *span, lambda rows: None, step=step))
    took = []
    for _ in range(5):
        began = time.perf_counter()
        await metrics.read(range_, step, CHOSEN)
        took.append((time.perf_counter() - began) * 1000)
    print(f"  put together: {statistics.median(took):.1f} ms", flush=True)


async def write(shelf: MetricShelf, now: int) -> None:
    """Write the 15 s of five clients as the sampler does, some times."""
    took = []
    for number in range(40):
        fine = buckets(now + number * FINE, FINE, FINE)
        rows = [replace(each, tier=tier, start=each.start - each.start % tier) for each in fine for tier in TIERS]
        counted = [Counted(instance_id=id, session="", uploaded=number, downloaded=number) for id in CLIENTS]
        began = time.perf_counter()
        await shelf.add(rows, counted)
        took.append((time.perf_counter() - began) * 1000)
    print(f"writing 15 s of five clients: {statistics.median(took):.1f} ms, longest {max(took):.1f} ms", flush=True)


async def run(url: str) -> None:
    """Make a database, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        place = locate(url, Path(folder))
        store = Store(place, answer_s=3600)
        async with trio.open_nursery() as nursery:
            await nursery.start(store.run)
            await measure(store, place)
            nursery.cancel_scope.cancel()
        ask(folder, url, [*CLIENTS], REQUESTS)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_options(parser)
    with database(parser.parse_args()) as url:
        trio.run(run, url)
