"""Who is signed in with a cookie. Source: http-api 3."""

import secrets
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ..errors import NotAuthenticated
from ..model.account import Account, Session
from .keys import fingerprint
from .roster import Proof, Roster, folded

if TYPE_CHECKING:
    from ..store import Ledger

TOKEN_BYTES = 32
SHORT_S = 24 * 3600
LONG_S = 30 * 24 * 3600
"""With "remember me"."""
MOST = 100
"""Sessions of one account; with one more the oldest ends."""


class SignedIn(NamedTuple):
    """A session that has begun: its token, which is told this once, and the seconds until it ends."""

    token: str
    proof: Proof
    lasts_s: int


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def find(self, token: str) -> Proof | None:
        """Say whose session a token belongs to; None: nobody's, or it has ended."""
        session = self._roster.sessions.get(fingerprint(token))
        account = self._roster.accounts.get(session.account_id) if session else None
        if session is None or account is None:
            return None
        proof = Proof(account.id, account.epoch, session=session.token_hash)
        return proof if self._roster.user(proof) else None

    async def begin(self, account: Account, *, remember: bool = False, new_hash: str | None = None) -> SignedIn:
        """Sign somebody in who has proven who they are; `new_hash` takes the place of an outdated one.

        Raises `NotAuthenticated` if the account was changed or removed just now, `StorageUnavailable`.
        """
        token, lasts_s, now = secrets.token_urlsafe(TOKEN_BYTES), LONG_S if remember else SHORT_S, self._roster.now()
        session = Session(
            token_hash=fingerprint(token), account_id=account.id, created_at=now, expires_at=now + lasts_s * 1000
        )
        surplus = self._oldest(account.id)

        def work(ledger: "Ledger") -> None:
            found = ledger.get(account.id)
            if found is None or found.disabled or found.epoch != account.epoch:
                raise NotAuthenticated("The account was changed just now: sign in again")
            after = replace(found, last_login_at=now, password_hash=new_hash or found.password_hash)
            ledger.put(after, folded(after.name))
            for each in surplus:
                ledger.end_session(each)
            ledger.sign_in(session)

        await self._roster.change(work)
        return SignedIn(token, Proof(account.id, account.epoch, session=session.token_hash), lasts_s)

    async def end(self, token_hash: str) -> None:
        """End one session. Raises `StorageUnavailable`."""
        await self._roster.change(lambda ledger: ledger.end_session(token_hash))

    async def end_all(self, account_id: int, keep: str | None = None) -> int:
        """End all sessions of an account but the one with the hash `keep`; says how many.

        Raises `StorageUnavailable`.
        """
        return await self._roster.change(lambda ledger: ledger.end_sessions(account_id, keep))

    def _oldest(self, account_id: int) -> list[str]:
        mine = [each for each in self._roster.sessions.values() if each.account_id == account_id]
        mine.sort(key=lambda each: each.created_at)
        return [each.token_hash for each in mine[: max(0, len(mine) - MOST + 1)]]
