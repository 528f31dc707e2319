"""A past for our daemon to have: history and metrics in its database before it starts."""

import math
import time
from contextlib import contextmanager
from pathlib import Path

import trio
from lab.amutorrent import amutorrent

from amutorrent.model.history import HistoryRow
from amutorrent.model.metrics import DAY, FINE, MIDDLE, TOTAL, Bucket
from amutorrent.store import HistoryShelf, MetricShelf, Store, locate

HOUR_MS = 3_600_000


def keep(folder: Path, rows=(), buckets=()) -> None:
    """Put history and metrics into the database that a daemon will open there."""

    async def work() -> None:
        store = Store(locate("", folder))
        async with trio.open_nursery() as nursery:
            await nursery.start(store.run)
            if rows:
                await HistoryShelf(store).change([("", "")], lambda found: list(rows))
            if buckets:
                await MetricShelf(store).add(list(buckets), [])
            nursery.cancel_scope.cancel()

    folder.mkdir(parents=True, exist_ok=True)
    trio.run(work)


def entry(number: int, **changed) -> HistoryRow:
    """A row of the history; the higher the number, the longer ago."""
    started = int(time.time() * 1000) - number * HOUR_MS
    status = ("completed", "completed", "deleted", "missing", "downloading")[number % 5]
    values = {
        "instance_id": "gone",
        "hash": f"{number:032x}",
        "instance_name": "An old client",
        "client_type": "amule",
        "network_type": "ed2k",
        "filename": f"Some.Show.S{number % 20:02d}E{number % 12:02d}.1080p.WEB-{number:04d}.mkv",
        "size": 700_000_000 + number * 1_234_567,
        "status": status,
        "category": ("Default", "tv")[number % 2],
        "path": f"/downloads/{number}",
        "tracker_domain": "",
        "owner_id": 0,
        "username": "external",
        "started_at": started,
        "completed_at": started + HOUR_MS if status != "downloading" else 0,
        "deleted_at": started + 2 * HOUR_MS if status == "deleted" else 0,
        "last_seen_at": started + 2 * HOUR_MS,
        "downloaded": 700_000_000,
        "uploaded": number * 9_000_000,
        "ratio": number / 80,
        **changed,
    }
    return HistoryRow(**values)


def measured(networks: dict[str, list[str]], hours: int = 2, days: int = 40) -> list[Bucket]:
    """Buckets as if instances had moved things for so many days, the last hours finely: network -> its instances."""
    now = int(time.time() * 1000)
    found = []
    for tier, span in ((FINE, hours * HOUR_MS), (MIDDLE, min(days, 31) * DAY), (DAY, days * DAY)):
        for start in range((now - span) // tier * tier, now, tier):
            wave = 1.5 + math.sin(start / HOUR_MS / 4) / 2
            names = [f"*{network}" for network in networks] + [each for ids in networks.values() for each in ids]
            for index, name in enumerate([TOTAL, *names]):
                share = 1 if name == TOTAL else 1 / (index + 1)
                down, up = int(3_000_000 * wave * share), int(700_000 * (3 - wave) * share)
                slots = max(1, tier // FINE)
                found.append(
                    Bucket(
                        name=name,
                        tier=tier,
                        start=start,
                        slots=slots,
                        upload_sum=up * slots,
                        download_sum=down * slots,
                        upload_peak=up * 2,
                        download_peak=down * 2,
                        uploaded=up * tier // 1000,
                        downloaded=down * tier // 1000,
                        first_at=start,
                        last_at=start + tier - 1,
                    )
                )
    return found


@contextmanager
def ours(folder: Path, clients=(), *, rows=(), buckets=(), **server):
    """Run our own daemon over such clients, with such a past."""
    keep(folder, rows, buckets)
    with amutorrent(folder, list(clients), **server) as running:
        yield running
