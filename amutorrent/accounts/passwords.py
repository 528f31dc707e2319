"""Passwords: what makes a good one, and the slow hash that is kept of it. Source: http-api 3."""

import base64
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import TypeVar

import trio

from ..client import RunSync
from ..errors import InvalidRequest, RateLimited
from ..watchdog import Workers
from .legacy import is_legacy, legacy_matches

SHORTEST, LONGEST = 8, 256
AT_ONCE = 2
"""Hashes that are computed at the same time: each takes 32 MiB and a good part of a core."""
MOST_WAITING = 50
MEMORY_KIB, PASSES, LANES = 32 << 10, 3, 1
HASH_BYTES, SALT_BYTES = 32, 16

T = TypeVar("T")


def check_password(password: str, name: str) -> None:
    """See that a password is good enough for a user. Raises `InvalidRequest`; the message does not repeat it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidRequest(f"A password has {SHORTEST} to {LONGEST} characters", field="password")
    if not _encodable(password):
        raise InvalidRequest("The password is no proper text", field="password")
    if password.casefold() == name.casefold():
        raise InvalidRequest("The password is the user name", field="password")
    if password.casefold() in _common():
        raise InvalidRequest("This is one of the 1,000 commonest passwords, which are tried first", field="password")


@cache
def _common() -> frozenset[str]:
    """Read the list that `contrib/common-passwords` makes."""
    text = files("amutorrent.accounts").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line.casefold() for line in text.splitlines() if line and not line.startswith("#"))


class Passwords:
    """Makes and compares hashes (argon2id) in worker threads, a few at once; more wait, and too many are refused."""

    def __init__(self, run_sync: RunSync | None = None) -> None:
        from argon2 import PasswordHasher  # late: commands that look at no password need not wait for its import

        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=HASH_BYTES, salt_len=SALT_BYTES
        )
        self._run_sync = run_sync or Workers().runner("passwords", trio.CapacityLimiter(AT_ONCE))
        self._waiting = 0
        self._legacy = False

    def expect_legacy(self, found: Iterable[bool]) -> None:
        """Say which accounts have a hash that was taken over. While any has, every comparison takes the time of one."""
        self._legacy = any(found)

    async def hash(self, password: str) -> str:
        """Make the hash to keep. Raises `RateLimited` if too many wait for theirs."""
        return await self._in_turn(lambda: self._hasher.hash(_normal(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Say whether a password is the one of the hash. It takes as long without one (None): nobody is to learn by
        the clock who has an account. Raises `RateLimited` if too many wait for theirs.
        """
        return await self._in_turn(lambda: self._verify(kept or _dummy(), password))

    def outdated(self, kept: str) -> bool:
        """Say whether a hash was made by weaker rules than today's."""
        return is_legacy(kept) or self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        if not _encodable(password):
            password = ""  # no hash is of that; it is to take its time all the same
        legacy, kept = (kept, _dummy()) if is_legacy(kept) else (None, kept)
        right = legacy_matches(legacy, password) if self._legacy or legacy else False
        return self._verify_own(kept, password) or (right and legacy is not None)

    def _verify_own(self, kept: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher.verify(kept, _normal(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= AT_ONCE + MOST_WAITING:
            raise RateLimited("Too many sign in at once", retry_after=5)
        self._waiting += 1
        try:
            return await self._run_sync(work)
        finally:
            self._waiting -= 1


@cache
def _dummy() -> str:
    """Give a hash that costs as much as any, and that nobody knows a password for: it is of none."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (SALT_BYTES, HASH_BYTES)
    )
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"


def _normal(password: str) -> bytes:
    """One character may be spelled in two ways, and keyboards differ in which they send."""
    return unicodedata.normalize("NFC", password).encode()


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
