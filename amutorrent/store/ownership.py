"""Whose items are whose, as rows."""

import time
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from .store import Store
from .tables import account, ownership

Key = tuple[str, str]


class OwnerShelf:
    """Where ownership is kept. Every method raises `StorageUnavailable`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def openings(self) -> int:
        """Grows each time that the database is opened, and may be another one."""
        return self._store.openings

    async def load(self) -> dict[Key, int]:
        """Read all: (instance id, hash) -> account id."""
        wanted = select(ownership.c.instance_id, ownership.c.hash, ownership.c.account_id)
        return await self._store.read(
            lambda connection: {(row[0], row[1]): row[2] for row in connection.execute(wanted).all()}
        )

    async def save(self, changes: Mapping[Key, int | None]) -> None:
        """Write owners; None: the item belongs to nobody. An account that is gone owns nothing."""
        keys = [{"at_instance": instance_id, "at_hash": hash} for instance_id, hash in changes]
        now = int(time.time() * 1000)

        def work(connection: Connection) -> None:
            known = set(connection.execute(select(account.c.id)).scalars())
            connection.execute(_GONE, keys)
            rows = [
                {"instance_id": key[0], "hash": key[1], "account_id": owner, "since": now}
                for key, owner in changes.items()
                if owner in known
            ]
            if rows:
                connection.execute(insert(ownership), rows)

        if changes:
            await self._store.write(work)

    async def rename_instance(self, old: str, new: str) -> None:
        """Let what belongs to somebody follow to another instance id; what is there already stays."""

        def work(connection: Connection) -> None:
            there = select(ownership.c.hash).where(ownership.c.instance_id == new)
            mine = ownership.c.instance_id == old
            connection.execute(
                update(ownership).where(mine, ownership.c.hash.not_in(there.scalar_subquery())).values(instance_id=new)
            )
            connection.execute(delete(ownership).where(mine))

        await self._store.write(work)


_GONE = delete(ownership).where(
    ownership.c.instance_id == bindparam("at_instance"), ownership.c.hash == bindparam("at_hash")
)
