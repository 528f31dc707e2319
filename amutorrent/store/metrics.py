"""Speeds and bytes over time as rows. Source: data-model 10."""

from collections.abc import Callable, Iterable, Sequence
from itertools import starmap
from typing import Any, TypeVar

from msgspec.structs import asdict, replace
from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, cast, delete, func, insert, select, update

from ..model.metrics import KEPT, Bucket, Counted, Tier
from .store import Store
from .tables import counted, metric

T = TypeVar("T")
Key = tuple[str, int, int]
_BUCKET = [metric.c[name] for name in Bucket.__struct_fields__]
_COUNTED = [counted.c[name] for name in Counted.__struct_fields__]


class MetricShelf:
    """Where metrics are kept. Every method raises `StorageUnavailable`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load_counted(self) -> dict[str, Counted]:
        """Read up to which totals the bytes of each instance are counted."""

        def work(connection: Connection) -> dict[str, Counted]:
            rows = [Counted(**row._mapping) for row in connection.execute(select(*_COUNTED))]
            return {row.instance_id: row for row in rows}

        return await self._store.read(work)

    async def add(self, buckets: Sequence[Bucket], totals: Iterable[Counted]) -> None:
        """Add to the buckets that there are, and say up to which totals that counts: all of it, or nothing."""
        rows = list(totals)

        def work(connection: Connection) -> None:
            add_buckets(connection, buckets)
            if rows:
                connection.execute(delete(counted).where(counted.c.instance_id.in_([row.instance_id for row in rows])))
                connection.execute(insert(counted), [asdict(row) for row in rows])

        await self._store.write(work)

    async def fold(
        self,
        names: Sequence[str],
        tier: Tier,
        since: int,
        until: int,
        work: Callable[[list[Bucket]], T],
        *,
        step: int | None = None,
    ) -> T:
        """Give what `work`, in the worker thread, makes of the buckets that start in a span of time, oldest first.

        With `step`, a multiple of the tier, those of each name that start in the same `step` ms are one.
        """
        fits = (metric.c.name.in_(names), metric.c.tier == tier, metric.c.start >= since, metric.c.start < until)
        wanted = select(*_BUCKET) if step in (None, tier) else _summed(step or tier)
        wanted = wanted.where(*fits).order_by(wanted.selected_columns.start, metric.c.name)
        # all at once: a row at a time costs as much again
        return await self._store.read(lambda connection: work(list(starmap(Bucket, connection.execute(wanted).all()))))

    async def forget(self, now: int) -> None:
        """Delete the buckets whose time is over."""

        def work(connection: Connection) -> None:
            names = list(connection.execute(select(metric.c.name).distinct()).scalars())
            for tier, kept in KEPT.items():  # by name: that is how the rows are found
                old = (metric.c.name.in_(names), metric.c.tier == tier, metric.c.start < now - kept)
                connection.execute(delete(metric).where(*old))

        await self._store.write(work)

    async def rename_instance(self, old: str, new: str) -> None:
        """Let metrics follow to another instance id, and add to what is there already."""

        def work(connection: Connection) -> None:
            rows = connection.execute(select(*_BUCKET).where(metric.c.name == old))
            buckets = [replace(Bucket(*row), name=new) for row in rows]
            connection.execute(delete(metric).where(metric.c.name == old))
            for start in range(0, len(buckets), 500):
                add_buckets(connection, buckets[start : start + 500])
            connection.execute(delete(counted).where(counted.c.instance_id == new))
            connection.execute(update(counted).where(counted.c.instance_id == old).values(instance_id=new))

        await self._store.write(work)


def _summed(step: int) -> Select[Any]:  # Any: the columns of a bucket
    """Give the buckets of each name and `step` ms as one: what `Bucket.plus` makes of them."""
    start = (metric.c.start - metric.c.start % step).label("start")
    key: list[ColumnElement[Any]] = [metric.c.name, metric.c.tier, start]  # Any: of each its own type
    return select(*key, *map(_put_together, _BUCKET[3:])).group_by(*key)


def _put_together(column: Column[Any]) -> ColumnElement[Any]:  # Any: of whatever type
    if column.name in ("upload_peak", "download_peak", "last_at"):
        return func.max(column).label(column.name)
    if column.name == "first_at":
        return func.min(column).label(column.name)
    return cast(func.sum(column), column.type).label(column.name)  # a server sums whole numbers up as decimals


def add_buckets(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Add to the buckets that there are."""
    there = (
        metric.c.name.in_({each.name for each in buckets}),
        metric.c.tier.in_({each.tier for each in buckets}),
        metric.c.start.in_({each.start for each in buckets}),
    )
    found = {_key(each): each for each in (Bucket(*row) for row in connection.execute(select(*_BUCKET).where(*there)))}
    merged: dict[Key, Bucket] = {}
    for each in buckets:
        before = merged.get(_key(each)) or found.get(_key(each))
        merged[_key(each)] = before.plus(each) if before is not None else each
    if new := [asdict(each) for key, each in merged.items() if key not in found]:
        connection.execute(insert(metric), new)
    changed = [each for key, each in merged.items() if key in found]
    if changed:
        connection.execute(
            _CHANGE,
            [{**asdict(each), "at_name": each.name, "at_tier": each.tier, "at_start": each.start} for each in changed],
        )


def _key(bucket: Bucket) -> Key:
    return bucket.name, bucket.tier, bucket.start


_CHANGE = update(metric).where(
    metric.c.name == bindparam("at_name"),
    metric.c.tier == bindparam("at_tier"),
    metric.c.start == bindparam("at_start"),
)
