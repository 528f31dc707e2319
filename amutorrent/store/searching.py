"""The index by which a part of a text is found in the history, where the database has one: three letters or more.

SQLite: an FTS5 table of trigrams, kept up by triggers. PostgreSQL: a GIN index of the extension pg_trgm, which the
planner uses by itself. A SQLite without FTS5, and a server where the extension may not be made, look at every row.

A file may be opened by one Python and then by another, whose SQLite cannot do it: there every change of the history
would fail in the triggers. They go then; where it can be done again, the index is made anew.
"""

import logging
import sqlite3
from functools import cache

from sqlalchemy import ColumnElement, Connection, Engine, column, func, select, table
from sqlalchemy.exc import DBAPIError

from .engine import writing
from .tables import history

SHORTEST = 3
"""What is shorter has no trigram."""
COMMON = 20_000
"""What so many rows hold is found soon enough by walking in the order that is wanted."""
TABLE, INDEX = "history_search", "ix_history_search_text"
TRIGGERS = (f"{TABLE}_insert", f"{TABLE}_delete", f"{TABLE}_update")
TOKENS = "tokenize='trigram case_sensitive 1'"
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(search_text, content='history', content_rowid='id', columnsize=0, "
    f"{TOKENS})",
    f"INSERT INTO {TABLE}(rowid, search_text) SELECT id, search_text FROM history",
    f"CREATE TRIGGER {TABLE}_insert AFTER INSERT ON history BEGIN "
    f"INSERT INTO {TABLE}(rowid, search_text) VALUES (new.id, new.search_text); END",
    f"CREATE TRIGGER {TABLE}_delete AFTER DELETE ON history BEGIN "
    f"INSERT INTO {TABLE}({TABLE}, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    f"CREATE TRIGGER {TABLE}_update AFTER UPDATE OF search_text ON history "
    "WHEN old.search_text IS NOT new.search_text BEGIN "  # most updates say how much was downloaded
    f"INSERT INTO {TABLE}({TABLE}, rowid, search_text) VALUES ('delete', old.id, old.search_text); "
    f"INSERT INTO {TABLE}(rowid, search_text) VALUES (new.id, new.search_text); END",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX {INDEX} ON history USING gin (search_text gin_trgm_ops)",
)

log = logging.getLogger("amutorrent.store")
_search = table(TABLE, column("rowid"), column(TABLE))
_schema = table("sqlite_master", column("name"), column("type"))


def make_search_index(connection: Connection) -> bool:
    """Make the index, or none of it where that cannot be done; gives whether it was made."""
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(connection.dialect.name, ())
    try:
        with connection.begin_nested():
            for each in statements:
                connection.exec_driver_sql(each)
    except DBAPIError as error:
        log.warning("Searching the history will look at every row: %s", str(error.orig).partition("\n")[0])
        return False
    return bool(statements)


def mend_search_index(engine: Engine) -> None:
    """See that an SQLite file has the index if this SQLite can keep it up, and no triggers if it cannot.

    Where that cannot be written it stays as it is: the next opening tries it again.
    """
    if engine.dialect.name != "sqlite":
        return
    can = can_index()
    with engine.begin() as connection:
        found = _triggers(connection)
    if len(found) == len(TRIGGERS) if can else not found:
        return
    try:
        with writing(engine).begin() as connection:
            _mend(connection, can=can)
    except DBAPIError as error:
        log.warning("The index of the history cannot be mended: %s", str(error.orig).partition("\n")[0])


def _mend(connection: Connection, *, can: bool) -> None:
    for name in TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    if not can:  # the table itself can neither be read nor dropped here
        log.warning("This SQLite cannot use the index of the history: searching it will look at every row")
        return
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
    if make_search_index(connection):
        log.info("The index of the history was made anew")


@cache
def can_index() -> bool:
    """Say whether the SQLite of this Python has FTS5 with trigrams: it may be older, or built without."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"CREATE VIRTUAL TABLE probe USING fts5(search_text, {TOKENS})")
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return True


def _triggers(connection: Connection) -> list[str]:
    wanted = select(_schema.c.name).where(_schema.c.type == "trigger", _schema.c.name.in_(TRIGGERS))
    return list(connection.execute(wanted).scalars())


def hits(connection: Connection, text: str) -> int | None:
    """Count the rows that hold a text, by the index; None: there is none for it, or the planner sees to it."""
    if connection.dialect.name != "sqlite" or len(text) < SHORTEST or len(_triggers(connection)) < len(TRIGGERS):
        return None  # an index that is not kept up is none
    found: int = connection.execute(select(func.count()).select_from(_search).where(_matches(text))).scalar_one()
    return found


def found_by_index(text: str) -> ColumnElement[bool]:
    """Give the condition that a row holds a text, by the index of SQLite."""
    return history.c.id.in_(select(_search.c.rowid).where(_matches(text)))


def found_by_looking(text: str) -> ColumnElement[bool]:
    """Give the condition that a row holds a text, by looking at it; PostgreSQL has an index for that."""
    return history.c.search_text.contains(text, autoescape=True)


def _matches(text: str) -> ColumnElement[bool]:
    phrase = '"' + text.replace('"', '""') + '"'  # one phrase of trigrams is the text itself
    return _search.c[TABLE].bool_op("MATCH")(phrase)
