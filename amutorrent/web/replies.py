"""What leaves as an HTTP answer: status, headers made once, and bytes. Source: http-api 1 and 2."""

from collections.abc import AsyncIterator, Iterable
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ..errors import AmutorrentError, RateLimited
from .messages import Error, RequestId

Headers = tuple[tuple[bytes, bytes], ...]

SECURITY: Headers = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer"))
PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"frame-ancestors 'none'",
)
_TYPE = (b"content-type", b"application/json")
JSON: Headers = (_TYPE, (b"cache-control", b"no-store"), *SECURITY)
CACHED_JSON: Headers = (
    _TYPE,
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"accept-encoding"),
    *SECURITY,
)
CACHED_PAGE: Headers = ((b"content-type", b"text/html; charset=utf-8"), *CACHED_JSON[1:], PAGE_POLICY)
GZIPPED: Headers = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding"))


class Reply(NamedTuple):
    """An answer whose bytes are all there."""

    body: bytes
    status: int = 200
    headers: Headers = JSON

    async def send(self, send: Any) -> None:  # Any: ASGI's callable
        """Send it over ASGI, in two messages."""
        length = (b"content-length", b"%d" % len(self.body))
        headers = self.headers if self.status == 304 else (*self.headers, length)
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})

    async def refuse_upgrade(self, send: Any) -> None:  # Any: ASGI's callable
        """Send it in the place of the acceptance of a WebSocket."""
        headers = (*self.headers, (b"content-length", b"%d" % len(self.body)), (b"connection", b"close"))
        await send({"type": "websocket.http.response.start", "status": self.status, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": self.body, "more_body": False})


class FileReply(NamedTuple):
    """An answer that is made while it is sent; its first bytes are there."""

    first: bytes
    rest: AsyncIterator[bytes]
    headers: Headers

    async def send(self, send: Any) -> None:  # Any: ASGI's callable
        """Send it over ASGI, chunk by chunk."""
        await send({"type": "http.response.start", "status": 200, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.first, "more_body": True})
        async for chunk in self.rest:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class MethodNotAllowed(AmutorrentError):
    """The path is there, the method is not."""

    code = "method_not_allowed"
    status = 405

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("This path does not have that method")
        self.allowed = ", ".join(sorted(allowed))


class PayloadTooLarge(AmutorrentError):
    """The body is longer than this path takes."""

    code = "payload_too_large"
    status = 413


class UnsupportedMediaType(AmutorrentError):
    """The body is of another type than this path takes."""

    code = "unsupported_media_type"
    status = 415


INTERNAL_ERROR = AmutorrentError("Something went wrong here; the log says what")


def codes_of(status: int) -> list[str]:
    """List the codes that come with a status."""
    kinds: list[type[AmutorrentError]] = [AmutorrentError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return sorted({code for kind in kinds if kind.status == status for code in (kind.code, *kind.codes)})


def error_body(error: AmutorrentError, action: str | UnsetType = UNSET, request_id: RequestId = UNSET) -> bytes:
    """Encode an error as every interface of ours shows it; the last two belong to requests on a socket."""
    shown = Error(error.code, error.message, dict(error.details) or UNSET, action, request_id)
    try:
        return msgspec.json.encode(shown, enc_hook=str)
    except (UnicodeEncodeError, TypeError):  # details that are no JSON: what happened is told without them
        return msgspec.json.encode(replace(shown, details=UNSET))


def error_reply(error: AmutorrentError) -> Reply:
    """Make the answer to a request that failed."""
    headers = JSON
    if isinstance(error, RateLimited):
        headers = (*JSON, (b"retry-after", b"%d" % error.retry_after))
    elif isinstance(error, MethodNotAllowed):
        headers = (*JSON, (b"allow", error.allowed.encode()))
    return Reply(error_body(error), error.status, headers)
