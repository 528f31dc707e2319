"""The app's categories, as rows."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import StorageUnavailable
from ..model import Category
from .store import Store
from .tables import LONGEST_CATEGORY, category


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

    async def save(self, categories: Sequence[Category]) -> dict[str, int]:
        """Write categories, by their names; gives the ids that they have. Raises `StorageUnavailable`."""
        try:
            return await self._store.write(
                lambda connection: {each.name: _save(connection, each) for each in categories}
            )
        except IntegrityError as error:
            raise StorageUnavailable("Another program changed the categories at the same time") from error


def _save(connection: Connection, each: Category) -> int:
    values = {
        "path": each.path,
        "color": each.color,
        "comment": each.comment,
        "priority": each.priority,
        "path_mappings": json.dumps(each.path_mappings) if each.path_mappings else None,
    }
    id = connection.execute(select(category.c.id).where(category.c.name == each.name)).scalar()
    if id is None:
        made = connection.execute(insert(category).values(name=each.name, **values)).inserted_primary_key
        assert made is not None, "one row, one key"
        return int(made[0])
    connection.execute(update(category).where(category.c.id == id).values(**values))
    return int(id)


def _category(row: Any) -> Category:  # Any: sqlalchemy's rows have the columns as attributes
    return Category(
        id=row.id,
        name=row.name,
        title=row.name,
        path=row.path,
        color=row.color,
        comment=row.comment,
        priority=row.priority,
        path_mappings=json.loads(row.path_mappings) if row.path_mappings else None,
    )
