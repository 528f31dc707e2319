"""A daemon that things happen to: it dies, hangs, starts anew, or stands behind an ill network."""

import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import httpx
import trio

from amutorrent.testing import HALF_OPEN, PASS, REFUSE, STALL, Fault, FaultProxy, cut, garble

from ..land import Daemon, Land
from ..qbittorrent import QBittorrentDaemon
from ..rows import Row

HARM = ("kill", "freeze", "restart", "stall", "cut", "garble", "refuse", "half_open")
WELL_AFTER_S = 8.0
"""A daemon counts as well when nothing has happened to it for so long: one that has just started is busy."""


class Patient:
    """One daemon behind a proxy. `deaths` say between which two moments it was killed, or died by itself.

    `died_alone` counts the latter, `hung` how often it did not end when it was told to, or answered nobody.
    """

    def __init__(self, id: str, daemon: Daemon, proxy: FaultProxy) -> None:
        self.id, self.daemon, self.proxy = id, daemon, proxy
        self.sick = False
        self.deaths: list[tuple[float, float]] = []
        self.died_alone = self.hung = 0
        self._healed_at = float("-inf")
        self._seen_alive = self._answered_at = time.monotonic()

    @property
    def well(self) -> bool:
        """Whether nothing is wrong with it, and nothing was a moment ago."""
        return not self.sick and self.daemon.alive and time.monotonic() > self._healed_at + WELL_AFTER_S

    async def suffer(self, kind: str, seconds: float, rng: random.Random) -> None:
        """Let something happen to it, and let it be well again after so many seconds."""
        self.sick = True
        try:
            await self._strike(kind, rng)
            await trio.sleep(seconds)
        finally:
            with trio.CancelScope(shield=True):
                await self.heal()

    async def _strike(self, kind: str, rng: random.Random) -> None:
        if kind == "kill":
            began = time.monotonic()
            self.daemon.kill9()
            self.deaths.append((began, time.monotonic()))
        elif kind == "freeze":
            self.daemon.freeze()
        elif kind == "restart":
            await self._end()
            await self._start()
        else:
            self.proxy.fault = fault(kind, rng)

    async def _end(self) -> None:
        began = time.monotonic()
        try:
            hung = await trio.to_thread.run_sync(self.daemon.stop) == -signal.SIGKILL
        except AssertionError:  # it hung on its way out as well: whichever it is, it has been killed
            hung = True
        if hung:
            self.hung += 1
            self.deaths.append((began, time.monotonic()))

    async def heal(self) -> None:
        """Undo all that may have happened; one that died by itself is started, too."""
        self.proxy.fault = PASS
        if self.daemon.alive:
            self.daemon.thaw()
        else:
            await self._start()
        self.sick = False
        self._healed_at = self._seen_alive = time.monotonic()

    async def revive(self) -> None:
        """Start it if it died though nobody did anything to it: such things are counted."""
        if self.sick:
            return
        if self.daemon.alive:
            self._seen_alive = time.monotonic()
            return
        self.sick = True
        self.died_alone += 1
        self.deaths.append((self._seen_alive, time.monotonic()))
        await self.heal()

    async def rouse(self) -> None:
        """Kill it and start it if it hangs though nobody holds it: 2.3.3 of amuled was seen to. It is counted."""
        try:
            await self.rows()
        except (OSError, httpx.TransportError):
            self.hung += 1
            self.daemon.kill9()
            self.deaths.append((self._answered_at, time.monotonic()))
            await self._start()

    async def rows(self) -> list[Row]:
        """Ask it for its list, beside the proxy and without us."""
        found: list[Row] = await trio.to_thread.run_sync(self.daemon.rows)
        self._answered_at = time.monotonic()
        return found

    async def _start(self) -> None:
        await trio.to_thread.run_sync(self.daemon.start)


def fault(kind: str, rng: random.Random) -> Fault:
    """Make the weather of this name; where it cuts, and what it spoils, is chance."""
    if kind == "cut":
        return cut(rng.randrange(400))
    if kind == "garble":
        return garble(rng.randrange(1 << 30))
    return {"stall": STALL, "refuse": REFUSE, "half_open": HALF_OPEN}[kind]


@asynccontextmanager
async def patients(lab: Land) -> AsyncIterator[dict[str, Patient]]:
    """Put a proxy before each daemon; gives them by the ids of their instances. All are well when it ends."""
    async with AsyncExitStack() as stack:
        found = {}
        for id, daemon in lab.daemons.items():
            # qbittorrent-nox wants to be asked for the port that it listens on: another address with the same port
            near = {"host": "127.0.0.2", "port": daemon.port} if isinstance(daemon, QBittorrentDaemon) else {}
            proxy = await stack.enter_async_context(FaultProxy.open((daemon.host, daemon.port), **near))
            found[id] = Patient(id, daemon, proxy)
        try:
            yield found
        finally:
            with trio.CancelScope(shield=True), suppress(AssertionError):
                for each in found.values():
                    await each.heal()


def configured(lab: Land, patients: dict[str, Patient]) -> list[dict[str, object]]:
    """What the configuration of our daemon says of them, behind their proxies."""
    return [
        {**client, "host": patients[str(client["id"])].proxy.host, "port": patients[str(client["id"])].proxy.port}
        for client in lab.clients
    ]
