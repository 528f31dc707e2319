"""The first account, made by who can read what the daemon prints at its start. Source: http-api 3 and 6."""

import hmac
import secrets

from ..errors import Conflict, NotAuthenticated
from .login_guard import LoginGuard
from .roster import Roster
from .sessions import Sessions, SignedIn
from .users import Users


class Setup:
    """The one-time token of this start."""

    def __init__(self, roster: Roster, users: Users, sessions: Sessions, guard: LoginGuard) -> None:
        self.token = secrets.token_urlsafe(32)
        self._roster = roster
        self._users = users
        self._sessions = sessions
        self._guard = guard

    @property
    def needed(self) -> bool:
        """Whether there is no account. Raises `StorageUnavailable`: a database that cannot be read is not "none"."""
        self._roster.check_loaded()
        return not self._roster.accounts

    async def create(self, token: str, name: str, password: str, address: str) -> SignedIn:
        """Make the first account, an admin, and sign it in; the token is spent.

        Raises `Conflict` (`already_exists`), `NotAuthenticated` (`invalid_credentials`) for a wrong token,
        `InvalidRequest`, `RateLimited`, `StorageUnavailable`.
        """
        if not self.needed:
            raise Conflict("There is an account already: sign in")
        async with self._guard.turn(address):
            if not hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode()):
                self._guard.failed(address)
                raise NotAuthenticated(
                    "This is not the link that the daemon printed at its last start", code="invalid_credentials"
                )
            account = await self._users.create(name, password, is_admin=True, first=True)
            self._guard.succeeded(address)
        return await self._sessions.begin(account)
