"""The last log records in memory, without secrets, for whoever may read them. Source: http-api 9, websocket 5.3."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection
from typing import Literal

from msgspec import Struct

from .logs import Redaction

Level = Literal["error", "warn", "info", "debug"]
LEVELS: tuple[Level, ...] = ("error", "warn", "info", "debug")
"""The most serious first."""
KEPT = 2000
"""Records of each level that are kept: much chatter does not push out the errors."""
LONGEST = 4000
"""Characters of a message; of a longer one the middle is left out."""
GAP = "\n[...]\n"


class AppLogRecord(Struct, frozen=True, kw_only=True):
    """One record. `ts`: milliseconds since 1970; `source`: the part of the program, or the library, that wrote it."""

    ts: int
    level: Level
    source: str
    message: str


class _Message(logging.Formatter):
    """Makes the text of a record: its message, and a traceback below it."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__("%(message)s")
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Give the text without secrets, no longer than is kept; it can be encoded as UTF-8."""
        text = self._redaction(super().format(record))
        if len(text) > LONGEST:  # after the redaction: half a secret would not be found
            half = (LONGEST - len(GAP)) // 2
            text = text[:half] + GAP + text[-half:]
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


class LogRing(logging.Handler):
    """Keeps the last records of each level. It is written by the thread that writes the log, and read by the loop."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self.setFormatter(_Message(redaction))
        self.on_record: list[Callable[[], None]] = []
        """Called by the writing thread after each record: it must be quick, and must not log."""
        self._count = 0
        self._kept: dict[Level, deque[tuple[int, AppLogRecord]]] = {level: deque(maxlen=KEPT) for level in LEVELS}
        self._guard = threading.Lock()

    @property
    def count(self) -> int:
        """How many records there have been; each has its number, the first one 1."""
        return self._count

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        try:
            kept = AppLogRecord(
                ts=int(record.created * 1000),
                level=_level(record.levelno),
                source=_clean(record.name.removeprefix("amutorrent.")),
                message=self.format(record),
            )
        except Exception:  # of a record that cannot be formatted: logging's own way to say so
            self.handleError(record)
            return
        with self._guard:
            self._count += 1
            self._kept[kept.level].append((self._count, kept))
        for listener in self.on_record:
            listener()

    def read(self, min_level: Level = "debug", sources: Collection[str] = (), limit: int = KEPT) -> list[AppLogRecord]:
        """Give the last `limit` records of these sources (none: of all) and levels, newest last."""
        levels = LEVELS[: LEVELS.index(min_level) + 1]
        found = [(number, each) for number, each in self._copy(levels) if not sources or each.source in sources]
        return [each for _, each in sorted(found, key=_number)[-limit:]]

    def since(self, number: int, limit: int) -> tuple[int, list[AppLogRecord]]:
        """Give the number of the last record, and the records after `number`: the newest `limit` of them, in order."""
        found = sorted((each for each in self._copy(LEVELS) if each[0] > number), key=_number)
        return max([number, *map(_number, found[-1:])]), [each for _, each in found[-limit:]]

    def sources(self) -> list[str]:
        """List whose records are kept."""
        return sorted({each.source for _, each in self._copy(LEVELS)})

    def _copy(self, levels: Collection[Level]) -> list[tuple[int, AppLogRecord]]:
        with self._guard:
            return [each for level in levels for each in self._kept[level]]


def _number(numbered: tuple[int, AppLogRecord]) -> int:
    return numbered[0]


def _level(number: int) -> Level:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"


def _clean(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
