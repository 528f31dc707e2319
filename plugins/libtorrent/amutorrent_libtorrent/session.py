"""libtorrent's session in trio: what it tells wakes who waits for it, without a thread and without looking on a timer.

It writes to a socket pair when its queue of alerts is no longer empty. (It could call back as well, but from a thread
of its own, which would have to wait for the interpreter.) Calls that libtorrent answers only when its network thread
has time are made in worker threads by whoever makes them. `get_torrent_status` is never called: it crashes.
"""

import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import libtorrent as lt
import trio

Log = logging.LoggerAdapter[logging.Logger]
NO_EXTRAS: Final = 0
"""Of a status, what costs more is left out: names and paths are known, pieces are asked for."""
Handlers = Mapping[type[lt.alert], Callable[[Any], None]]  # Any: each takes the alert of its own type


class Session:
    """A session that runs. Any number of tasks may wait; one of them reads, and the others hear of it."""

    def __init__(self, native: lt.session, handlers: Handlers, log: Log) -> None:
        self._held = [native]
        self._handlers = handlers
        self._log = log
        self._ours, self._theirs = socket.socketpair()
        self._reading = False
        self._others = trio.lowlevel.ParkingLot()
        for each in (self._ours, self._theirs):
            each.setblocking(False)
        native.set_alert_fd(self._theirs.fileno())

    @property
    def native(self) -> lt.session:
        """The session of libtorrent. No coroutine may have it in a variable.

        The traceback of a cancellation holds variables until the garbage collector comes by, and while anybody has
        the session, it lives and has its port.
        """
        return self._held[0]

    def ask(self) -> None:
        """Have libtorrent tell what changed of the torrents, and after that its counters."""
        self.native.post_torrent_updates(NO_EXTRAS)
        self.native.post_session_stats()

    def drain(self) -> None:
        """Handle all alerts that are there."""
        with suppress(BlockingIOError):
            while self._ours.recv(4096):
                pass
        for alert in self.native.pop_alerts():
            handler = self._handlers.get(type(alert))
            if handler is not None:
                self._hear(handler, alert)

    def _hear(self, handler: Callable[[Any], None], alert: lt.alert) -> None:
        try:
            handler(alert)
        except Exception:  # whatever is wrong with one alert, those behind it are waited for, and are not told again
            self._log.exception("What libtorrent tells cannot be taken in: %s", type(alert).__name__)

    async def until(self, condition: Callable[[], object]) -> None:
        """Handle alerts until something is so."""
        await trio.lowlevel.checkpoint()
        while True:
            self.drain()
            if condition():
                return
            if self._reading:
                await self._others.park()
            else:
                await self._read()

    async def _read(self) -> None:
        self._reading = True
        try:
            await trio.lowlevel.wait_readable(self._ours)
        finally:
            self._reading = False
            self._others.unpark_all()

    def end(self) -> None:
        """End it. For a worker thread, which waits for those of libtorrent.

        It holds the interpreter meanwhile, so nothing may be left that takes its time: trackers are not told any more.
        """
        self.native.apply_settings({"stop_tracker_timeout": 0})
        self._held.clear()
        self._ours.close()
        self._theirs.close()
