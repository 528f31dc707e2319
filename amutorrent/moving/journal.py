"""Where moves are written down before anything is done, so that after a crash they go on or are undone."""

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import msgspec
import trio

from ..errors import StorageUnavailable
from .plan import Phase, Plan

if TYPE_CHECKING:
    from ..store import MoveRow

AGAIN_S = 1.0
log = logging.getLogger("amutorrent.moving")

Key = tuple[str, str]
NATIVE = "native"
"""The phase of a move that the client makes by itself."""


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a move that the client makes: where to, and where from, as the client sees it."""

    destination: str
    source: str | None


@dataclass(frozen=True)
class Begun:
    """One move as it is written down. `user_name` asked for it; `error` is why it is being undone."""

    key: Key
    phase: Phase | None
    plan: Plan | Following
    user_name: str
    started_at: int
    error: str | None = None


class Shelf(Protocol):
    """The rows of moves. Every method raises `StorageUnavailable`."""

    async def load(self) -> "list[MoveRow]":
        """Read all, the oldest first."""
        ...

    async def add(self, row: "MoveRow") -> None:
        """Write one that begins. Raises `Conflict` if there is one of this item."""
        ...

    async def put(self, row: "MoveRow") -> None:
        """Write down how far one has come."""
        ...

    async def drop(self, row: "MoveRow") -> None:
        """Forget one that has ended."""
        ...

    async def wait_well(self) -> None:
        """Wait until something can be written."""
        ...


class Journal:
    """Moves as rows, and back. What has begun waits for a database that fails: nothing goes on unwritten."""

    def __init__(self, shelf: Shelf | None) -> None:
        """Without a shelf nothing is kept beyond this run."""
        self._shelf = shelf

    async def load(self) -> list[Begun]:
        """Read all, as soon as that is possible. A row that makes no sense stays where it is, and is logged."""
        if self._shelf is None:
            return []
        while True:
            try:
                return [begun for row in await self._shelf.load() if (begun := _readable(row)) is not None]
            except StorageUnavailable:
                await self._wait()

    async def add(self, move: Begun) -> None:
        """Write one that begins. Raises `StorageUnavailable`: then it must not begin."""
        if self._shelf is not None:
            await self._shelf.add(_row(move))

    async def step(self, move: Begun, phase: Phase, error: str | None) -> Begun:
        """Write down that a phase begins; gives the move as it is then."""
        moved = replace(move, phase=phase, error=error)
        while self._shelf is not None:
            try:
                await self._shelf.put(_row(moved))
                break
            except StorageUnavailable:
                await self._wait()
        return moved

    async def drop(self, move: Begun) -> None:
        """Write down that one has ended."""
        while self._shelf is not None:
            try:
                await self._shelf.drop(_row(move))
                break
            except StorageUnavailable:
                await self._wait()

    async def _wait(self) -> None:
        assert self._shelf is not None, "it has just failed"
        await trio.sleep(AGAIN_S)
        await self._shelf.wait_well()


def _row(move: Begun) -> "MoveRow":
    from ..store import MoveRow  # late: SQLAlchemy is imported only where there is a database

    return MoveRow(
        instance_id=move.key[0],
        hash=move.key[1],
        phase=move.phase or NATIVE,
        plan=msgspec.json.encode(move.plan).decode(),
        user_name=move.user_name,
        started_at=move.started_at,
        error=move.error,
    )


def _readable(row: "MoveRow") -> Begun | None:
    try:
        return _begun(row)
    except (msgspec.MsgspecError, ValueError) as error:
        log.error("the move of %s (%s) cannot be read from the database: %s", row.hash, row.instance_id, error)
        return None


def _begun(row: "MoveRow") -> Begun:
    native = row.phase == NATIVE
    plan: Plan | Following
    plan = msgspec.json.decode(row.plan, type=Following) if native else msgspec.json.decode(row.plan, type=Plan)
    return Begun(
        key=(row.instance_id, row.hash),
        phase=None if native else Phase(row.phase),
        plan=plan,
        user_name=row.user_name,
        started_at=row.started_at,
        error=row.error,
    )
