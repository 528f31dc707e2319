"""Who there is, and who is signed in: all of it in memory, and the same as in the database. Source: http-api 3.

Requests are answered without a look into the database, and still are when it fails. Another program may change
accounts too (`amutorrent users`): a counter in the database says so.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import trio
from msgspec import Struct

from ..errors import StorageUnavailable
from ..model.account import Account, Session
from .user import User

if TYPE_CHECKING:
    from ..store import AccountShelf, Ledger
    from ..store.accounts import Loaded

LOOK_S = 2.0
"""So often it is seen what another program changed, and whose time is over."""
FRESH_S = 0.2
"""What was read so long ago is good enough for somebody who is not known."""

T = TypeVar("T")
log = logging.getLogger("amutorrent.accounts")


class Proof(Struct, frozen=True):
    """How somebody showed who they are: with a session's hash, an API key of some generation, or a proxy's word."""

    account_id: int
    epoch: int
    session: str | None = None
    key: int | None = None


class Roster:
    """All accounts by id, all sessions by the hash of their token. Use it while `run` runs."""

    def __init__(self, shelf: "AccountShelf", *, clock: Callable[[], float] = time.time) -> None:
        self.accounts: Mapping[int, Account] = {}
        self.sessions: Mapping[str, Session] = {}
        self.on_change: list[Callable[[], None]] = []
        """Called after each change: somebody may be signed out now, or may do more or less."""
        self._shelf = shelf
        self._clock = clock
        self._seen: tuple[int, int] | None = None
        self._changing = trio.Lock()
        self._known = trio.Event()
        self._looked = -math.inf

    # -- asking

    @property
    def loaded(self) -> bool:
        """Whether it is known who there is; if not, nobody is known, which is not the same as that there is nobody."""
        return self._seen is not None

    async def wait_loaded(self) -> None:
        """Wait until it is known who there is."""
        await self._known.wait()

    def now(self) -> int:
        """Give the time, in milliseconds since the epoch."""
        return int(self._clock() * 1000)

    def check_loaded(self) -> None:
        """Raise `StorageUnavailable` if it is not known who there is."""
        if not self.loaded:
            raise StorageUnavailable("The accounts cannot be read, since the database cannot be used")

    def by_name(self, name: str) -> Account | None:
        """Find an account by its name, in any case."""
        wanted = folded(name)
        return next((each for each in self.accounts.values() if folded(each.name) == wanted), None)

    def user(self, proof: Proof) -> User | None:
        """Say who somebody is now; None: they have to sign in again."""
        account = self.accounts.get(proof.account_id)
        if account is None or account.disabled:
            return None
        if proof.session is not None:
            session = self.sessions.get(proof.session)
            valid = session is not None and session.account_id == account.id and session.expires_at > self.now()
        else:
            valid = proof.epoch == account.epoch and proof.key in (None, account.key_generation)
        return user_of(account) if valid else None

    # -- changing

    async def change(self, work: "Callable[[Ledger], T]") -> T:
        """Change accounts or sessions in one transaction, which `work` undoes by raising.

        Raises `StorageUnavailable`, and what `work` raises.
        """
        async with self._changing:
            result, loaded = await self._shelf.change(work)
            self._take(loaded)
        return result

    def _take(self, loaded: "Loaded") -> None:
        now = self.now()
        self.accounts = {each.id: each for each in loaded.accounts}
        self.sessions = {each.token_hash: each for each in loaded.sessions if each.expires_at > now}
        self._seen = (self._shelf.openings, loaded.number)
        self._known.set()
        self._tell()

    def _tell(self) -> None:
        for listener in self.on_change:
            listener()

    # -- keeping up

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Read all, and keep up with other programs and with the time; starts when it was tried once."""
        await self.look()
        task_status.started()
        while True:
            await trio.sleep(LOOK_S)
            await self.look()

    async def refresh(self) -> None:
        """See what has changed, unless that was done just now: for somebody who is not known, but may be new."""
        if trio.current_time() - self._looked > FRESH_S:
            await self.look()

    async def look(self) -> None:
        """See what has changed. A database that fails changes nothing."""
        self._looked = trio.current_time()
        with suppress(StorageUnavailable):
            async with self._changing:
                opening = self._shelf.openings
                if self._seen != (opening, await self._shelf.number()):
                    self._take(await self._shelf.load())
        await self._end_expired()

    async def _end_expired(self) -> None:
        now = self.now()
        if all(each.expires_at > now for each in self.sessions.values()):
            return
        self.sessions = {hash: each for hash, each in self.sessions.items() if each.expires_at > now}
        self._tell()
        with suppress(StorageUnavailable):  # if not now, then when the next one ends
            await self.change(lambda ledger: ledger.end_expired(now))


def folded(name: str) -> str:
    """Give what is the same for two spellings of a name that differ in case alone."""
    return name.casefold()


def user_of(account: Account) -> User:
    """Give the caller that an account stands for."""
    return User(id=account.id, name=account.name, is_admin=account.is_admin, permissions=account.permissions)
