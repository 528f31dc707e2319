"""An open client as the host holds it, and the list that its polls amount to."""

import atexit
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import NoReturn, TypeVar

import pytest
import trio

from ..capabilities import Capability, MoveData, MovedByHost
from ..catalogue.entry import wire_bytes
from ..client import Changes, Client, ClientSettings
from ..disk import present
from ..errors import AmutorrentError, PluginError
from ..instances.connection import Connection, connect
from ..model import Item
from ..moving.plan import Phase, make_plan
from ..moving.service import preflight
from ..moving.steps import STEPS

C = TypeVar("C", bound=Capability)
T = TypeVar("T")
WITHIN_S = 20.0
LOOK_AGAIN_S = 0.1
HELD = ("paused", "stopped")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody sees of one item; None: they do not say. `category` "": in none; `held`: paused or stopped."""

    name: str | None = None
    held: bool | None = None
    category: str | None = None
    tags: frozenset[str] | None = None
    directory: str | None = None

    @classmethod
    def of(cls, item: Item) -> "Seen":
        """What an item of a poll shows."""
        return cls(
            name=item.name,
            held=item.status in HELD,
            category="" if item.category == "Default" else item.category,
            tags=frozenset(item.tags),
            directory=item.directory,
        )

    def agrees(self, other: "Seen") -> bool:
        """Say if nothing that both of them say differs."""
        mine, theirs = vars(self), vars(other)
        return all(None in (mine[name], theirs[name]) or mine[name] == theirs[name] for name in mine)


Oracle = Callable[[str], Seen | None]
"""Looks into the client itself: hash -> what it has there, None if it has none. May block."""


class Session:
    """A client that is open. `items` and `categories` are what polls have told so far, `last` is the latest poll."""

    def __init__(self, connection: Connection, oracle: Oracle | None = None) -> None:
        self.connection = connection
        self.client = connection.client
        self.items: dict[str, Item] = {}
        self.categories: dict[str, str] = {}
        """Name -> path."""
        self.last = Changes()
        self._oracle = oracle

    async def poll(self) -> Changes:
        """Poll, see that everything fits the wire, and take it over."""
        changes = self.last = await self.connection.poll()
        for item in changes.items:
            fits(item)
        if changes.full:
            self.items.clear()
        for hash in changes.removed:
            self.items.pop(hash, None)
        self.items.update((item.hash, item) for item in changes.items)
        if changes.categories is not None:
            self.categories = {each.name: each.path for each in changes.categories}
        return changes

    async def until(self, condition: Callable[[], object], within_s: float = WITHIN_S) -> None:
        """Poll until something is so; an assertion error if it does not come to be."""
        with trio.move_on_after(within_s):
            while True:
                await self.poll()
                if condition():
                    return
                await trio.sleep(LOOK_AGAIN_S)
        raise AssertionError(f"not within {within_s} s; the items are {list(self.items.values())}")

    async def shows(self, hash: str, expected: Seen) -> None:
        """Wait until polls show this of an item, and so does the client itself if there is an oracle."""
        await self.until(lambda: hash in self.items and Seen.of(self.items[hash]).agrees(expected))
        seen = await self._ask_oracle(hash, lambda seen: seen is not None and seen.agrees(expected))
        assert seen is None or seen.agrees(expected)

    async def gone(self, hash: str) -> None:
        """Wait until an item is gone from polls, and from the client itself if there is an oracle."""
        await self.until(lambda: hash not in self.items)
        await self._ask_oracle(hash, lambda seen: seen is None)

    def has(self, kind: type[Capability]) -> bool:
        """Say whether the client has a capability."""
        return kind.capability in self.connection.capabilities

    def part(self, kind: type[C]) -> C:
        """Give the part that implements a capability. A client without it skips the test."""
        if self.has(kind):
            for part in self.client.parts:
                if isinstance(part, kind):
                    return part
        skip(f"{self.client.type} does not declare {kind.capability}")

    async def move(self, hash: str, folder: str) -> None:
        """Move the data of an item as the host does; raises what the client says against it."""
        for part in self.client.parts:
            if isinstance(part, MoveData) and self.has(MoveData):
                if (error := (await part.move([hash], folder)).get(hash)) is not None:
                    raise error
                return
            if isinstance(part, MovedByHost) and self.has(MovedByHost):
                await _move_here(part, hash, folder)
                return
        skip(f"{self.client.type} does not declare {MoveData.capability}")

    async def _ask_oracle(self, hash: str, condition: Callable[[Seen | None], bool]) -> Seen | None:
        if self._oracle is None:
            return None
        seen: Seen | None = None
        with trio.move_on_after(WITHIN_S):
            while True:
                seen = await trio.to_thread.run_sync(self._oracle, hash)
                if condition(seen):
                    return seen
                await trio.sleep(LOOK_AGAIN_S)
        raise AssertionError(f"polls show it, but the client itself says {seen}")


async def _move_here(part: MovedByHost, hash: str, folder: str) -> None:
    data = await part.data_of(hash)
    await part.check_destination(folder)
    plan = make_plan(data, await run_sync(present, data), folder, folder)
    await part.release(hash)
    try:
        await run_sync(preflight, plan)
        for phase in (Phase.COPYING, Phase.PLACING, Phase.ASIDE):
            await run_sync(deque, STEPS[phase](plan), 0)
        await part.settle(hash, folder, plan.running)
    except (AmutorrentError, OSError):
        for phase in (Phase.PUTTING_BACK, Phase.TAKING_BACK, Phase.DISCARDING):
            await run_sync(deque, STEPS[phase](plan), 0)
        await part.settle(hash, None, plan.running)
        raise
    await run_sync(deque, STEPS[Phase.LEAVING](plan), 0)


def fits(item: Item) -> None:
    """See that an item passes the catalogue's check."""
    try:
        wire_bytes(item)
    except PluginError as error:
        raise AssertionError(f"the catalogue would refuse {item!r}: {error}") from error


def skip(reason: str) -> NoReturn:
    """Skip the test that runs."""
    pytest.skip(reason)


@asynccontextmanager
async def open_session(
    kind: type[Client], settings: ClientSettings, oracle: Oracle | None = None
) -> AsyncIterator[Session]:
    """Open a client as the host does, with the host's deadlines; errors come as they are, not in groups."""
    log = logging.LoggerAdapter(logging.getLogger(f"amutorrent.client.{kind.type}"), {})
    with ungrouped():
        folder = await trio.to_thread.run_sync(folder_of_plugins)
        id = f"{kind.type}-contract"
        async with connect(kind, settings, id, log, run_sync, folder=folder / kind.type) as connection:
            yield Session(connection, oracle)


@contextmanager
def ungrouped() -> Iterator[None]:
    """Take an error out of the groups that nurseries put around it, where it is alone in them."""
    try:
        yield
    except BaseExceptionGroup as group:
        only: BaseException = group
        while isinstance(only, BaseExceptionGroup) and len(only.exceptions) == 1:
            only = only.exceptions[0]
        raise only from None


@cache
def folder_of_plugins() -> Path:
    """Make what the data directory is to a plugin, once for all tests of a run."""
    folder = mkdtemp(prefix="amutorrent-contract-")
    atexit.register(rmtree, folder, ignore_errors=True)
    return Path(folder)


async def run_sync(function: Callable[..., T], *args: object) -> T:
    """Run something in a worker thread, as `Services.run_sync` of the host does."""
    return await trio.to_thread.run_sync(lambda: function(*args))
