"""The REST adapter: one endpoint per operation that has a route. Source: design 4, http-api 1."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from quart.wrappers import Request

from ..operations import Operation, Operations, Prepared
from .caller import caller
from .inputs import Input
from .packing import WORTH_PACKING, PackedBodies, accepts_gzip, pack
from .replies import CACHED_JSON, GZIPPED, JSON, Reply

Endpoint = Callable[[Request, Mapping[str, str]], Awaitable[Reply]]
"""Answers a request; the mapping holds the parameters of its path."""


def endpoint(operation: Operation, operations: Operations, packed: PackedBodies) -> Endpoint:
    """Make the endpoint of an operation: decode, run, encode."""
    encode = msgspec.json.Encoder().encode
    read = Input(operation).read

    async def answer(request: Request, parameters: Mapping[str, str]) -> Reply:
        asked = await read(request, parameters)
        found = await operations.run(operation, asked, caller(request.scope))
        if isinstance(found, Prepared):
            return await cached_reply(request, packed, operation.action, found)
        return await plain_reply(request, encode(found))

    return answer


async def plain_reply(request: Request, body: bytes, status: int = 200) -> Reply:
    """Answer with JSON that nobody keeps, packed if that is worth it and welcome."""
    if len(body) > WORTH_PACKING and _wants_gzip(request):
        return Reply(await pack(body), status, (*JSON, *GZIPPED))
    return Reply(body, status)


async def cached_reply(request: Request, packed: PackedBodies, name: str, content: "Prepared[msgspec.Struct]") -> Reply:
    """Answer with bytes that stand ready, or with 304 if the caller has them already."""
    if _matches(request.headers.get("If-None-Match"), content.etag):
        return Reply(b"", 304, (*CACHED_JSON[1:], _etag(content.etag)))
    body = content.body()
    etag = content.etag  # again: rendering may have published what was unsent
    headers = (*CACHED_JSON, _etag(etag))
    if len(body) > WORTH_PACKING and _wants_gzip(request):
        return Reply(await packed.get(f"{name} {etag}", body), 200, (*headers, (b"content-encoding", b"gzip")))
    return Reply(body, 200, headers)


def _etag(name: str) -> tuple[bytes, bytes]:
    return b"etag", f'W/"{name}"'.encode()  # weak: the packed form has other bytes


def _matches(header: str | None, etag: str) -> bool:
    if header is None:
        return False
    tags = {each.strip().removeprefix("W/").strip('"') for each in header.split(",")}
    return etag in tags or "*" in tags


def _wants_gzip(request: Request) -> bool:
    return accepts_gzip(request.headers.get("Accept-Encoding", "").encode("latin-1"))
