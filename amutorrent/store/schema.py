"""The revision of a database: read, compared with what this program knows, and brought up to it."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, column, inspect, select, table

from .engine import make_engine, writing
from .failures import damaged_pages, empty_file, lone_journal, too_new
from .place import Place
from .searching import mend_search_index

VERSION_TABLE = "amutorrent_revision"
"""A name of its own, since a server's database may hold tables of others."""
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""What this program knows, oldest first; each is a module in `migrations/versions`."""
NEWEST = REVISIONS[-1]


def open_database(place: Place, *, alone: bool = False) -> Engine:
    """Give the engine of a database that is of the newest revision; makes or upgrades it if need be.

    `alone`: see `make_engine`.

    Raises `Refused`, and what the driver and the file system raise; the database is then as it was before.
    """
    if place.file is not None and not look_at_file(place, place.file):
        _make(place.file)
    engine = make_engine(place, alone=alone)
    try:
        with engine.begin() as connection:
            found = checked_revision(connection, place)
        if found != NEWEST:
            _upgrade(engine, place, found)
        mend_search_index(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def checked_revision(connection: Connection, place: Place) -> str | None:
    """Read the revision; None: there are no tables yet. Raises `Refused` if it is newer than this program."""
    found = None
    if inspect(connection).has_table(VERSION_TABLE):
        found = connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar()
    if found is not None and found not in REVISIONS:
        raise too_new(place, found, NEWEST)
    return found


def upgrade(connection: Connection, revision: str = NEWEST) -> None:
    """Run the migrations up to a revision, in the transaction that `connection` is in: all of them, or none."""
    from alembic import command  # late: it takes a third of a second to import, and is needed once per release
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "amutorrent.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _upgrade(engine: Engine, place: Place, found: str | None) -> None:
    copy = put_aside(engine, place.file, found) if place.file and found else None
    try:
        with writing(engine).begin() as connection:
            upgrade(connection)
    except BaseException:
        if copy:
            copy.unlink(missing_ok=True)  # nothing has changed, and the room may be needed
        raise


def check_pages(engine: Engine, place: Place) -> None:
    """Look at all pages of an SQLite file: one that has failed may seem well elsewhere. Raises `Refused`."""
    if place.file is not None:
        with engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise damaged_pages(place, str(found).replace("\n", " "))


def put_aside(engine: Engine, file: Path, revision: str) -> Path:
    """Copy an SQLite database beside itself, under the name of its revision; gives the copy."""
    copy = file.with_name(f"{file.stem}-{revision}{file.suffix}")
    part = copy.with_name(f"{copy.name}.part")
    try:
        _private(part)
        with engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            target = sqlite3.connect(part)
            try:
                source.backup(target)  # not a copy of the file: the last commits may still lie in its journal
            finally:
                target.close()
        _sync(part)
        os.replace(part, copy)
    finally:
        part.unlink(missing_ok=True)
    _sync(file.parent)
    return copy


def look_at_file(place: Place, file: Path) -> bool:
    """Say whether there is a file. Raises `Refused` for one that is empty, and where only its journal is left."""
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        journal = file.with_name(f"{file.name}-wal")
        if journal.exists():
            raise lone_journal(place, journal.name) from None
        return False
    if size == 0:
        raise empty_file(place)
    return True


def _make(file: Path) -> None:
    """Make a new file. It gets its name when it is complete: one that is empty was cut."""
    new = file.with_name(f"{file.name}.new")
    _forget(new)
    try:
        _private(new)
        engine = make_engine(Place(URL.create("sqlite", database=str(new)), new), wal=False)
        try:
            with writing(engine).begin() as connection:
                upgrade(connection)
        finally:
            engine.dispose()
        os.replace(new, file)
    finally:
        _forget(new)
    _sync(file.parent)


def _forget(new: Path) -> None:
    for each in (new, new.with_name(f"{new.name}-journal")):
        each.unlink(missing_ok=True)


def _private(path: Path) -> None:
    """Make an empty file for its owner only; its journals get the same mode."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
