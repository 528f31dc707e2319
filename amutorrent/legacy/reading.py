"""Reading the old databases: always a copy, row by row, and around what is damaged. Source: legacy-store 1."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .report import FileReport

T = TypeVar("T", bound=msgspec.Struct)
TAILS = ("", "-wal", "-shm")
LOWEST = -(2**63)
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""The second comes of an error whose message quotes a damaged schema."""
FORMAT = "SELECT version FROM schema_version"


class Source:
    """One old database that could be opened."""

    def __init__(self, connection: sqlite3.Connection, report: FileReport) -> None:
        self._connection = connection
        self.report = report

    def is_readable(self, query: str, newest: int) -> bool:
        """See by the version that it says whether it is known what is in it; what is older is tried."""
        try:
            found = self._connection.execute(query).fetchone()
            version = int(found[0]) if found else 0
        except (*UNREADABLE, ValueError, TypeError):
            version = 0
        if version > newest:
            self.report.skip("all of it", f"its format is {version}, and only {newest} is known")
        elif version < newest:
            self.report.note(
                f"its format is {version or 'not said'}, older than {newest}: what can be read was; for all of it "
                "start version 3.8.8 once, stop it, and import again"
            )
        return version <= newest

    def rows(self, table: str, kind: type[T]) -> Iterator[tuple[int, T]]:
        """Give each row with its number, in the order in which they were written; says which cannot be read.

        Columns that an old format does not have are left to the defaults of `kind`.
        """
        wanted = [each.encode_name for each in msgspec.structs.fields(kind)]
        try:
            there = {row[1] for row in self._connection.execute(f"PRAGMA table_info({table})")}
        except UNREADABLE as error:
            self.report.skip(table, _plain(error))
            return
        columns = [each for each in wanted if each in there]
        if not columns:
            self.report.skip(table, "there is no such table")
            return
        for number, values in self._all(table, columns):
            self.report.read += 1
            found = {name: value for name, value in zip(columns, values, strict=True) if value is not None}
            try:
                yield number, msgspec.convert(found, kind)
            except msgspec.ValidationError as error:
                self.report.skip(f"{table}, row {number}", str(error))

    def _all(self, table: str, columns: list[str]) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Give the rows from the beginning, and, where a page cannot be read, from the end to there."""
        query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid > ? ORDER BY rowid"
        last = LOWEST
        try:
            for number, *values in self._connection.execute(query, (last,)):
                yield number, tuple(values)
                last = number
        except UNREADABLE as error:
            tail: list[tuple[int, tuple[object, ...]]] = []
            try:
                for number, *values in self._connection.execute(f"{query} DESC", (last,)):
                    tail.append((number, tuple(values)))
            except UNREADABLE:
                pass
            after = f"after row {last}" if last != LOWEST else "from the first row on"
            before = f" and before row {tail[-1][0]}" if tail else ""
            self.report.skip(f"{table}, {after}{before}", _plain(error))
            yield from reversed(tail)


@contextmanager
def opened(folder: Path, report: FileReport, workshop: Path) -> Iterator[Source | None]:
    """Open a copy of a database, made in `workshop`: even reading may change the original. None: it cannot be done."""
    if not (folder / report.name).is_file():
        report.note("there is no such file")
        yield None
        return
    try:
        for tail in TAILS:  # after a crash most rows lie in the journal still
            if (folder / f"{report.name}{tail}").is_file():
                shutil.copyfile(folder / f"{report.name}{tail}", workshop / f"{report.name}{tail}")
        connection = sqlite3.connect(workshop / report.name, isolation_level=None)
    except (OSError, *UNREADABLE) as error:
        report.skip("all of it", _plain(error))
        yield None
        return
    with closing(connection):
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except UNREADABLE as error:
            report.skip("all of it", _plain(error))
            yield None
        else:
            yield Source(connection, report)
    for tail in TAILS:
        (workshop / f"{report.name}{tail}").unlink(missing_ok=True)


def _plain(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
