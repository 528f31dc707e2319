"""Passwords that were taken over as bcrypt hashes, until their owners have signed in once. Source: legacy-store 4."""

import logging
import re
from functools import cache

LONGEST = 72
"""bcrypt looks at so many bytes of a password, and its Python package refuses more."""
HIGHEST_COST = 14
"""One more doubles the time: 14 take about two seconds, and a made-up 31 would take days."""
_HASH = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")

log = logging.getLogger("amutorrent.accounts")


def is_legacy(kept: str | None) -> bool:
    """Say whether a hash is one of bcrypt."""
    return kept is not None and kept.startswith("$2")


def is_usable(kept: str) -> bool:
    """Say whether a hash of bcrypt is whole, and can be compared in a reasonable time."""
    found = _HASH.fullmatch(kept)
    return found is not None and 4 <= int(found[1]) <= HIGHEST_COST


def legacy_matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the one of the hash; None: of no hash, which takes as long. For a worker thread."""
    try:
        import bcrypt
    except ImportError:
        _tell_once()
        return False
    if kept is not None and not is_usable(kept):
        return False
    cut = password.encode()[:LONGEST]
    try:
        return bcrypt.checkpw(cut, (kept or _dummy()).encode())
    except ValueError:  # a NUL, which no password has that was taken over
        return False


@cache
def _dummy() -> str:
    """Give a hash that nobody knows a password for."""
    import secrets

    import bcrypt

    return bcrypt.hashpw(secrets.token_bytes(32).hex().encode(), bcrypt.gensalt(12)).decode()


@cache
def _tell_once() -> None:
    log.error(
        "Passwords that were taken over cannot be compared, since bcrypt is not installed: "
        "pip install 'amutorrent[legacy]', or give new ones with `amutorrent users passwd`"
    )
