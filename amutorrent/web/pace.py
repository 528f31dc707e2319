"""How fast one socket may talk to us."""

import trio

MESSAGES = 500
BYTES = 32 << 20
WINDOW_S = 1.0


class TooFast(Exception):
    """More came in than a socket may send."""


class Pace:
    """Counts what comes in, second by second."""

    def __init__(self) -> None:
        self._ends = 0.0
        self._messages = 0
        self._bytes = 0

    def count(self, size: int) -> None:
        """Count one message. Raises `TooFast` when it is one too many, or too long, for this second."""
        now = trio.current_time()
        if now >= self._ends:
            self._ends, self._messages, self._bytes = now + WINDOW_S, 0, 0
        self._messages += 1
        self._bytes += size
        if self._messages > MESSAGES or self._bytes > BYTES:
            raise TooFast
