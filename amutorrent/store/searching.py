"""The index by which a part of a text is found in the history, where the database has one: three letters or more.

SQLite: an FTS5 table of trigrams, kept up by triggers. PostgreSQL: a GIN index of the extension pg_trgm, which the
planner uses by itself. A SQLite without FTS5, and a server where the extension may not be made, look at every row.
"""

import logging

from sqlalchemy import ColumnElement, Connection, column, func, inspect, select, table
from sqlalchemy.exc import DBAPIError

from .tables import history

SHORTEST = 3
"""What is shorter has no trigram."""
COMMON = 20_000
"""What so many rows hold is found soon enough by walking in the order that is wanted."""
TABLE, INDEX = "history_search", "ix_history_search_text"
SQLITE = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(search_text, content='history', content_rowid='id', columnsize=0, "
    "tokenize='trigram case_sensitive 1')",
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


def hits(connection: Connection, text: str) -> int | None:
    """Count the rows that hold a text, by the index; None: there is none for it, or the planner sees to it."""
    if connection.dialect.name != "sqlite" or len(text) < SHORTEST or not inspect(connection).has_table(TABLE):
        return None
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
