"""Making, changing and removing accounts, and the rules for it. Source: http-api 3 and 13, data-model 8."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from ..errors import Conflict, InvalidRequest, NotFound
from ..model.account import Account
from .keys import ApiKeys
from .passwords import Passwords, check_password
from .permissions import check_permissions
from .roster import Roster, folded

if TYPE_CHECKING:
    from ..store import Ledger

_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,64}")


class UserChanges(Struct, frozen=True, kw_only=True):
    """What is to be changed of an account; what is UNSET stays."""

    name: str | UnsetType = UNSET
    password: str | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    permissions: frozenset[str] | UnsetType = UNSET


class Users:
    """The accounts, for those who manage them."""

    def __init__(self, roster: Roster, keys: ApiKeys, passwords: Passwords) -> None:
        self._roster = roster
        self._keys = keys
        self._passwords = passwords

    def all(self) -> list[Account]:
        """List all accounts by name. Raises `StorageUnavailable`."""
        self._roster.check_loaded()
        return sorted(self._roster.accounts.values(), key=lambda each: folded(each.name))

    def get(self, id: int) -> Account:
        """Find an account. Raises `NotFound`, `StorageUnavailable`."""
        self._roster.check_loaded()
        return _known(self._roster.accounts.get(id))

    def named(self, name: str) -> Account:
        """Find an account by its name, in any case. Raises `NotFound`, `StorageUnavailable`."""
        self._roster.check_loaded()
        found = self._roster.by_name(name)
        if found is None:
            raise NotFound(f"There is no account {name!r}")
        return found

    def key_of(self, account: Account) -> str:
        """Give the API key of an account, in clear."""
        return self._keys.key(account)

    async def create(
        self,
        name: str,
        password: str | None = None,
        *,
        is_admin: bool = False,
        disabled: bool = False,
        permissions: Iterable[str] = (),
        first: bool = False,
    ) -> Account:
        """Make an account; without a password it signs in by key or proxy only. `first`: only if there is none yet.

        Raises `InvalidRequest`, `Conflict` (`already_exists`), `StorageUnavailable`.
        """
        from ..store.accounts import NewAccount  # late, as all that needs SQLAlchemy

        check_name(name)
        checked = check_permissions(permissions)
        kept = await self._hash(password, name) if password is not None else None
        new = NewAccount(
            name=name,
            folded=folded(name),
            is_admin=is_admin,
            disabled=disabled,
            permissions=checked,
            password_hash=kept,
            now=self._roster.now(),
        )

        def work(ledger: "Ledger") -> Account:
            others = ledger.accounts()
            if first and others:
                raise Conflict("There is an account already")
            _check_free(name, others)
            return ledger.add(new)

        return await self._roster.change(work)

    async def change(self, id: int, changes: UserChanges, *, keep: str | None = None) -> Account:
        """Change an account. A new name, password, admin flag or permission list, and disabling, end its sessions but
        the one with the hash `keep`.

        Raises `InvalidRequest`, `Conflict` (`already_exists`), `NotFound`, `StorageUnavailable`.
        """
        old = self.get(id)
        name = old.name if changes.name is UNSET else changes.name
        if changes.name is not UNSET:
            check_name(name)
        if changes.permissions is not UNSET:
            check_permissions(changes.permissions)
        kept = UNSET if changes.password is UNSET else await self._hash(changes.password, name)
        now = self._roster.now()

        def work(ledger: "Ledger") -> Account:
            before = _known(ledger.get(id))
            after = replace(_changed(before, changes, kept), updated_at=now)
            others = [each for each in ledger.accounts() if each.id != id]
            _check_free(after.name, others)
            _check_an_admin_is_left(before, after, others)
            if _ends_sessions(before, after):
                after = replace(after, epoch=before.epoch + 1)
                ledger.end_sessions(id, keep)
            ledger.put(after, folded(after.name))
            return after

        return await self._roster.change(work)

    async def remove(self, id: int) -> None:
        """Remove an account with its sessions and preferences; its downloads belong to nobody then, and the history
        keeps its name. Raises `InvalidRequest` for the last admin, `NotFound`, `StorageUnavailable`.
        """

        self.get(id)

        def work(ledger: "Ledger") -> None:
            before = _known(ledger.get(id))
            _check_an_admin_is_left(before, None, [each for each in ledger.accounts() if each.id != id])
            ledger.remove(id)

        await self._roster.change(work)

    async def new_key(self, id: int) -> str:
        """Give an account a new API key; the old one is dead at once. Raises `NotFound`, `StorageUnavailable`."""
        self.get(id)
        now = self._roster.now()

        def work(ledger: "Ledger") -> Account:
            before = _known(ledger.get(id))
            generation = before.key_generation + 1
            after = replace(before, key_generation=generation, legacy_key=None, updated_at=now)
            ledger.put(after, folded(after.name))
            return after

        return self.key_of(await self._roster.change(work))

    async def _hash(self, password: str, name: str) -> str:
        check_password(password, name)
        return await self._passwords.hash(password)


def check_name(name: str) -> None:
    """Raise `InvalidRequest` for what cannot be a user's name."""
    if not _NAME.fullmatch(name):
        raise InvalidRequest("A user name has 1 to 64 letters, digits and . _ @ + -", field="username")


def _known(account: Account | None) -> Account:
    if account is None:
        raise NotFound("There is no such account")
    return account


def _check_free(name: str, others: Iterable[Account]) -> None:
    if any(folded(each.name) == folded(name) for each in others):
        raise Conflict(f"There is an account {name!r} already", details={"field": "username"})


def _check_an_admin_is_left(before: Account, after: Account | None, others: Iterable[Account]) -> None:
    if _leads(before) and not _leads(after) and not any(map(_leads, others)):
        field = "disabled" if after is not None and after.is_admin else "isAdmin"
        raise InvalidRequest(
            "This is the last admin who can sign in: make another one first", field=field if after else None
        )


def _leads(account: Account | None) -> bool:
    return account is not None and account.is_admin and not account.disabled


def _changed(before: Account, changes: UserChanges, kept: str | UnsetType) -> Account:
    return Account(
        id=before.id,
        name=before.name if changes.name is UNSET else changes.name,
        is_admin=before.is_admin if changes.is_admin is UNSET else changes.is_admin,
        disabled=before.disabled if changes.disabled is UNSET else changes.disabled,
        permissions=before.permissions if changes.permissions is UNSET else changes.permissions,
        password_hash=before.password_hash if kept is UNSET else kept,
        key_generation=before.key_generation,
        epoch=before.epoch,
        created_at=before.created_at,
        updated_at=before.updated_at,
        last_login_at=before.last_login_at,
        legacy_key=before.legacy_key,
    )


def _ends_sessions(before: Account, after: Account) -> bool:
    return (before.name, before.password_hash, before.is_admin, before.permissions) != (
        after.name,
        after.password_hash,
        after.is_admin,
        after.permissions,
    ) or (after.disabled and not before.disabled)
