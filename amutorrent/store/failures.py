"""What went wrong with the database, in words, and whether the connection is still good."""

import shutil
import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from .place import Place

FULL, LOCKED, READ_ONLY, DAMAGED, OTHER = "full", "locked", "read-only", "damaged", "other"
NO_ROOM = 64 << 10
"""With less than so many bytes free a disk counts as full: SQLite's own error is then a vague one."""

_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_VAGUE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
_POSTGRESQL = {"53100": FULL, "55P03": LOCKED, "25006": READ_ONLY, "XX001": DAMAGED, "XX002": DAMAGED}
"""disk_full, lock_not_available, read_only_sql_transaction, data_corrupted, index_corrupted."""
_STILL_READ = (FULL, LOCKED, READ_ONLY)


@dataclass(frozen=True)
class Failure:
    """A sentence for people, and which of the kinds above it is."""

    message: str
    kind: str

    @property
    def usable(self) -> bool:
        """Whether the connection can be used again as it is."""
        return self.kind in _STILL_READ


class Refused(Exception):
    """A database that is not to be opened; the message is a sentence for people."""


def explain(error: Exception, place: Place) -> Failure | None:
    """Say what an error of the database means; None if it is the business of the caller whose data it was."""
    if isinstance(error, Refused):
        return Failure(str(error), OTHER)
    if isinstance(error, ImportError):
        return Failure(_no_driver(error, place), OTHER)
    if isinstance(error, IntegrityError | DataError):
        return None
    if isinstance(error, UnicodeDecodeError):  # of the driver: its message quotes a schema that is no text any more
        return _failure(DAMAGED, "its schema cannot be read", place)
    if isinstance(error, OSError):
        return _failure(_full(place) or OTHER, error.strerror or str(error), place)
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        original = error.orig if isinstance(error, DBAPIError) and error.orig else error
        kind = _kind(original, place)
        return _failure(kind, _first_line(original), place)
    return None


def _kind(original: BaseException, place: Place) -> str:
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", 0) & 0xFF  # the rest are details of it
        if code in _VAGUE:
            return _full(place) or OTHER
        return _SQLITE.get(code, OTHER)
    return _POSTGRESQL.get(getattr(original, "sqlstate", None) or "", OTHER)


def _full(place: Place) -> str | None:
    try:
        return FULL if place.file and shutil.disk_usage(place.file.parent).free < NO_ROOM else None
    except OSError:
        return None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(":") if lines else type(error).__name__


def _failure(kind: str, detail: str, place: Place) -> Failure:
    return Failure(_sentence(kind, place.hide(detail), place), kind)


def _sentence(kind: str, detail: str, place: Place) -> str:
    return {
        FULL: f"The disk of the database {place.name} is full: make room, and it goes on by itself",
        LOCKED: f"The database {place.name} is locked by another program: end that, and it goes on by itself",
        READ_ONLY: f"The database {place.name} can only be read ({detail}): see who may write there",
        DAMAGED: f"The database {place.name} is damaged ({detail}): {_mend(place)}",
        OTHER: f"Cannot use the database {place.name}: {detail}",
    }[kind]


def _mend(place: Place) -> str:
    if place.file is None:
        return "put back a dump of it"
    return "stop the daemon, and put a copy in its place; without one move it away, and a new one is made"


def empty_file(place: Place) -> Refused:
    """Say that the file was cut to nothing: ours is never empty, since it gets its name when it is complete."""
    return Refused(_sentence(DAMAGED, "the file is empty", place))


def damaged_pages(place: Place, found: str) -> Refused:
    """Say that the file has pages that cannot be right."""
    return Refused(_sentence(DAMAGED, found, place))


def lone_journal(place: Place, journal: str) -> Refused:
    """Say that the file is gone, but not its journal, which a new one would take for its own."""
    return Refused(
        f"The database {place.name} is missing, but its journal {journal} is there: put the file back, or move the "
        "journal away, and a new one is made"
    )


def too_new(place: Place, found: str, known: str) -> Refused:
    """Say that the database is ahead of this program."""
    return Refused(
        f"The database {place.name} was written by a newer version of this program (revision {found}; this one knows "
        f"{known}): install that version, or put back a copy of before"
    )


def _no_driver(error: ImportError, place: Place) -> str:
    if place.url.drivername == "postgresql+psycopg":
        return (
            f"Cannot use the database {place.name}: the driver for PostgreSQL is not installed: "
            "pip install 'amutorrent[postgresql]'"
        )
    return f"Cannot use the database {place.name}: its driver is not installed ({error})"
