"""The history as rows: kept, found, counted and deleted. Source: data-model 9, http-api 10."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, delete, func, insert, or_, select, update

from ..model.history import STATUSES, HistoryFilter, HistoryOrder, HistoryRow
from .searching import COMMON, found_by_index, found_by_looking, hits
from .store import Store
from .tables import LONGEST_CATEGORY, LONGEST_NAME, LONGEST_SORTED, LONGEST_USER_NAME, history

R = TypeVar("R", bound=tuple[Any, ...])  # Any: columns of whatever type
Conditions = list[ColumnElement[bool]]
Key = tuple[str, str]
"""(instance id, hash)"""
Decide = Callable[[Mapping[Key, HistoryRow]], Iterable[HistoryRow]]
"""Gets the rows that there are, and gives those that are to be: `id` 0 for new ones."""

AT_ONCE = 500
"""So many rows are changed or deleted in one transaction: others want the database too."""
_FIELDS = HistoryRow.__struct_fields__
_ROW = [history.c[name] for name in _FIELDS]
_TIMES = (history.c.instance_id, history.c.hash, history.c.started_at, history.c.completed_at)
_LONGEST = {
    "instance_id": 300,
    "instance_name": LONGEST_SORTED,
    "client_type": LONGEST_NAME,
    "network_type": LONGEST_NAME,
    "category": LONGEST_CATEGORY,
    "tracker_domain": LONGEST_CATEGORY,
    "username": LONGEST_USER_NAME,
}


class HistoryShelf:
    """Where the history is kept. Every method raises `StorageUnavailable`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def change(self, keys: Sequence[Key], decide: Decide) -> None:
        """Let `decide`, in the worker thread, say what becomes of the rows of at most `AT_ONCE` keys."""

        def work(connection: Connection) -> None:
            wanted = select(*_ROW).where(history.c.hash.in_({hash for _, hash in keys}))
            found = {(row.instance_id, row.hash): row for row in map(_read, connection.execute(wanted))}
            rows = list(decide({key: found[key] for key in keys if key in found}))
            if new := [row_values(row) for row in rows if not row.id]:
                connection.execute(insert(history), new)
            known = {row.id: row for row in found.values()}
            for changed in _changes((known[row.id], row) for row in rows if row.id):
                connection.execute(_CHANGE, changed)

        await self._store.write(work)

    async def downloading(self, instance_id: str) -> list[str]:
        """Give the hashes of an instance's rows that are still being downloaded."""
        wanted = select(history.c.hash).where(history.c.instance_id == instance_id, history.c.status == "downloading")
        return await self._store.read(lambda connection: list(connection.execute(wanted).scalars()))

    async def page(
        self, which: HistoryFilter, order: HistoryOrder, limit: int, offset: int
    ) -> tuple[list[HistoryRow], int]:
        """Give some rows, and the number of all that fit."""

        def work(connection: Connection) -> tuple[list[HistoryRow], int]:
            found, looked, total = _searched(connection, which)
            # the page is chosen in the index alone; the rows are read for what is shown
            ids = _ordered(select(history.c.id).where(*looked), order).limit(limit).offset(offset)
            if total is None:
                number = select(func.count()).select_from(history).where(*found)
                total = connection.execute(number).scalar_one()
            chosen = list(connection.execute(ids).scalars()) if offset < total else []
            return _by_ids(connection, chosen), total

        return await self._store.read(work)

    async def after(
        self, which: HistoryFilter, order: HistoryOrder, last: HistoryRow | None, limit: int
    ) -> list[HistoryRow]:
        """Give the rows that follow `last` (None: the first ones), at most `limit`."""
        wanted = _ordered(select(*_ROW), order).limit(limit)
        if last is not None:
            column, value = _sort_column(order), row_values(last)[_sort_column(order).name]
            beyond, later = (
                (column < value, history.c.id < last.id)
                if order.descending
                else (column > value, history.c.id > last.id)
            )
            wanted = wanted.where(or_(beyond, (column == value) & later))

        def work(connection: Connection) -> list[HistoryRow]:
            _, looked, _ = _searched(connection, which)
            return [_read(row) for row in connection.execute(wanted.where(*looked)).all()]

        return await self._store.read(work)

    async def find(self, hash: str, which: HistoryFilter) -> HistoryRow | None:
        """Give the newest row of a hash among those that fit, whatever is searched."""
        wanted = _ordered(select(*_ROW).where(history.c.hash == hash, *_conditions(which)), HistoryOrder()).limit(1)

        def work(connection: Connection) -> HistoryRow | None:
            row = connection.execute(wanted).first()
            return _read(row) if row is not None else None

        return await self._store.read(work)

    async def times(self, keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
        """Give when the downloads of these keys were added and complete, in ms; 0: not yet. Unknown ones are left out.

        One short query for every `AT_ONCE` hashes.
        """
        wanted, hashes = set(keys), sorted({hash for _, hash in keys})
        found: dict[Key, tuple[int, int]] = {}
        for start in range(0, len(hashes), AT_ONCE):
            query = select(*_TIMES).where(history.c.hash.in_(hashes[start : start + AT_ONCE]))
            found |= await self._store.read(partial(_read_times, query, wanted))
        return found

    async def count(self, which: HistoryFilter) -> dict[str, int]:
        """Count the rows of each status."""
        wanted = select(history.c.status, func.count()).group_by(history.c.status)

        def work(connection: Connection) -> dict[str, int]:
            fits, _, _ = _searched(connection, which)
            return {row[0]: row[1] for row in connection.execute(wanted.where(*fits))}

        found = await self._store.read(work)
        return {status: found.get(status, 0) for status in STATUSES}

    async def delete(self, hash: str, which: HistoryFilter) -> list[Key]:
        """Delete the rows of a hash among those that fit, whatever is searched; gives their keys."""
        fits = (history.c.hash == hash, *_conditions(which))

        def work(connection: Connection) -> list[Key]:
            keys = [
                (row[0], row[1])
                for row in connection.execute(select(history.c.instance_id, history.c.hash).where(*fits))
            ]
            connection.execute(delete(history).where(*fits))
            return keys

        return await self._store.write(work)

    async def delete_older(self, before: int) -> int:
        """Delete what was started before a time in ms and is no longer being downloaded; gives the number."""
        old = (
            select(history.c.id)
            .where(history.c.started_at < before, history.c.status != "downloading")
            .order_by(history.c.started_at)
            .limit(AT_ONCE)
        )

        def work(connection: Connection) -> int:
            return connection.execute(delete(history).where(history.c.id.in_(old.scalar_subquery()))).rowcount

        total = 0
        while gone := await self._store.write(work):
            total += gone
        return total

    async def rename_instance(self, old: str, new: str) -> None:
        """Let rows follow to another instance id; where that has a row of the same hash already, it stays."""

        def work(connection: Connection) -> None:
            there = select(history.c.hash).where(history.c.instance_id == new)
            mine = history.c.instance_id == old
            connection.execute(
                update(history).where(mine, history.c.hash.not_in(there.scalar_subquery())).values(instance_id=new)
            )
            connection.execute(delete(history).where(mine))

        await self._store.write(work)


_CHANGE = update(history).where(history.c.id == bindparam("at_id"))


def _read(row: Row[tuple[object, ...]]) -> HistoryRow:
    return HistoryRow(**row._mapping)


def _read_times(query: Select[Any], wanted: set[Key], connection: Connection) -> dict[Key, tuple[int, int]]:
    rows = {(each.instance_id, each.hash): each for each in connection.execute(query)}  # Any: of columns
    return {key: (row.started_at, row.completed_at) for key, row in rows.items() if key in wanted}


def row_values(row: HistoryRow) -> dict[str, object]:
    """Give the columns of a row; PostgreSQL takes neither NUL nor what is too long."""
    values = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in asdict(row).items()}
    values |= {name: str(values[name])[:longest] for name, longest in _LONGEST.items()}
    del values["id"]
    name = str(values["filename"]).casefold()
    searched = (name, row.hash, str(values["username"]).casefold(), str(values["tracker_domain"]).casefold())
    return {**values, "sort_name": name[:LONGEST_SORTED], "search_text": "\n".join(searched)}


