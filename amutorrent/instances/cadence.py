"""How often instances are polled. Source: websocket 5.2, design 5."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import trio

WATCHED_S = 2.0
UNWATCHED_S = 15.0
LOOK_LASTS_S = 30.0
SHARE = 4
"""A poll is followed by at least so many times its own duration of rest: at most a fifth of the daemon's time."""


class Demand:
    """Whether somebody looks: an open socket, or a list read over HTTP in the last 30 s."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._sockets = 0
        self._looked_until = -1.0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Count as looking for as long as the context lasts."""
        self._change(sockets=1)
        try:
            yield
        finally:
            self._sockets -= 1

    def looked(self) -> None:
        """Count as looking for the next 30 s."""
        self._change(until=trio.current_time() + LOOK_LASTS_S)

    def _change(self, sockets: int = 0, until: float = -1.0) -> None:
        before = self.interval()
        self._sockets += sockets
        self._looked_until = max(self._looked_until, until)
        if self.interval() < before:
            self._wake()

    def interval(self) -> float:
        """Give the seconds between two polls of an instance that answers at once."""
        return WATCHED_S if self._sockets or trio.current_time() < self._looked_until else UNWATCHED_S

    def rest_after(self, duration_s: float) -> float:
        """Give the seconds to rest after a poll that took `duration_s`."""
        return max(self.interval(), SHARE * duration_s)
