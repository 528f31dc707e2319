"""A whole database as an SQLite file, and such a file as a whole database. Blocking, and for a database of any kind."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlalchemy import URL, Connection, Table, column, delete, func, insert, literal, select, table, text

from ..errors import StorageUnavailable
from .engine import make_engine, writing
from .failures import Refused, explain
from .place import Place
from .schema import NEWEST, check_pages, checked_revision, look_at_file, open_database
from .tables import metadata, session

AT_ONCE = 2000
Numbers = dict[str, int]
"""The last id that each table gave away."""


def sqlite_place(file: Path) -> Place:
    """Give the place of an SQLite file."""
    return Place(URL.create("sqlite", database=str(file)), file)


def snapshot(place: Place, target: Path) -> tuple[str, Numbers]:
    """Copy a database, as it is at one moment, into a new SQLite file; gives its revision and its last ids.

    A daemon may use it meanwhile. A server's database has to be of the newest revision. Raises `StorageUnavailable`.
    """
    try:
        if place.file is not None:
            return _copy_file(place, place.file, target)
        return _copy_tables(place, target)
    except Exception as error:
        raise _told(error, place) from error


def look_at_snapshot(file: Path) -> str:
    """See that a snapshot is whole, bring it to the newest revision, and give the one it had.

    Raises `StorageUnavailable`: it is damaged, or of a newer program.
    """
    place = sqlite_place(file)
    try:
        found = _revision(place)
        engine = open_database(place)
        try:
            check_pages(engine, place)
            with writing(engine).begin() as connection:
                connection.execute(delete(session))  # who signed out since is not to be signed in again
        finally:
            engine.dispose()
    except Exception as error:
        raise _told(error, place) from error
    return found


def holds_tables(place: Place) -> bool:
    """Say whether there is a database with tables of ours. Raises `StorageUnavailable`: it cannot be used."""
    try:
        if place.file is not None and not look_at_file(place, place.file):
            return False
        engine = make_engine(place, wal=False)
        try:
            with engine.begin() as connection:
                return checked_revision(connection, place) is not None
        finally:
            engine.dispose()
    except Exception as error:
        raise _told(error, place) from error


def prepare(place: Place) -> bool:
    """Bring a server's database to the newest revision; gives whether it held tables of ours before.

    Raises `StorageUnavailable`: it cannot be used, or is of a newer program.
    """
    found = holds_tables(place)
    with writing_to(place):
        return found


@contextmanager
def writing_to(place: Place) -> Iterator[Connection]:
    """Open a database, brought to the newest revision, for one transaction, which an error undoes.

    Raises `StorageUnavailable`, also for a server's database that a daemon uses.
    """
    try:
        engine = open_database(place, alone=True)
        try:
            with writing(engine).begin() as connection:
                yield connection
        finally:
            engine.dispose()
    except Exception as error:
        raise _told(error, place) from error


def pour(file: Path, place: Place, numbers: Mapping[str, int]) -> None:
    """Put the rows of a snapshot of the newest revision in the place of all rows of a server's database.

    It is one transaction: all of it, or nothing. Raises `StorageUnavailable`.
    """
    source = make_engine(sqlite_place(file))
    try:
        with source.begin() as reading, writing_to(place) as connection:
            _refill(reading, connection)
            _give_on(connection, numbers)
    finally:
        source.dispose()


def settle(file: Path) -> bool:
    """Take what lies in the journal of an SQLite file into it, if that can be done; then there is no journal."""
    try:
        connection = sqlite3.connect(file, timeout=5, isolation_level=None)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return not file.with_name(f"{file.name}-wal").exists()


def _told(error: Exception, place: Place) -> Exception:
    failure = explain(error, place)
    return error if failure is None else StorageUnavailable(failure.message)


def _revision(place: Place) -> str:
    assert place.file is not None
    if not look_at_file(place, place.file):
        raise Refused(f"There is no database {place.name}")
    engine = make_engine(place, wal=False)
    try:
        with engine.begin() as connection:
            found = checked_revision(connection, place)
    finally:
        engine.dispose()
    if found is None:
        raise Refused(f"The database {place.name} holds nothing of this program")
    return found


def _copy_file(place: Place, file: Path, target: Path) -> tuple[str, Numbers]:
    found = _revision(place)
    copy = sqlite3.connect(target)
    try:
        source = sqlite3.connect(file, timeout=5)
        try:
            source.backup(copy)  # in one step: as it is at one moment, whoever writes meanwhile
        finally:
            source.close()
    finally:
        copy.close()
    engine = make_engine(sqlite_place(target), wal=False)
    try:
        check_pages(engine, place)
        with engine.begin() as connection:
            return found, _last_ids(connection)
    finally:
        engine.dispose()


def _copy_tables(place: Place, target: Path) -> tuple[str, Numbers]:
    made = open_database(sqlite_place(target))
    source = make_engine(place).execution_options(isolation_level="REPEATABLE READ")  # one moment for all tables
    try:
        with source.connect() as reading:
            found = checked_revision(reading, place)
            if found != NEWEST:
                state = f"is of revision {found}" if found else "holds nothing of this program"
                raise Refused(f"The database {place.name} {state}: start the daemon once, which mends that")
            with writing(made).begin() as connection:
                _refill(reading, connection)
                numbers = _last_ids(reading)
                _give_on(connection, numbers)
    finally:
        source.dispose()
        made.dispose()
    return found, numbers


def _refill(reading: Connection, connection: Connection) -> None:
    """Put all rows of one database in the place of all rows of another."""
    for each in reversed(metadata.sorted_tables):
        connection.execute(delete(each))
    for each in metadata.sorted_tables:
        _copy_rows(reading, connection, each)


def _copy_rows(reading: Connection, connection: Connection, each: Table) -> None:
    rows = iter(reading.execution_options(yield_per=AT_ONCE).execute(select(each)).mappings())
    while part := [dict(row) for row in islice(rows, AT_ONCE)]:
        connection.execute(insert(each), part)


_sequence = table("sqlite_sequence", column("name"), column("seq"))


def _counting() -> list[Table]:
    return [each for each in metadata.sorted_tables if each.dialect_options["sqlite"]["autoincrement"]]


def _last_ids(connection: Connection) -> Numbers:
    """Read the last ids that were given away: rows that are gone had them too."""
    if connection.dialect.name == "sqlite":
        return {row.name: row.seq for row in connection.execute(select(_sequence))}
    found: Numbers = {}
    for each in _counting():
        name = connection.execute(select(func.pg_get_serial_sequence(each.name, "id"))).scalar()
        last = connection.execute(select(func.pg_sequence_last_value(text(f"'{name}'::regclass")))).scalar()
        if last is not None:
            found[each.name] = last
    return found


def _give_on(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Let tables go on after the last ids that were given away."""
    for each in _counting():
        highest = connection.execute(select(func.max(each.c.id))).scalar() or 0
        last = max(highest, numbers.get(each.name, 0))
        if connection.dialect.name == "sqlite":
            connection.execute(delete(_sequence).where(_sequence.c.name == each.name))
            connection.execute(insert(_sequence).values(name=each.name, seq=last))
        elif last:
            sequence = func.pg_get_serial_sequence(each.name, literal("id"))
            connection.execute(select(func.setval(sequence, last)))
