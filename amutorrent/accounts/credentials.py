"""Who somebody is, by password, API key or the word of a proxy; guesses are counted. Source: http-api 3."""

import hmac
import logging
from collections.abc import Mapping

from ..errors import AmutorrentError, NotAuthenticated, StorageUnavailable
from ..model.account import Account
from .keys import ApiKeys, fingerprint
from .legacy import is_legacy
from .login_guard import LoginGuard
from .passwords import Passwords
from .roster import Proof, Roster, user_of
from .sessions import Sessions, SignedIn
from .user import User
from .users import UserChanges, Users

log = logging.getLogger("amutorrent.accounts")


class Credentials:
    """Checks what callers show. An address that guesses has to wait; sessions and right API keys work all the same."""

    def __init__(
        self,
        roster: Roster,
        users: Users,
        sessions: Sessions,
        keys: ApiKeys,
        passwords: Passwords,
        guard: LoginGuard,
    ) -> None:
        self._roster = roster
        self._users = users
        self._sessions = sessions
        self._keys = keys
        self._passwords = passwords
        self.guard = guard
        self.logins = {"accepted": 0, "refused": 0, "key_refused": 0}
        """How often a password was right, a password wrong, an API key wrong, since the daemon started."""
        self._by_key: Mapping[str, tuple[str, Account]] = {}
        self._by_legacy_key: Mapping[str, Account] = {}
        roster.on_change += [self._read_keys, self._read_legacy]

    # -- API keys

    def find_key(self, key: str) -> Proof | None:
        """Say whose API key this is; None: nobody's who may use it."""
        found = fingerprint(key)
        expected, account = self._by_key.get(found, ("", None))
        if not hmac.compare_digest(expected.encode(), key.encode("utf-8", "replace")) or account is None:
            account = self._by_legacy_key.get(found)
        if account is None:
            return None
        return Proof(account.id, account.epoch, key=account.key_generation)

    async def by_api_key(self, key: str, address: str) -> User:
        """Give the user of an API key. A wrong one counts as a guess of the address.

        Raises `NotAuthenticated`, `RateLimited` for wrong keys from an address that has to wait, `StorageUnavailable`.
        """
        proof = await self.check_key(key, address)
        return user_of(self._roster.accounts[proof.account_id])

    async def check_key(self, key: str, address: str) -> Proof:
        """Say whose API key this is. Raises as `by_api_key`."""
        self._roster.check_loaded()
        proof = self.find_key(key)
        if proof is None:
            self.guard.check(address)
            await self._roster.refresh()
            proof = self.find_key(key)
        if proof is None:
            self._count(address, "an API key", "key_refused")
            raise NotAuthenticated("This API key is not one")
        return proof

    def _read_keys(self) -> None:
        accounts = [each for each in self._roster.accounts.values() if not each.disabled]
        try:
            keys = [(self._keys.key(each), each) for each in accounts]
        except StorageUnavailable as error:
            log.error("No API key works: %s", error.message)
            keys = []
        self._by_key = {fingerprint(key): (key, account) for key, account in keys}

    def _read_legacy(self) -> None:
        """Look for what was taken over: keys that work besides, and passwords that are slow to compare."""
        accounts = [each for each in self._roster.accounts.values() if not each.disabled]
        self._by_legacy_key = {each.legacy_key: each for each in accounts if each.legacy_key}
        self._passwords.expect_legacy(is_legacy(each.password_hash) for each in accounts)

    # -- passwords

    async def by_password(self, name: str, password: str, address: str) -> User:
        """Give the user with this name and password. A wrong one counts as a guess of the address.

        Unknown, disabled and password-less accounts and wrong passwords are refused in the same words and time.
        Raises `NotAuthenticated` (`invalid_credentials`), `RateLimited`, `StorageUnavailable`.
        """
        return user_of(await self._account(name, password, address))

    async def sign_in(self, name: str, password: str, address: str, *, remember: bool = False) -> SignedIn:
        """Begin a session by name and password. Raises as `by_password`."""
        account = await self._account(name, password, address)
        assert account.password_hash is not None, "it was compared"
        outdated = self._passwords.outdated(account.password_hash)
        new_hash = await self._passwords.hash(password) if outdated else None
        return await self._sessions.begin(account, remember=remember, new_hash=new_hash)

    async def change_password(self, id: int, current: str, new: str, address: str, keep: str | None) -> None:
        """Give a user another password; ends the sessions but the one with the hash `keep`.

        Raises `NotAuthenticated` (`invalid_credentials`) for a wrong current one, `InvalidRequest` for a bad new one,
        `RateLimited`, `StorageUnavailable`.
        """
        account = self._users.get(id)
        try:
            await self._account(account.name, current, address)
        except NotAuthenticated as error:
            raise NotAuthenticated("The current password is another one", code=error.code) from None
        await self._users.change(id, UserChanges(password=new), keep=keep)

    async def _account(self, name: str, password: str, address: str) -> Account:
        self._roster.check_loaded()
        async with self.guard.turn(address):
            await self._roster.refresh()
            account = self._roster.by_name(name)
            usable = account is not None and not account.disabled
            kept = account.password_hash if account is not None and usable else None
            right = await self._passwords.matches(kept, password)
            if account is None or kept is None or not right:
                self._count(address, "a password", "refused")
                raise NotAuthenticated("The user name or the password is wrong", code="invalid_credentials")
            self.guard.succeeded(address)
            self.logins["accepted"] += 1
            return account

    def _count(self, address: str, what: str, result: str) -> None:
        self.guard.failed(address)
        self.logins[result] += 1
        log.warning("%s refused from %s", what.capitalize(), address)

    # -- proxies

    async def by_proxy(self, name: str, *, provision: frozenset[str] | None = None) -> Proof | None:
        """Say who it is that a trusted proxy names; None: nobody who may come in.

        With `provision` an unknown name gets an account, with these permissions. Raises `StorageUnavailable`.
        """
        self._roster.check_loaded()
        account = self._roster.by_name(name)
        if account is None and provision is not None:
            account = await self._provision(name, provision)
        if account is None or account.disabled:
            return None
        return Proof(account.id, account.epoch)

    async def _provision(self, name: str, permissions: frozenset[str]) -> Account | None:
        try:
            account = await self._users.create(name, permissions=permissions)
        except AmutorrentError as error:
            if error.status >= 500:
                raise
            return self._roster.by_name(name)  # not a name; or somebody was faster
        log.info("The trusted proxy brought %s: an account was made", name)
        return account
