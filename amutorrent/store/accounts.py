"""Accounts and sessions, as rows. What may be done with them is said in `amutorrent/accounts`."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from ..model.account import Account, Session
from .store import Store
from .tables import account, counter, preference, session

T = TypeVar("T")
_ACCOUNTS = counter.c.name == "accounts"


@dataclass(frozen=True)
class Loaded:
    """All accounts and sessions, at one `number` of their counter."""

    number: int
    accounts: tuple[Account, ...] = ()
    sessions: tuple[Session, ...] = ()


class NewAccount(Struct, frozen=True, kw_only=True):
    """An account that gets its id."""

    name: str
    folded: str
    is_admin: bool
    disabled: bool
    permissions: frozenset[str]
    password_hash: str | None
    now: int
    last_login_at: int | None = None
    legacy_key: str | None = None


class Ledger:
    """All accounts within one transaction. No other program changes one before it ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accounts(self) -> list[Account]:
        """Read all, oldest first."""
        return [_account(row) for row in self._connection.execute(select(account).order_by(account.c.id))]

    def get(self, id: int) -> Account | None:
        """Read one."""
        row = self._connection.execute(select(account).where(account.c.id == id)).one_or_none()
        return None if row is None else _account(row)

    def add(self, new: NewAccount) -> Account:
        """Make one."""
        values = {
            "name": new.name,
            "folded": new.folded,
            "is_admin": new.is_admin,
            "disabled": new.disabled,
            "permissions": _permissions(new.permissions),
            "password_hash": new.password_hash,
            "key_generation": 1,
            "epoch": 1,
            "created_at": new.now,
            "updated_at": new.now,
            "last_login_at": new.last_login_at,
            "legacy_key": new.legacy_key,
        }
        made = self._connection.execute(insert(account).values(values)).inserted_primary_key
        assert made is not None, "one row, one key"
        found = self.get(made[0])
        assert found is not None, "it was made just now"
        return found

    def put(self, changed: Account, folded: str) -> None:
        """Write one that is there."""
        values = {
            "name": changed.name,
            "folded": folded,
            "is_admin": changed.is_admin,
            "disabled": changed.disabled,
            "permissions": _permissions(changed.permissions),
            "password_hash": changed.password_hash,
            "key_generation": changed.key_generation,
            "epoch": changed.epoch,
            "updated_at": changed.updated_at,
            "last_login_at": changed.last_login_at,
            "legacy_key": changed.legacy_key,
        }
        self._connection.execute(update(account).where(account.c.id == changed.id).values(values))

    def remove(self, id: int) -> None:
        """Delete one, with its sessions and preferences."""
        self._connection.execute(delete(preference).where(preference.c.account_id == id))
        self._connection.execute(delete(account).where(account.c.id == id))

    def sign_in(self, new: Session) -> None:
        """Add a session."""
        self._connection.execute(
            insert(session).values(
                token_hash=new.token_hash,
                account_id=new.account_id,
                created_at=new.created_at,
                expires_at=new.expires_at,
            )
        )

    def end_session(self, token_hash: str) -> None:
        """End one session; that it is not there is no error."""
        self._connection.execute(delete(session).where(session.c.token_hash == token_hash))

    def end_sessions(self, id: int, keep: str | None = None) -> int:
        """End the sessions of an account, but the one with the hash `keep`; says how many."""
        ended = delete(session).where(session.c.account_id == id)
        if keep is not None:
            ended = ended.where(session.c.token_hash != keep)
        return self._connection.execute(ended).rowcount

    def end_expired(self, now: int) -> None:
        """End the sessions whose time is over."""
        self._connection.execute(delete(session).where(session.c.expires_at <= now))


class AccountShelf:
    """Where accounts are kept. Every method raises `StorageUnavailable`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def openings(self) -> int:
        """Grows each time that the database is opened, and may be another one."""
        return self._store.openings

    async def number(self) -> int:
        """Read the counter: it grows with each change."""
        return await self._store.read(_number)

    async def load(self) -> Loaded:
        """Read all."""
        return await self._store.read(_load)

    async def change(self, work: Callable[[Ledger], T]) -> tuple[T, Loaded]:
        """Run `work` in a transaction, which it undoes by raising; gives its result, and all there is then."""

        def whole(connection: Connection) -> tuple[T, Loaded]:
            count_change(connection)  # first: a server lets one transaction at a time past this row
            result = work(Ledger(connection))
            return result, _load(connection)

        return await self._store.write(whole)

    async def preferences(self, account_id: int) -> str:
        """Read the preferences of a user, as JSON."""
        wanted = select(preference.c.value).where(preference.c.account_id == account_id)
        return await self._store.read(lambda connection: connection.execute(wanted).scalar()) or "{}"

    async def put_preferences(self, account_id: int, value: str) -> None:
        """Write the preferences of a user."""

        def work(connection: Connection) -> None:
            if not connection.execute(update(preference).where(preference.c.account_id == account_id), found).rowcount:
                connection.execute(insert(preference).values(account_id=account_id), found)

        found = {"value": value}
        await self._store.write(work)


def count_change(connection: Connection) -> None:
    """Say that accounts change in this transaction."""
    if not connection.execute(update(counter).where(_ACCOUNTS).values(number=counter.c.number + 1)).rowcount:
        connection.execute(insert(counter).values(name="accounts", number=1))


def _number(connection: Connection) -> int:
    return connection.execute(select(counter.c.number).where(_ACCOUNTS)).scalar() or 0


def _load(connection: Connection) -> Loaded:
    number = _number(connection)  # first: what changes meanwhile is read again
    accounts = tuple(Ledger(connection).accounts())
    return Loaded(number, accounts, tuple(_session(row) for row in connection.execute(select(session))))


def _permissions(names: frozenset[str]) -> str:
    return json.dumps(sorted(names))


def _account(row: Any) -> Account:  # Any: sqlalchemy's rows have the columns as attributes
    return Account(
        id=row.id,
        name=row.name,
        is_admin=row.is_admin,
        disabled=row.disabled,
        permissions=frozenset(json.loads(row.permissions)),
        password_hash=row.password_hash,
        key_generation=row.key_generation,
        epoch=row.epoch,
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_login_at=row.last_login_at,
        legacy_key=row.legacy_key,
    )


def _session(row: Any) -> Session:  # Any: sqlalchemy's rows have the columns as attributes
    return Session(
        token_hash=row.token_hash, account_id=row.account_id, created_at=row.created_at, expires_at=row.expires_at
    )
