"""`host.storage`: what a plugin keeps. Source: design 3."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from .errors import InvalidRequest

if TYPE_CHECKING:
    from .store import Records

LONGEST_COLLECTION = 100
LONGEST_KEY = 500
LONGEST_VALUE = 1 << 20
"""Characters of the JSON text."""


class StorageBatch:
    """Changes that are made together."""

    def __init__(self) -> None:
        self.changes: dict[tuple[str, str], str | None] = {}

    def put(self, collection: str, key: str, value: Any) -> None:  # Any: a JSON value
        """Write a record. Raises `InvalidRequest` for what cannot be kept."""
        self.changes[_place(collection, key)] = _text(value)

    def delete(self, collection: str, key: str) -> None:
        """Delete a record; that it is not there is no error."""
        self.changes[_place(collection, key)] = None


class Storage:
    """The records of one plugin: JSON values by collection (1-100 characters) and key (1-500).

    A value may have 1 MiB as JSON text. What was written is on the disk, and is there after a restart. Each method
    raises `StorageUnavailable` when the database cannot be used: nothing is changed then.
    """

    def __init__(self, owner: str, records: "Records") -> None:
        self._owner = owner
        self._records = records

    async def get(self, collection: str, key: str) -> Any:  # Any: a JSON value
        """Read a record; None if it is not there."""
        return await self._records.get(self._owner, *_place(collection, key))

    async def all(self, collection: str) -> dict[str, Any]:  # Any: JSON values
        """Read a whole collection: key -> value, in the order of the keys."""
        return await self._records.all(self._owner, _name("collection", collection, LONGEST_COLLECTION))

    async def put(self, collection: str, key: str, value: Any) -> None:  # Any: a JSON value
        """Write a record. Raises `InvalidRequest` for what cannot be kept."""
        async with self.batch() as batch:
            batch.put(collection, key, value)

    async def delete(self, collection: str, key: str) -> None:
        """Delete a record; that it is not there is no error."""
        async with self.batch() as batch:
            batch.delete(collection, key)

    @asynccontextmanager
    async def batch(self) -> AsyncIterator[StorageBatch]:
        """Collect changes, and make them when the block ends: all or none. If it raises, none is made."""
        batch = StorageBatch()
        yield batch
        await self._records.change(self._owner, batch.changes)


def _place(collection: str, key: str) -> tuple[str, str]:
    return _name("collection", collection, LONGEST_COLLECTION), _name("key", key, LONGEST_KEY)


def _name(field: str, name: str, longest: int) -> str:
    if not 1 <= len(name) <= longest or "\0" in name or not _encodable(name):
        raise InvalidRequest(f"A {field} of records has 1-{longest} characters, no NUL, no half character", field=field)
    return name


def _text(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"Only JSON values can be kept: {error}", field="value") from error
    if len(text) > LONGEST_VALUE:
        raise InvalidRequest(f"A record has at most {LONGEST_VALUE} characters as JSON", field="value")
    if not _encodable(text):
        raise InvalidRequest("Only JSON values can be kept: this holds half of a character", field="value")
    return text


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