def _changes(pairs: Iterable[tuple[HistoryRow, HistoryRow]]) -> Iterable[list[dict[str, object]]]:
    """Give what is new in rows, those together whose columns are the same: a column that is set costs its indexes."""
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for before, after in pairs:
        old = row_values(before)
        new = {name: value for name, value in row_values(after).items() if value != old[name]}
        if new:
            groups.setdefault(tuple(new), []).append({**new, "at_id": after.id})
    return groups.values()


def _by_ids(connection: Connection, ids: Sequence[int]) -> list[HistoryRow]:
    found: dict[int, HistoryRow] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        found |= {
            row.id: row for row in map(_read, connection.execute(select(*_ROW).where(history.c.id.in_(part))).all())
        }
    return [found[id] for id in ids]


def _sort_column(order: HistoryOrder) -> ColumnElement[object]:
    return history.c["sort_name" if order.field == "filename" else order.field]


def _ordered(wanted: Select[R], order: HistoryOrder) -> Select[R]:
    columns = (_sort_column(order), history.c.id)
    return wanted.order_by(*(each.desc() if order.descending else each.asc() for each in columns))


def _searched(connection: Connection, which: HistoryFilter) -> tuple[Conditions, Conditions, int | None]:
    """Give the conditions to count rows by, those to walk through them by, and their number if it is known."""
    others = _conditions(which)
    if not which.search:
        return others, others, None
    text = which.search.casefold()
    by_looking = [*others, found_by_looking(text)]
    known = hits(connection, text)
    if known is None:
        return by_looking, by_looking, None
    by_index = [*others, found_by_index(text)]
    total = known if not others or not known else None
    return by_index, by_looking if known > COMMON else by_index, total


def _conditions(which: HistoryFilter) -> Conditions:
    """Give all conditions but that of the search."""
    columns = {
        history.c.status: which.statuses,
        history.c.client_type: which.client_types,
        history.c.instance_id: which.instance_ids,
        history.c.username: which.usernames,
        history.c.tracker_domain: which.trackers,
        history.c.category: which.categories,
    }
    found: Conditions = [column.in_(values) for column, values in columns.items() if values]
    if which.started_from is not None:
        found.append(history.c.started_at >= which.started_from)
    if which.started_to is not None:
        found.append(history.c.started_at < which.started_to)
    if which.owner_id is not None:
        found.append(history.c.owner_id == which.owner_id)
    return found
