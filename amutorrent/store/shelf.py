"""The app's categories, as rows."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import StorageUnavailable
from ..model import Category
from .store import Store
from .tables import LONGEST_CATEGORY, category

T = TypeVar("T")
log = logging.getLogger("amutorrent.store")


def storable(each: Category) -> bool:
    """Say whether a category can be kept: what a client calls one may be longer, or hold NUL, which no server takes."""
    return 0 < len(each.name) <= LONGEST_CATEGORY and "\0" not in each.name + each.path + each.comment


class CategoryShelf:
    """Where categories are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self) -> list[Category]:
        """Read all. Raises `StorageUnavailable`."""
        wanted = select(category).order_by(category.c.id)
        return await self._store.read(lambda connection: [_category(row) for row in connection.execute(wanted)])

    async def add(self, new: Category) -> Category:
        """Write one that is new, and give it with its id; or give the one that is there.

        Raises `StorageUnavailable`.
        """
        return await self._write(lambda connection: _find(connection, new.name) or _insert(connection, new))

    async def save(self, categories: Sequence[Category]) -> dict[str, int]:
        """Write categories, by their names; gives the ids that they have. Raises `StorageUnavailable`.

        Names and texts of clients that no database takes are left out.
        """
        kept = [each for each in categories if storable(each)]
        return await self._write(lambda connection: {each.name: _save(connection, each) for each in kept})

    async def _write(self, work: Callable[[Connection], T]) -> T:
        try:
            return await self._store.write(work)
        except IntegrityError as error:
            raise StorageUnavailable("Another program changed the categories at the same time") from error


def _find(connection: Connection, name: str) -> Category | None:
    row = connection.execute(select(category).where(category.c.name == name)).first()
    return None if row is None else _category(row)


def _insert(connection: Connection, new: Category) -> Category:
    made = connection.execute(insert(category).values(name=new.name, **_values(new))).inserted_primary_key
    assert made is not None, "one row, one key"
    return replace(new, id=int(made[0]))


def _save(connection: Connection, each: Category) -> int:
    known = _find(connection, each.name)
    if known is None:
        return _insert(connection, each).id
    connection.execute(update(category).where(category.c.id == known.id).values(**_values(each)))
    return known.id


def _values(each: Category) -> dict[str, object]:
    return {
        "path": each.path,
        "color": each.color,
        "comment": each.comment,
        "priority": each.priority,
        "path_mappings": msgspec.json.encode(each.path_mappings).decode() if each.path_mappings else None,
    }


def _category(row: Any) -> Category:  # Any: sqlalchemy's rows have the columns as attributes
    return Category(
        id=row.id,
        name=row.name,
        title=row.name,
        path=row.path,
        color=row.color,
        comment=row.comment,
        priority=row.priority,
        path_mappings=_mappings(row),
    )


def _mappings(row: Any) -> dict[str, str] | None:  # Any: as above
    """Read the mappings; what somebody has spoilt by hand costs them alone."""
    if not row.path_mappings:
        return None
    try:
        return msgspec.json.decode(row.path_mappings, type=dict[str, str])
    except msgspec.MsgspecError as error:
        log.warning("the path mappings of category %s cannot be read: %s", row.name, error)
        return None
