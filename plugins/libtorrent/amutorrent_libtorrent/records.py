"""What an engine keeps over a restart: one SQLite file, of which every change is whole. Blocks: for worker threads."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from filelock import FileLock, Timeout
from msgspec import Struct

from amutorrent import ClientFailed, camel

FILE: Final = "torrents.db"
LOCK: Final = "lock"
"""A file beside it that one engine holds. Others may read the list meanwhile: a backup does."""
FORMAT: Final = 1
WAIT_S: Final = 2
"""So long we wait for another that has it: an engine before us may still be ending."""
TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS torrents"
    " (hash TEXT PRIMARY KEY, facts BLOB NOT NULL, resume BLOB NOT NULL, info BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
)


class Facts(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True, gc=False):
    """What we know of a torrent and libtorrent does not.

    `name` "": its own. `added_at` is a Unix time. `share_ratio` and `seed_minutes` None: as the settings say.
    `moving_to`: where its data is on its way to, so that it arrives after a crash as well.
    """

    running: bool
    name: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    added_at: int = 0
    share_ratio: float | None = None
    seed_minutes: int | None = None
    moving_to: str = ""


class Record(Struct, frozen=True, kw_only=True, gc=False):
    """One torrent as it is kept. `resume` has no info dictionary; that is in `info`, b"" until it is known."""

    hash: str
    facts: Facts
    resume: bytes
    info: bytes = b""


class Shelf:
    """The file. Methods raise `ClientFailed` when it cannot be used; nothing has changed then."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder else None
        self._lock = threading.Lock()
        self._mine = FileLock(folder / LOCK, timeout=WAIT_S, mode=0o600, thread_local=False) if folder else None
        self._db: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open it, and make it where there is none."""
        if self._path is None or self._mine is None:
            raise ClientFailed("There is no folder to keep the list of torrents in")
        with self._said():
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._mine.acquire()
            self._db = sqlite3.connect(self._path, check_same_thread=False, timeout=WAIT_S)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > FORMAT:
                raise ClientFailed(f"{self._path} was written by a newer version of this program")
            with self._db:
                for table in TABLES:
                    self._db.execute(table)
                self._db.execute(f"PRAGMA user_version={FORMAT}")

    def close(self) -> None:
        """Close it."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None
            if self._mine is not None:
                self._mine.release(force=True)

    def records(self, after: int = 0, most: int = -1) -> tuple[list[Record], int]:
        """Read torrents, oldest first, `most` of those that come after a place; give the place of the last one, too."""
        with self._writing() as db:
            rows = db.execute(
                "SELECT rowid, hash, facts, resume, info FROM torrents WHERE rowid > ? ORDER BY rowid LIMIT ?",
                (after, most),
            ).fetchall()
            return [
                Record(hash=hash, facts=msgspec.json.decode(facts, type=Facts), resume=resume, info=info)
                for _, hash, facts, resume, info in rows
            ], rows[-1][0] if rows else after

    def put(self, *records: Record) -> None:
        """Keep torrents that are new."""
        rows = [(each.hash, msgspec.json.encode(each.facts), each.resume, each.info) for each in records]
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO torrents VALUES (?, ?, ?, ?)", rows)

    def set_facts(self, facts: Mapping[str, Facts]) -> None:
        """Keep other facts of torrents."""
        with self._writing() as db:
            rows = [(msgspec.json.encode(each), hash) for hash, each in facts.items()]
            db.executemany("UPDATE torrents SET facts = ? WHERE hash = ?", rows)

    def set_resume(self, resumes: Mapping[str, bytes], infos: Mapping[str, bytes]) -> None:
        """Keep how far torrents are, and info dictionaries that were learnt."""
        with self._writing() as db:
            db.executemany("UPDATE torrents SET resume = ? WHERE hash = ?", [(b, h) for h, b in resumes.items()])
            db.executemany("UPDATE torrents SET info = ? WHERE hash = ?", [(b, h) for h, b in infos.items()])

    def delete(self, hashes: Iterable[str]) -> None:
        """Forget torrents."""
        with self._writing() as db:
            db.executemany("DELETE FROM torrents WHERE hash = ?", [(hash,) for hash in hashes])

    def get(self, name: str) -> bytes | None:
        """Read something else that is kept; None if it is not there."""
        with self._writing() as db:
            row: tuple[bytes] | None = db.execute("SELECT value FROM kept WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set(self, values: Mapping[str, bytes]) -> None:
        """Keep something else."""
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", list(values.items()))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._said():
            if self._db is None:
                raise ClientFailed("The list of torrents is closed")
            with self._db:
                yield self._db

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except Timeout as error:
            raise ClientFailed(f"The list of torrents in {self._path} is locked: another engine uses it") from error
        except (sqlite3.Error, OSError, msgspec.DecodeError) as error:
            raise ClientFailed(f"The list of torrents in {self._path} cannot be used: {error}") from error
