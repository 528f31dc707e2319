"""The app's categories, as rows."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Delete, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..categories import Departed
from ..errors import InvalidRequest, StorageUnavailable
from ..model import DEFAULT, Category
from .store import Store
from .tables import LONGEST_CATEGORY, category, departed_category

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
        return await self._write(
            lambda connection: find_category(connection, new.name) or insert_category(connection, new)
        )

    async def change(self, name: str, new: Category, departed: Sequence[Departed]) -> Category:
        """Write what a person made of the category `name`, and who may still have that name; gives it with its id.

        Raises `StorageUnavailable`, and `InvalidRequest` for a name that no database takes.
        """
        if not storable(new):
            raise InvalidRequest("A category of this name cannot be kept", field="name")

        def work(connection: Connection) -> Category:
            id = _save(connection, new, name)
            if new.name != name:
                _follow(connection, name, new.name)
            _depart(connection, departed)
            return replace(new, id=id)

        return await self._write(work)

    async def remove(self, name: str, departed: Sequence[Departed]) -> None:
        """Delete one, and write who may still have it. Raises `StorageUnavailable`."""

        def work(connection: Connection) -> None:
            connection.execute(delete(category).where(category.c.name == name))
            _follow(connection, name, None)
            _depart(connection, departed)

        await self._write(work)

    async def load_departed(self) -> list[Departed]:
        """Read who may still have what. Raises `StorageUnavailable`."""
        wanted = select(departed_category).order_by(departed_category.c.since)
        return await self._store.read(lambda connection: [_departed(row) for row in connection.execute(wanted)])

    async def forget(self, departed: Sequence[Departed]) -> None:
        """Delete these. Raises `StorageUnavailable`."""

        def work(connection: Connection) -> None:
            for row in departed:
                connection.execute(_one_departed(row).where(departed_category.c.since == row.since))

        await self._write(work)

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


def find_category(connection: Connection, name: str) -> Category | None:
    """Read the category of a name."""
    row = connection.execute(select(category).where(category.c.name == name)).first()
    return None if row is None else _category(row)


def insert_category(connection: Connection, new: Category) -> Category:
    """Add a category that is not there, and give it with its id."""
    connection.execute(delete(departed_category).where(departed_category.c.name == new.name))
    values = {**_values(new), **({"id": 0} if new.name == DEFAULT else {})}
    made = connection.execute(insert(category).values(values)).inserted_primary_key
    assert made is not None, "one row, one key"
    return replace(new, id=int(made[0]))


def _save(connection: Connection, each: Category, name: str | None = None) -> int:
    known = find_category(connection, name or each.name)
    if known is None:
        return insert_category(connection, each).id
    connection.execute(update(category).where(category.c.id == known.id).values(_values(each)))
    return known.id


def _follow(connection: Connection, old: str, new: str | None) -> None:
    """Let what pointed to a category point to where that went; `new` itself is one again."""
    if new is not None:
        connection.execute(delete(departed_category).where(departed_category.c.name == new))
    pointing = departed_category.c.successor == old
    connection.execute(update(departed_category).where(pointing).values(successor=new))


def _depart(connection: Connection, departed: Sequence[Departed]) -> None:
    for row in departed:
        connection.execute(_one_departed(row))
        connection.execute(
            insert(departed_category).values(
                name=row.name, instance_id=row.instance_id, successor=row.successor, since=row.since
            )
        )


def _one_departed(row: Departed) -> Delete:
    table = departed_category.c
    return delete(departed_category).where(table.name == row.name, table.instance_id == row.instance_id)


def _departed(row: Any) -> Departed:  # Any: sqlalchemy's rows have the columns as attributes
    return Departed(name=row.name, instance_id=row.instance_id, successor=row.successor, since=row.since)


def _values(each: Category) -> dict[str, object]:
    return {
        "name": each.name,
        "path": each.path,
        "color": each.color,
        "comment": each.comment,
        "priority": each.priority,
        "path_mappings": msgspec.json.encode(each.path_mappings).decode() if each.path_mappings else None,
        "created_at": each.created_at,
        "updated_at": each.updated_at,
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
        created_at=row.created_at,
        updated_at=row.updated_at,
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
