"""Who uses an engine: the clients that are open on one folder share it, and the last one stops it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import trio

from amutorrent import Services

from .engine import Engine
from .keeping import keep, save_all
from .settings import LibtorrentSettings
from .sharing import watch_sharing

SAVE_S: Final = 2.5
CLOSE_S: Final = 4.5
"""The host waits for 5 s, and less when the daemon stops."""


@dataclass
class _Lent:
    engine: Engine
    users: int = 0
    turn: trio.Lock = field(default_factory=trio.Lock)
    work: trio.CancelScope = field(default_factory=trio.CancelScope)
    closing: bool = False
    closed: trio.Event = field(default_factory=trio.Event)


_ENGINES: Final[dict[Path, _Lent]] = {}


@asynccontextmanager
async def lend(folder: Path, settings: LibtorrentSettings, services: Services) -> AsyncIterator[Engine]:
    """Give the engine of a folder for as long as the context lasts."""
    while (lent := _ENGINES.get(folder)) is not None and lent.closing:
        await lent.closed.wait()
    if lent is None:
        lent = _ENGINES[folder] = _Lent(Engine(folder, settings, services))
    lent.users += 1
    try:
        services.nursery.start_soon(_serve, lent)
        yield lent.engine
    finally:
        lent.users -= 1
        if lent.users == 0:
            await _close(folder, lent)


async def _close(folder: Path, lent: _Lent) -> None:
    lent.closing = True
    try:
        with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_S):
            lent.work.cancel()
            async with lent.turn:  # nobody waits for the session any more when it ends
                await lent.engine.wind_up(save_all, SAVE_S)
    finally:
        try:
            await lent.engine.end()
        finally:
            del _ENGINES[folder]
            lent.closed.set()


async def _serve(lent: _Lent) -> None:
    """Do what goes on as long as an engine runs. One of those who have it does; when it leaves, the next one does."""
    async with lent.turn:
        if lent.closing:
            return
        with trio.CancelScope() as lent.work:
            await lent.engine.started.wait()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(lent.engine.session.until, lambda: False)
                nursery.start_soon(keep, lent.engine)
                nursery.start_soon(watch_sharing, lent.engine)
