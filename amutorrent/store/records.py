"""The records of plugins, as rows. The handle that plugins get: `amutorrent/storage.py`."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from .store import Store
from .tables import record

Changes = Mapping[tuple[str, str], str | None]
"""(collection, key) -> JSON text, or None: it is to go."""


class Records:
    """The records of all plugins, each under its owner's name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def get(self, owner: str, collection: str, key: str) -> Any:  # Any: a JSON value
        """Read one; None if it is not there. Raises `StorageUnavailable`."""
        wanted = select(record.c.value).where(
            record.c.owner == owner, record.c.collection == collection, record.c.key == key
        )
        text = await self._store.read(lambda connection: connection.execute(wanted).scalar())
        return None if text is None else json.loads(text)

    async def all(self, owner: str, collection: str) -> dict[str, Any]:  # Any: JSON values
        """Read a collection, in the order of its keys. Raises `StorageUnavailable`."""
        wanted = select(record.c.key, record.c.value).where(record.c.owner == owner, record.c.collection == collection)

        def work(connection: Connection) -> dict[str, Any]:
            # sorted here: a server sorts by the rules of its own language
            return {key: json.loads(value) for key, value in sorted(connection.execute(wanted).all())}

        return await self._store.read(work)

    async def change(self, owner: str, changes: Changes) -> None:
        """Write and delete, all or nothing. Raises `StorageUnavailable`."""
        if not changes:
            return
        old = [{"at_collection": collection, "at_key": key} for collection, key in changes]
        new = [
            {"owner": owner, "collection": collection, "key": key, "value": value}
            for (collection, key), value in changes.items()
            if value is not None
        ]
        gone = delete(record).where(
            record.c.owner == owner,
            record.c.collection == bindparam("at_collection"),
            record.c.key == bindparam("at_key"),
        )

        def work(connection: Connection) -> None:
            connection.execute(gone, old)
            if new:
                connection.execute(insert(record), new)

        await self._store.write(work)
