"""All that has to do with accounts, wired together."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from ..client import RunSync
from .credentials import Credentials
from .keys import ApiKeys
from .login_guard import LoginGuard
from .passwords import Passwords
from .preferences import Preferences
from .roster import Roster
from .sessions import Sessions
from .setup import Setup
from .user import User
from .users import Users

if TYPE_CHECKING:
    from ..store import AccountShelf

SECRET = "secret"


class Accounts:
    """The accounts of a daemon. Use them while `run` runs."""

    def __init__(
        self,
        shelf: "AccountShelf",
        data_dir: Path,
        *,
        run_sync: RunSync | None = None,
        clock: Callable[[], float] = time.time,
        guard: LoginGuard | None = None,
    ) -> None:
        """Reads the secret file, if there is one. Raises `StartError`.

        `run_sync` runs a few functions at a time in worker threads; `clock` gives seconds since the epoch.
        """
        keys, passwords, guard = ApiKeys(data_dir / SECRET), Passwords(run_sync), guard or LoginGuard()
        self.roster = Roster(shelf, clock=clock)
        self.users = Users(self.roster, keys, passwords)
        self.sessions = Sessions(self.roster)
        self.credentials = Credentials(self.roster, self.users, self.sessions, keys, passwords, guard)
        self.setup = Setup(self.roster, self.users, self.sessions, guard)
        self.preferences = Preferences(shelf)

    async def by_password(self, name: str, password: str, address: str) -> User:
        """Give the user with this name and password. A wrong one counts as a guess of the address.

        Unknown, disabled and password-less accounts and wrong passwords are refused in the same words and time.
        Raises `NotAuthenticated` (`invalid_credentials`), `RateLimited` for an address that has to wait,
        `StorageUnavailable`.
        """
        return await self.credentials.by_password(name, password, address)

    async def by_api_key(self, key: str, address: str) -> User:
        """Give the user of an API key. A wrong one counts as a guess of the address; a right one works all the same.

        Raises `NotAuthenticated`, `RateLimited`, `StorageUnavailable`.
        """
        return await self.credentials.by_api_key(key, address)

    def standing(self, id: int) -> str | None:
        """Give what changes whenever the sessions of a user end, or the API key is made anew; None: nobody comes in.

        Who lets somebody in for a while, by `by_password` or `by_api_key`, keeps it, and asks again each time.
        """
        account = self.roster.accounts.get(id)
        return None if account is None or account.disabled else f"{account.epoch}.{account.key_generation}"

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Know who there is; starts when that was tried once."""
        await self.roster.run(task_status=task_status)
