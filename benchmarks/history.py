"""The history at a million rows: pages in every order, deep pages, filters, and the writing of what grew."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import trio
from msgspec.structs import replace

from amutorrent.model.history import STATUSES, HistoryFilter, HistoryOrder, HistoryRow
from amutorrent.store import HistoryShelf, Store, locate

from .bare import Bare, add_database_options, database
from .whole import ask

CHUNK = 20_000
YEAR_MS = 31_536_000_000
WORDS = ("ubuntu", "debian", "film", "series", "album", "book")


def row(number: int) -> HistoryRow:
    """Make a row."""
    spread = number * 2_654_435_761 % 2**32
    return HistoryRow(
        instance_id=f"client-{number % 4}",
        hash=f"{spread:08x}{number:032x}",
        instance_name=f"Client {number % 4}",
        client_type=("alpha", "beta")[number % 2],
        network_type=("bittorrent", "ed2k")[number % 2],
        filename=f"{WORDS[spread % 6]} {number} {spread:x} 1080p.mkv",
        size=spread * 3,
        status=STATUSES[min(3, spread % 40)] if spread % 40 else "downloading",
        category=("Default", "tv", "films")[spread % 3],
        path=f"/downloads/{number}",
        tracker_domain=f"tracker{spread % 20}.example",
        owner_id=spread % 5,
        username=f"user{spread % 5}" if spread % 5 else "external",
        started_at=1_700_000_000_000 + spread * 7 % YEAR_MS,
        completed_at=1_700_000_000_000 + spread * 11 % YEAR_MS,
        deleted_at=0,
        last_seen_at=1_700_000_000_000 + spread,
        downloaded=spread,
        uploaded=spread * 2,
        ratio=spread % 1000 / 100,
    )


async def fill(shelf: HistoryShelf, rows: list[HistoryRow]) -> None:
    """Write new rows."""
    await shelf.change([("", "")], lambda found: rows)


async def timed(name: str, work: Callable[[], Awaitable[object]], times: int = 5) -> None:
    """Run something a few times, and print the median and the longest in ms."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    print(f"{name:48} {statistics.median(took):8.1f} ms, longest {max(took):8.1f} ms", flush=True)


async def measure(shelf: HistoryShelf, bare: Bare, rows: int) -> None:
    """Measure what a person does, against its bare statements, and what the recorder does."""
    everything, newest = HistoryFilter(), HistoryOrder()

    def page(which: HistoryFilter, order: HistoryOrder, offset: int) -> Callable[[], Awaitable[object]]:
        return lambda: shelf.page(which, order, 50, offset)

    for name in ("started_at", "filename", "size", "username", "ratio", "path"):
        await bare.compare(f"first page by {name}", page(everything, replace(newest, field=name), 0))
    await bare.compare("page in the middle", page(everything, newest, rows // 2))
    await bare.compare("last page", page(everything, newest, rows - 50))
    for label, which in (
        ("of one status of few rows", HistoryFilter(statuses=("missing",))),
        ("of one status of most rows", HistoryFilter(statuses=("deleted",))),
        ("of one user", HistoryFilter(owner_id=3)),
        ("of one instance", HistoryFilter(instance_ids=("client-1",))),
        ("of a day", HistoryFilter(started_from=1_701_000_000_000, started_to=1_701_086_400_000)),
        ("with a word that many have", HistoryFilter(search="ubuntu")),
        ("with a word that few have", HistoryFilter(search="ubuntu 12345")),
        ("with a word that many have, of a user", HistoryFilter(search="ubuntu", owner_id=3)),
        ("with a word that none has", HistoryFilter(search="nonesuch")),
        ("with two letters that none has", HistoryFilter(search="qz")),
    ):
        await bare.compare(f"first page {label}", page(which, newest, 0))
    await bare.compare("stats", lambda: shelf.count(everything))
    await bare.compare("one hash", lambda: shelf.find(row(7).hash, everything))
    keys = [(row(number).instance_id, row(number).hash) for number in range(0, 250 * 97, 97)]

    def grow() -> Awaitable[object]:
        return shelf.change(
            keys,
            lambda found: [replace(each, uploaded=each.uploaded + 1, ratio=each.ratio + 1) for each in found.values()],
        )

    await timed("writing what 250 downloads gained", grow)


def requests(rows: int) -> list[str]:
    """Give what a browser asks of the history."""
    day = "from=1701000000000&to=1701086400000"
    asked = ("", "sortBy=filename", "sortBy=path", f"offset={rows // 2}", "status=deleted", "instanceId=client-1", day)
    searched = ("ubuntu", "ubuntu%2012345", "nonesuch", "qz")
    return [
        *(f"/api/history?{each}" for each in (*asked, *(f"search={each}" for each in searched))),
        "/api/history/stats",
        f"/api/history/{row(7).hash}",
    ]


async def run(rows: int, url: str) -> None:
    """Fill a database, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        place = locate(url, Path(folder))
        store = Store(place, answer_s=3600)
        async with trio.open_nursery() as nursery:
            await nursery.start(store.run)
            shelf, began = HistoryShelf(store), time.perf_counter()
            for start in range(0, rows, CHUNK):
                part = [row(number) for number in range(start, min(rows, start + CHUNK))]
                await fill(shelf, part)
            size = f", {place.file.stat().st_size / 2**20:.0f} MiB" if place.file else ""
            print(f"{rows} rows in {time.perf_counter() - began:.0f} s{size}", flush=True)
            await measure(shelf, Bare(place, store), rows)
            nursery.cancel_scope.cancel()
        ask(folder, url, ["client-1"], requests(rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    add_database_options(parser)
    options = parser.parse_args()
    with database(options) as url:
        trio.run(run, options.rows, url)
