"""The cookie of a session. Source: http-api 3."""

from collections.abc import Iterable, Iterator

NAME = "amule.sid"
MOST = 4
"""So many cookies of our name are looked at: one for each path that a browser may have kept."""


def session_tokens(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[str]:
    """Give what stands in the cookies of our name."""
    found = 0
    for header, value in headers:
        if header == b"cookie":
            for part in value.decode("latin-1").split(";"):
                name, _, token = part.strip().partition("=")
                if name == NAME and token and found < MOST:
                    found += 1
                    yield token.strip('"')


def set_cookie(token: str, lasts_s: int, *, path: str, secure: bool) -> tuple[bytes, bytes]:
    """Make the header that gives a browser its token; a token of "" takes it away."""
    parts = [f"{NAME}={token}", f"Path={path or '/'}", f"Max-Age={lasts_s}", "HttpOnly", "SameSite=Lax"]
    return b"set-cookie", "; ".join([*parts, "Secure"] if secure else parts).encode("latin-1")
