"""What is taken over from elsewhere, written within one transaction. What is there already is never changed."""

from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Connection, func, insert, select, tuple_

from ..model import Category
from ..model.account import Account
from ..model.history import HistoryRow
from ..model.metrics import Bucket
from .accounts import Ledger, NewAccount, count_change
from .history import row_values
from .metrics import add_buckets
from .shelf import find_category, insert_category
from .tables import category, history, metric, ownership, record

AT_ONCE = 400
Key = tuple[str, str]


class Mark(Struct, frozen=True, kw_only=True):
    """How far the samples of an instance were taken over: the last one, and the time from which on ours count."""

    until: int
    last_at: int = 0
    uploaded: int = 0
    downloaded: int = 0


class Intake:
    """Adds to a database what it does not have yet."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ledger = Ledger(connection)

    # -- accounts

    def accounts(self) -> list[Account]:
        """Read all accounts."""
        return self._ledger.accounts()

    def add_account(self, new: NewAccount) -> Account:
        """Make an account; a daemon sees that by the counter."""
        count_change(self._connection)
        return self._ledger.add(new)

    def add_owners(self, rows: Iterable[tuple[Key, int, int]]) -> set[Key]:
        """Say who added items, (instance id, hash) -> account and time in ms; gives those that were new."""
        added: set[Key] = set()
        rows = iter(rows)
        while part := {key: (account_id, since) for key, account_id, since in islice(rows, AT_ONCE)}:
            columns = ownership.c.instance_id, ownership.c.hash
            known = {
                (row[0], row[1]) for row in self._connection.execute(select(*columns).where(_among(columns, part)))
            }
            new = [
                {"instance_id": key[0], "hash": key[1], "account_id": account_id, "since": since}
                for key, (account_id, since) in part.items()
                if key not in known
            ]
            if new:
                self._connection.execute(insert(ownership), new)
            added |= part.keys() - known
        return added

    # -- categories

    def add_category(self, new: Category) -> bool:
        """Add a category, unless there is one of its name."""
        if find_category(self._connection, new.name) is not None:
            return False
        insert_category(self._connection, new)
        return True

    def categories(self) -> set[str]:
        """Give the names of all categories."""
        return set(self._connection.execute(select(category.c.name)).scalars())

    # -- history

    def add_history(self, rows: Sequence[HistoryRow]) -> int:
        """Add rows, but those of items that have one; gives the number of new ones."""
        added = 0
        for start in range(0, len(rows), AT_ONCE):
            part = {(each.instance_id, each.hash): each for each in rows[start : start + AT_ONCE]}
            columns = history.c.instance_id, history.c.hash
            known = {
                (row[0], row[1]) for row in self._connection.execute(select(*columns).where(_among(columns, part)))
            }
            new = [row_values(row) for key, row in part.items() if key not in known]
            if new:
                self._connection.execute(insert(history), new)
            added += len(new)
        return added

    # -- metrics

    def first_measured(self, name: str) -> int | None:
        """Give the time of our first sample of an instance, in ms."""
        return self._connection.execute(select(func.min(metric.c.first_at)).where(metric.c.name == name)).scalar()

    def add_buckets(self, buckets: Sequence[Bucket]) -> None:
        """Add to the buckets that there are."""
        for start in range(0, len(buckets), AT_ONCE):
            add_buckets(self._connection, buckets[start : start + AT_ONCE])

    def marks(self) -> dict[str, Mark]:
        """Read how far the samples of each instance were taken over."""
        rows = self._connection.execute(select(record.c.key, record.c.value).where(*_OURS)).all()
        return {key: msgspec.json.decode(value, type=Mark) for key, value in rows}

    def put_marks(self, marks: dict[str, Mark]) -> None:
        """Write how far the samples of each instance were taken over."""
        self._connection.execute(record.delete().where(*_OURS))
        rows = [{"key": key, "value": msgspec.json.encode(each).decode()} for key, each in marks.items()]
        if rows:
            self._connection.execute(insert(record).values(owner="", collection=MARKS), rows)


MARKS = "taken over"
_OURS = (record.c.owner == "", record.c.collection == MARKS)


def _among(columns: tuple[Column[str], Column[str]], keys: Iterable[Key]) -> ColumnElement[bool]:
    return tuple_(*columns).in_(list(keys))
