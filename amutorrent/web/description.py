"""What describes the API, served: the OpenAPI document, and the guide as a page. Source: http-api 13."""

import hashlib
from collections.abc import Callable, Mapping
from functools import partial

import msgspec
import trio
from msgspec import Struct
from quart.wrappers import Request

from ..operations import Operations, Prepared
from .guide import as_page, guide
from .openapi import describe
from .packing import PackedBodies
from .replies import CACHED_JSON, CACHED_PAGE, Headers, Reply
from .rest import Endpoint, cached_reply


def description_endpoints(operations: Operations, base_path: str, packed: PackedBodies) -> dict[str, Endpoint]:
    """Make the routes of the document and of the page."""
    document = _Made(partial(_document, operations, base_path))
    page = _Made(partial(_page, operations, base_path))
    return {
        "/api/openapi.json": _endpoint(document, "openapi", CACHED_JSON, packed),
        "/api/docs": _endpoint(page, "docs", CACHED_PAGE, packed),
    }


def _document(operations: Operations, base_path: str) -> bytes:
    return msgspec.json.encode(describe(operations.all, base_path))


def _page(operations: Operations, base_path: str) -> bytes:
    return as_page(guide(describe(operations.all, base_path))).encode()


class _Made(Prepared[Struct]):
    """Bytes that are made when first asked for, then kept: operations do not change while we run."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make
        self._making = trio.Lock()
        self._made: tuple[bytes, str] | None = None

    async def wait_made(self) -> None:
        """Make them now if nobody has yet."""
        async with self._making:
            if self._made is None:
                body = await trio.to_thread.run_sync(self._make)
                self._made = body, hashlib.blake2b(body, digest_size=12).hexdigest()

    @property
    def etag(self) -> str:
        """Name them by their content."""
        assert self._made is not None, "wait_made() comes first"
        return self._made[1]

    def body(self) -> bytes:
        """Give them."""
        assert self._made is not None, "wait_made() comes first"
        return self._made[0]


def _endpoint(content: _Made, name: str, kind: Headers, packed: PackedBodies) -> Endpoint:
    async def answer(request: Request, parameters: Mapping[str, str]) -> Reply:
        await content.wait_made()
        return await cached_reply(request, packed, name, content, kind)

    return answer
