"""Logging: one line per record on stderr and in a file, without secrets, and never waited for by the event loop."""

import logging
import logging.handlers
import queue
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from .errors import StartError

FILE = "amutorrent.log"
FILE_BYTES = 5 << 20
FILES_KEPT = 3
QUEUE_LENGTH = 10_000
END_S = 2.0
"""So long the last lines may take at the end."""
QUIET = ("alembic", "httpx", "httpcore", "hypercorn", "sqlalchemy", "trio-websocket")
"""Libraries that tell of every step, with what is saved in it: only their warnings count."""
LEVELS = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}


class Redaction:
    """Replaces secrets in text. `secrets` is looked at for every line, so it may grow."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self.secrets = secrets
        self._seen: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None

    def __call__(self, text: str) -> str:
        """Give the text with `***` for every secret, also where it stands quoted in a URL or in a repr."""
        now = frozenset(self.secrets)
        if now != self._seen:
            self._seen, self._pattern = now, _pattern(now)
        return self._pattern.sub("***", text) if self._pattern else text


def _pattern(secrets: frozenset[str]) -> re.Pattern[str] | None:
    spellings = {each for secret in secrets if secret for each in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
    longest_first = sorted(spellings, key=len, reverse=True)
    return re.compile("|".join(map(_whole, longest_first))) if longest_first else None


def _whole(secret: str) -> str:
    """A very short secret is looked for as a word, or it would blacken half of every line."""
    return re.escape(secret) if len(secret) > 3 else rf"(?<!\w){re.escape(secret)}(?!\w)"


class LineFormatter(logging.Formatter):
    """Makes `2026-11-24 08:00:00 INFO web: message`, and tracebacks below it."""

    default_msec_format = ""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """Give the line of a record."""
        record.name = record.name.removeprefix("amutorrent.")
        return self._redaction(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (of the base class)
        """Keep one record on one line: what others send must not make lines of its own."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


class _Queue(logging.handlers.QueueHandler):
    """Hands records over; drops them when the disk cannot keep up."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        record.message = record.getMessage()  # now, while the arguments are as they were
        record.msg, record.args = record.message, None
        return record

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (of the base class)
        if not isinstance(sys.exception(), queue.Full):
            super().handleError(record)


class _File(logging.handlers.RotatingFileHandler):
    """The file. When its disk is full its lines are lost, which is said once; those on stderr are not."""

    _failure: OSError | None = None

    def emit(self, record: logging.LogRecord) -> None:
        before, self._failure = self._failure, None
        super().emit(record)
        if self._failure is not None and before is None:
            print(f"The log file cannot be written: {self._failure.strerror or self._failure}", file=sys.stderr)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (of the base class)
        error = sys.exception()
        if isinstance(error, OSError):
            self._failure = error
        else:
            super().handleError(record)

    def close(self) -> None:
        with suppress(OSError):  # what is still unwritten then
            super().close()


class _Listener(logging.handlers.QueueListener):
    """Writes what was handed over. Its end does not wait for a disk that hangs."""

    def enqueue_sentinel(self) -> None:
        """Make room for the mark of the end, if need be."""
        while True:
            try:
                return self.queue.put_nowait(None)
            except queue.Full:
                with suppress(queue.Empty):
                    self.dequeue(block=False)

    def end(self) -> bool:
        """Say if everything was written in time."""
        self.enqueue_sentinel()
        assert self._thread is not None, "start() comes first"
        self._thread.join(END_S)
        return not self._thread.is_alive()


@contextmanager
def logging_to(folder: Path, level: str, redaction: Redaction, *others: logging.Handler) -> Iterator[None]:
    """Log to stderr and to a rotating file in `folder` for as long as the context lasts, and to `others` before those.

    They are all called by one thread, which is not the caller's; `others` have their own formatters.
    Raises `StartError` if the file cannot be opened.
    """
    handlers = [logging.StreamHandler(sys.stderr), _file(folder)]
    for handler in handlers:
        handler.setFormatter(LineFormatter(redaction))
    root = logging.getLogger()
    records: queue.Queue[logging.LogRecord] = queue.Queue(QUEUE_LENGTH)
    listener = _Listener(records, *others, *handlers)
    handing = _Queue(records)
    root.addHandler(handing)
    set_level(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    listener.start()
    try:
        yield
    finally:
        root.removeHandler(handing)
        if listener.end():
            handlers[1].close()  # it would wait for a write that hangs


def set_level(level: str) -> None:
    """Log what is at least as important as this from now on."""
    logging.getLogger().setLevel(LEVELS[level])


def _file(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _File(
            folder / FILE, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        raise StartError(f"Cannot write the log in {folder}: {error.strerror or error}") from error
    return handler


@contextmanager
def quietly(redaction: Redaction) -> Iterator[None]:
    """Log warnings to stderr, without tracebacks, for a command that ends soon."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Short(redaction))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


class _Short(LineFormatter):
    """One line, and nothing below it."""

    def formatException(self, ei: object) -> str:  # noqa: N802  (of the base class)
        return ""
