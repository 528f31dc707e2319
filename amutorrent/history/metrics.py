"""Speeds and bytes over time, for those who ask. Source: http-api 10."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from ..catalogue import Catalogue
from ..model.metrics import DAY, FINE, MIDDLE, TIERS, TOTAL, Bucket, Tier
from .sampler import Sampler

if TYPE_CHECKING:
    from ..store import MetricShelf

HOUR = 3_600_000
Range = Literal["24h", "7d", "30d", "1y"]
SPANS: Mapping[Range, int] = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "1y": 365 * DAY}
SPEED_STEPS: Mapping[Range, int] = {"24h": FINE, "7d": MIDDLE, "30d": HOUR, "1y": DAY}
HISTORY_STEPS: Mapping[Range, int] = {"24h": MIDDLE, "7d": 2 * HOUR, "30d": 6 * HOUR, "1y": DAY}


class Figures(Struct, frozen=True, kw_only=True):
    """What one bucket amounts to, or a whole range: speeds in bytes/s, the rest in bytes, times in ms."""

    start: int
    upload_speed: int = 0
    download_speed: int = 0
    upload_peak: int = 0
    download_peak: int = 0
    uploaded: int = 0
    downloaded: int = 0
    first_at: int = 0
    last_at: int = 0


class Chosen(Struct, frozen=True, kw_only=True):
    """Which rows amount to what was asked for, and those of each network."""

    names: tuple[str, ...]
    networks: Mapping[str, tuple[str, ...]]


def span_of(range: Range, step: int, now: int) -> tuple[int, int]:
    """Give the first and the last start of the buckets of a range: the last is the one that runs."""
    last = now - now % step
    return last - SPANS[range] + step, last


def tier_for(step: int) -> Tier:
    """Give the longest tier that a step is a multiple of."""
    return max(each for each in TIERS if step % each == 0)


def fold(rows: Iterable[Bucket], step: int) -> list[Figures]:
    """Put the rows of one or several names together in buckets of `step` ms, oldest first; empty ones are left out.

    The speed is the mean of each name over the time in which it was measured, summed up. Several names that were
    never measured together have a peak that is the sum of theirs: it cannot be higher.
    """
    found: dict[int, dict[str, Bucket]] = {}
    for row in rows:
        names = found.setdefault(row.start - row.start % step, {})
        before = names.get(row.name)
        names[row.name] = row if before is None else before.plus(row)
    return [_figures(start, found[start].values()) for start in sorted(found)]


def _figures(start: int, buckets: Iterable[Bucket]) -> Figures:
    parts = list(buckets)
    slots = max(each.slots for each in parts)  # one that was away for a part of the time moved nothing then
    return Figures(
        start=start,
        upload_speed=round(sum(each.upload_sum for each in parts) / slots),
        download_speed=round(sum(each.download_sum for each in parts) / slots),
        upload_peak=sum(each.upload_peak for each in parts),
        download_peak=sum(each.download_peak for each in parts),
        uploaded=sum(each.uploaded for each in parts),
        downloaded=sum(each.downloaded for each in parts),
        first_at=min(each.first_at for each in parts),
        last_at=max(each.last_at for each in parts),
    )


def summed(figures: Sequence[Figures]) -> Figures:
    """Give totals, averages over the time between the first and the last sample, and peaks; zeros without data.

    What clients counted between two samples may be more than any sample saw: no peak is below its average.
    """
    if not figures:
        return Figures(start=0)
    first, last = figures[0].first_at, max(each.last_at for each in figures)
    up, down = sum(each.uploaded for each in figures), sum(each.downloaded for each in figures)
    seconds = (last - first) / 1000
    up_mean, down_mean = (round(each / seconds) if seconds > 0 else 0 for each in (up, down))
    return Figures(
        start=figures[0].start,
        upload_speed=up_mean,
        download_speed=down_mean,
        upload_peak=max(up_mean, *(each.upload_peak for each in figures)),
        download_peak=max(down_mean, *(each.download_peak for each in figures)),
        uploaded=up,
        downloaded=down,
        first_at=first,
        last_at=last,
    )


class Metrics:
    """Answers from what `sampler` saved; the 15 s that run are not in it yet."""

    def __init__(self, catalogue: Catalogue, shelf: "MetricShelf", *, clock: Callable[[], float] = time.time) -> None:
        self.sampler = Sampler(catalogue, shelf, clock=clock)
        self._catalogue = catalogue
        self._shelf = shelf
        self._clock = clock

    def choose(self, instance_ids: Sequence[str]) -> Chosen:
        """Say which rows are meant: those of some instances, or of all."""
        sources = self._catalogue.sources
        networks = {each.info.network_type for each in sources.values()} - {None}
        if not instance_ids:
            return Chosen(names=(TOTAL,), networks={each: (TOTAL + each,) for each in sorted(filter(None, networks))})
        parts: dict[str, tuple[str, ...]] = {}
        for id in instance_ids:
            network = sources[id].info.network_type if id in sources else None
            if network is not None:
                parts[network] = (*parts.get(network, ()), id)
        return Chosen(names=tuple(instance_ids), networks=parts)

    async def read(self, range: Range, step: int, chosen: Chosen) -> tuple[list[Figures], dict[str, list[Figures]]]:
        """Give the buckets of a range, and those of each network. Raises `StorageUnavailable`."""
        first, last = span_of(range, step, int(self._clock() * 1000))
        names = {*chosen.names, *(name for each in chosen.networks.values() for name in each)}
        return await self._shelf.fold(
            sorted(names),
            tier_for(step),
            first,
            last + step,
            lambda rows: (
                fold([row for row in rows if row.name in chosen.names], step),
                {
                    network: fold([row for row in rows if row.name in mine], step)
                    for network, mine in chosen.networks.items()
                },
            ),
            step=step,
        )
