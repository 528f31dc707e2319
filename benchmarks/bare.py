"""The statements of a call of the store, run again without anything of ours around them."""

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from amutorrent.store import Place, Store
from amutorrent.store.engine import make_engine

Statement = tuple[str, Any]  # Any: parameters as the driver takes them


def add_database_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the database is."""
    parser.add_argument("--url", default="", help="SQLAlchemy URL of an empty database; default: a new SQLite file")
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server for it")


@contextmanager
def database(options: argparse.Namespace) -> Iterator[str]:
    """Give the URL of the database that the options mean."""
    if not options.postgresql:
        yield options.url
        return
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    with importlib.import_module("lab.postgresql").postgresql() as server:
        yield server.url(server.new_database())


class Bare:
    """Compares calls with what they ask of the database."""

    def __init__(self, place: Place, store: Store) -> None:
        """`store` is the one that the calls use, while it runs."""
        assert store._engine is not None
        self._heard: list[Statement] = []
        self._engine = make_engine(place)
        self._connection: Any = self._engine.raw_connection().driver_connection  # Any: of whatever driver
        self._sqlite = place.file is not None
        event.listen(store._engine, "before_cursor_execute", self._hear)

    def _hear(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        # Any: the event's own signature
        if statement.lstrip().upper().startswith("SELECT"):
            self._heard.append((statement, parameters))

    async def compare(self, name: str, call: Callable[[], Awaitable[object]], times: int = 7) -> float:
        """Run a call and its bare statements in turn; prints and gives how much of 1.5 x bare + 1 ms the call takes."""
        await call()
        self._heard.clear()
        await call()
        statements = list(self._heard)
        ours, theirs = [], []
        for _ in range(times):
            began = time.perf_counter()
            await call()
            ours.append((time.perf_counter() - began) * 1000)
            theirs.append(self._run(statements))
        our, their = statistics.median(ours), statistics.median(theirs)
        share = min(ours) / (1.5 * min(theirs) + 1)  # the least: what else the machine does is not in it
        print(
            f"{name:44} {our:9.2f} ms   bare {their:9.2f} ms   least {min(ours):8.2f}, {min(theirs):8.2f} ms   "
            f"{share:5.2f} of the limit",
            flush=True,
        )
        return share

    def _run(self, statements: list[Statement]) -> float:
        began = time.perf_counter()
        cursor = self._connection.cursor()
        if self._sqlite:
            cursor.execute("BEGIN")
        for statement, parameters in statements:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        self._connection.rollback()
        return (time.perf_counter() - began) * 1000
