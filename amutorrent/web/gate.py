"""Who comes in: session, trusted proxy, API key, or everybody. Source: http-api 3."""

import logging
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from ..accounts import LOCAL_ADMIN, NOBODY, Accounts, User
from ..accounts.roster import Proof
from ..errors import AmutorrentError, NotAuthenticated, StorageUnavailable
from .cookie import session_tokens
from .proxies import Visitor

Scope = dict[str, Any]  # Any: ASGI's own untyped dict
ARRIVAL = "amutorrent.arrival"
KEY_HEADER = b"x-api-key"

log = logging.getLogger("amutorrent.web")


class Arrival(NamedTuple):
    """Somebody at the gate. `user` is `NOBODY` with `refusal`, which says why; `proof` None: everybody is let in.

    By a `door` somebody is known to one surface, and to nobody else: for all others they are nobody.
    """

    visitor: Visitor
    user: User
    by: Literal["nothing", "session", "proxy", "key", "door", "nobody"]
    proof: Proof | None = None
    refusal: AmutorrentError | None = None

    @property
    def must_set_up(self) -> bool:
        """Whether nobody can come in, since there is no account yet."""
        return self.refusal is not None and self.refusal.code == "setup_required"


class ProxySignIn(NamedTuple):
    """The header in which trusted proxies name the user; `provision`: what accounts may do that are made for them."""

    header: bytes
    provision: frozenset[str] | None = None


class Gate:
    """Finds out who somebody is. Without `accounts` everybody is the admin of this machine."""

    def __init__(self, accounts: Accounts | None = None, proxy: ProxySignIn | None = None) -> None:
        self.accounts = accounts
        self.proxy = proxy

    @property
    def needs_setup(self) -> bool:
        """Whether somebody has to make the first account."""
        roster = self.accounts.roster if self.accounts else None
        return roster is not None and roster.loaded and not roster.accounts

    async def arrive(self, scope: Scope, visitor: Visitor) -> Arrival:
        """Say who makes a request. Never raises: who is not let in has a `refusal`."""
        if self.accounts is None:
            return Arrival(visitor, LOCAL_ADMIN, "nothing")
        if self.needs_setup:
            await self.accounts.roster.refresh()
        if self.needs_setup:
            return _refused(visitor, NotAuthenticated("There is no account yet", code="setup_required"))
        try:
            return await self._known(self.accounts, scope, visitor)
        except AmutorrentError as error:
            return _refused(visitor, error)

    def still(self, arrival: Arrival) -> User | None:
        """Say who somebody is by now who came in before; None: they have to sign in again."""
        if self.accounts is None or arrival.proof is None:
            return arrival.user
        return self.accounts.roster.user(arrival.proof)

    async def _known(self, accounts: Accounts, scope: Scope, visitor: Visitor) -> Arrival:
        shown = False
        for token in session_tokens(scope["headers"]):
            shown = True
            proof = accounts.sessions.find(token)
            user = accounts.roster.user(proof) if proof else None
            if user is not None:
                return Arrival(visitor, user, "session", proof)
        name = self._named_by_proxy(scope, visitor)
        if name and self.proxy is not None:
            proof = await accounts.credentials.by_proxy(name, provision=self.proxy.provision)
            user = accounts.roster.user(proof) if proof else None
            if user is not None:
                return Arrival(visitor, user, "proxy", proof)
        for key in filter(None, map(str.strip, _values(scope, KEY_HEADER))):  # an empty one is no guess
            proof = await accounts.credentials.check_key(key, visitor.address)
            user = accounts.roster.user(proof)
            if user is not None:
                return Arrival(visitor, user, "key", proof)
        if shown and not accounts.roster.loaded:
            raise StorageUnavailable("The accounts cannot be read, since the database cannot be used")
        raise NotAuthenticated("Sign in first")

    def _named_by_proxy(self, scope: Scope, visitor: Visitor) -> str | None:
        if self.proxy is None or not visitor.trusted:
            return None
        names = list(_values(scope, self.proxy.header))
        return names[0].strip() if len(names) == 1 else None  # two of them: one is not the proxy's


def arrival_of(scope: Any) -> Arrival:  # Any: ASGI's own untyped dict
    """Give who makes the request or opens the socket of a scope that has passed the gate."""
    found: Arrival = scope[ARRIVAL]
    return found


def caller(scope: Any) -> User:  # Any: ASGI's own untyped dict
    """Give the user of a scope that has passed the gate. Raises why it is nobody."""
    arrival = arrival_of(scope)
    if arrival.refusal is not None:
        raise arrival.refusal
    return arrival.user


def _refused(visitor: Visitor, error: AmutorrentError) -> Arrival:
    return Arrival(visitor, NOBODY, "nobody", refusal=error)


def _values(scope: Scope, name: bytes) -> Iterator[str]:
    return (value.decode("latin-1") for key, value in scope["headers"] if key == name)
