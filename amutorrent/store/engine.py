"""The engine of a database: how its connections are set up."""

import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from .place import Place

BUSY_S = 2
"""So long a statement waits for another program that holds the database."""
CONNECT_S = 5
DEAD_S = 10
"""A server that acknowledges nothing for so long is gone."""
WRITES = "amutorrent_writes"
ALONE = int.from_bytes(b"aMuTorre")
"""The number of the lock that a daemon holds in a server's database for as long as it is connected."""
POSTGRESQL_ARGUMENTS: Mapping[str, str | int | None] = {
    "connect_timeout": CONNECT_S,
    "application_name": "amutorrent",
    # the server, too, is to see that we are gone: with our connection goes our lock
    "options": f"-c lock_timeout={BUSY_S * 1000} -c timezone=UTC -c tcp_keepalives_idle={DEAD_S} "
    "-c tcp_keepalives_interval=3 -c tcp_keepalives_count=3",
    "keepalives_idle": DEAD_S,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": DEAD_S * 1000,
    # What is prepared gets one plan for all values after a few times: a search for two letters, which no index of
    # three knows, would walk through the whole index because words did well with it.
    "prepare_threshold": None,
}


def make_engine(place: Place, *, wal: bool = True, alone: bool = False) -> Engine:
    """Make the engine; it connects when it is used. One connection is enough: there is one worker.

    `wal` False leaves the journal of an SQLite file as it is. `alone` keeps out every other that is to be alone in a
    server's database: none of them can connect while one is there. (The directory of an SQLite file is locked.)
    Raises `ImportError` if the driver is not installed.
    """
    arguments: dict[str, Any] = {}  # Any: of whatever driver
    if place.url.drivername == "postgresql+psycopg":
        arguments = {name: value for name, value in POSTGRESQL_ARGUMENTS.items() if name not in place.url.query}
    engine = create_engine(
        place.url,
        connect_args=arguments,
        pool_size=1,
        max_overflow=0,
        pool_pre_ping=place.file is None,
        hide_parameters=True,  # what is saved is nothing for an error message
    )
    if place.file is not None:
        _set_up_sqlite(engine, wal=wal)
    elif alone and engine.dialect.name == "postgresql":
        _keep_others_out(engine)
    return engine


def import_driver(place: Place) -> None:
    """Import the driver early: what comes after the start is in the garbage collector's way for ever."""
    with suppress(ImportError):
        place.url.get_dialect().import_dbapi()


def _set_up_sqlite(engine: Engine, *, wal: bool) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # the driver begins nothing by itself: `begun` does
        connection.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
        connection.execute("PRAGMA foreign_keys=ON")
        # NORMAL would be faster, but with WAL it may lose the last commits when the power fails: an account that was
        # just closed would be open again, a password changed back. What was answered as saved is on the disk.
        connection.execute("PRAGMA synchronous=FULL")
        if wal:
            connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that reads first and writes then fails at once if another commit came between; one that is to
        # write therefore says so from the beginning. Reads go on while another program writes.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _keep_others_out(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, record: object) -> None:
        try:
            connection.cursor().execute("SELECT pg_advisory_lock(%s)", (ALONE,))
            connection.commit()  # the lock is the connection's, and stays
        except BaseException:
            connection.close()
            raise


def writing(engine: Engine) -> Engine:
    """Give the same engine for transactions that write."""
    return engine.execution_options(**{WRITES: True})
