"""Moves of data that have begun and not ended, as rows."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from ..errors import Conflict
from .store import Store
from .tables import move


@dataclass(frozen=True)
class MoveRow:
    """One move: its phase, its plan as JSON, who asked for it, when (ms), and the error for which it is undone."""

    instance_id: str
    hash: str
    phase: str
    plan: str
    user_name: str
    started_at: int
    error: str | None = None


class MoveShelf:
    """Where moves are kept. Every method raises `StorageUnavailable`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def load(self) -> list[MoveRow]:
        """Read all, the oldest first."""
        wanted = select(move).order_by(move.c.started_at, move.c.instance_id, move.c.hash)
        return await self._store.read(
            lambda connection: [MoveRow(**row._mapping) for row in connection.execute(wanted).all()]
        )

    async def add(self, row: MoveRow) -> None:
        """Write one that begins. Raises `Conflict` if there is one of this item."""
        try:
            await self._store.write(lambda connection: connection.execute(insert(move).values(**vars(row))))
        except IntegrityError as error:
            raise Conflict(f"The data of {row.hash} is being moved already") from error

    async def put(self, row: MoveRow) -> None:
        """Write down how far one has come."""
        changed = update(move).where(*_of(row)).values(phase=row.phase, error=row.error)
        await self._store.write(lambda connection: connection.execute(changed))

    async def drop(self, row: MoveRow) -> None:
        """Forget one that has ended."""
        await self._store.write(lambda connection: connection.execute(delete(move).where(*_of(row))))

    async def wait_well(self) -> None:
        """Wait until something can be written."""
        await self._store.wait_well()


def _of(row: MoveRow) -> tuple[ColumnElement[bool], ...]:
    return move.c.instance_id == row.instance_id, move.c.hash == row.hash
