"""Who asks: an admin by Basic, Bearer or the cookie `SID`; everybody while authentication is off. Source: http-api 12.

The programs take 401 for a fault of the connection, and log in again on 403 alone: so who is not known, whose session
is over and who has to wait gets 403.
"""

import binascii
import hashlib
import re
import secrets
from base64 import b64decode
from collections import OrderedDict
from typing import NamedTuple

import trio

from amutorrent import Asking, Forbidden, Host, NotAuthenticated, RateLimited, User

COOKIE = "SID"
LASTS_S = 3600
MOST_SESSIONS = 1000
KNOWN_S = 600
MOST_KNOWN = 100
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class Session(NamedTuple):
    """Somebody who was let in until then (trio's clock); `standing` changes when they are not to be any more."""

    user: User
    standing: str | None
    until: float


class Door:
    """The sessions, and for a while the right pairs of name and password: comparing them is slow on purpose."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._known: OrderedDict[bytes, Session] = OrderedDict()
        self._salt = secrets.token_bytes(32)

    async def who(self, asking: Asking, header: str, sid: str | None) -> User:
        """Say which admin asks. Raises `NotAuthenticated` (`setup_required`), `Forbidden`, `StorageUnavailable`."""
        if asking.user is not None and asking.user.id is None:
            return asking.user  # authentication is off
        if asking.must_set_up:
            raise NotAuthenticated("There is no account yet", code="setup_required")
        user = self._by_session(sid) or await self._by_header(header, asking.address)
        if user is None:
            raise Forbidden("Forbidden")
        return user

    async def log_in(self, name: str, password: str, asking: Asking) -> str | None:
        """Begin a session, and give its token; None: a wrong pair. Raises `Forbidden`, `StorageUnavailable`."""
        user = asking.user if asking.user is not None and asking.user.id is None else None
        try:
            user = user or await self._check(name, password, asking.address)
        except NotAuthenticated:
            return None
        if not user.is_admin:
            return None
        token = secrets.token_urlsafe(24)
        self._sessions[token] = self._session(user, LASTS_S)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return token

    def log_out(self, sid: str | None) -> None:
        """End a session."""
        self._sessions.pop(sid or "", None)

    def _by_session(self, sid: str | None) -> User | None:
        session = self._sessions.pop(sid or "", None)
        user = self._still(session)
        if session is not None and user is not None:
            self._sessions[sid or ""] = session._replace(until=trio.current_time() + LASTS_S)
        return user

    async def _by_header(self, header: str, address: str) -> User | None:
        scheme, _, given = header.strip().partition(" ")
        try:
            if scheme.lower() == "bearer":
                return _admin(await self._host.accounts.by_api_key(given.strip(), address))
            pair = _pair(given) if scheme.lower() == "basic" else None
            return _admin(await self._by_pair(*pair, address)) if pair else None
        except NotAuthenticated:
            return None

    async def _by_pair(self, name: str, password: str, address: str) -> User:
        """Give the user of a name and a password, which may be an API key. Raises as `who`."""
        # with the address, so that nobody who has to wait learns from another one's success what is right
        shown = f"{address}\0{name}\0{password}".encode("utf-8", "replace")
        key = hashlib.blake2b(shown, key=self._salt).digest()
        known = self._still(self._known.get(key))
        if known is not None:
            return known
        user = await self._check(name, password, address)
        self._known[key] = self._session(user, KNOWN_S)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return user

    async def _check(self, name: str, password: str, address: str) -> User:
        try:
            if _KEY.fullmatch(password):
                try:
                    return await self._host.accounts.by_api_key(password, address)
                except NotAuthenticated:
                    pass  # a password may look like a key
            return await self._host.accounts.by_password(name, password, address)
        except RateLimited as error:
            raise Forbidden(error.message) from error

    def _session(self, user: User, lasts_s: float) -> Session:
        standing = None if user.id is None else self._host.accounts.standing(user.id)
        return Session(user, standing, trio.current_time() + lasts_s)

    def _still(self, session: Session | None) -> User | None:
        if session is None or session.until < trio.current_time():
            return None
        id = session.user.id
        if id is not None and (session.standing is None or self._host.accounts.standing(id) != session.standing):
            return None
        return session.user


def _admin(user: User) -> User | None:
    return user if user.is_admin else None


def _pair(given: str) -> tuple[str, str] | None:
    """Read what stands behind `Basic`; None: nothing, or an empty pair, as Radarr sends it without settings."""
    try:
        data = b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    name, colon, password = text.partition(":")
    return (name, password) if colon and (name or password) else None
