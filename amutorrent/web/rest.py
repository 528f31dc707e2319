"""The REST adapter: one endpoint per operation that has a route. Source: design 4, http-api 1."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from quart.wrappers import Request

from ..operations import PUBLIC, SETUP, Operation, Operations, Prepared, Streamed, Visit, permit
from .cookie import set_cookie
from .gate import arrival_of, caller
from .inputs import Input
from .packing import WORTH_PACKING, PackedBodies, accepts_gzip, pack
from .replies import CACHED_JSON, GZIPPED, JSON, FileReply, Headers, Reply

Endpoint = Callable[[Request, Mapping[str, str]], Awaitable[Reply | FileReply]]
"""Answers a request; the mapping holds the parameters of its path."""


def endpoint(operation: Operation, operations: Operations, packed: PackedBodies, *, sso: bool = False) -> Endpoint:
    """Make the endpoint of an operation: decode, run, encode. `sso`: a trusted proxy may sign people in."""
    encode = msgspec.json.Encoder().encode
    read = Input(operation).read

    async def answer(request: Request, parameters: Mapping[str, str]) -> Reply | FileReply:
        arrival = arrival_of(request.scope)
        is_open = operation.needs == SETUP or (operation.needs == PUBLIC and not arrival.must_set_up)
        user = arrival.user if is_open else caller(request.scope)
        permit(operation, user)  # before anything of the body is looked at
        asked = await read(request, parameters)
        visit = Visit(arrival.visitor.address, arrival.proof, sso)
        found = await operations.run(operation, asked, user, visit=visit)
        if isinstance(found, Prepared):
            return await cached_reply(request, packed, operation.action, found)
        if isinstance(found, Streamed):
            return await file_reply(found)
        return _with_session(request, await plain_reply(request, encode(found), operation.status), visit)

    return answer


def for_users(answer: Endpoint) -> Endpoint:
    """Make an endpoint that answers those only who have shown who they are."""

    async def guarded(request: Request, parameters: Mapping[str, str]) -> Reply | FileReply:
        caller(request.scope)
        return await answer(request, parameters)

    return guarded


def _with_session(request: Request, reply: Reply, visit: Visit) -> Reply:
    """Tell the browser of the session that has begun or ended."""
    if visit.begun is None and not visit.ended:
        return reply
    token, lasts_s = (visit.begun.token, visit.begun.lasts_s) if visit.begun else ("", 0)
    visitor = arrival_of(request.scope).visitor
    cookie = set_cookie(token, lasts_s, path=request.scope.get("root_path", ""), secure=visitor.secure)
    return reply._replace(headers=(*reply.headers, cookie))


async def file_reply(content: "Streamed[msgspec.Struct]") -> FileReply:
    """Answer with a file that is made while it is sent."""
    first = await anext(content.chunks, b"")
    headers = (
        (b"content-type", content.media_type.encode()),
        (b"content-disposition", f'attachment; filename="{content.file_name}"'.encode()),
        *JSON[1:],
    )
    return FileReply(first, content.chunks, headers)


async def plain_reply(request: Request, body: bytes, status: int = 200) -> Reply:
    """Answer with JSON that nobody keeps, packed if that is worth it and welcome."""
    if len(body) > WORTH_PACKING and _wants_gzip(request):
        return Reply(await pack(body), status, (*JSON, *GZIPPED))
    return Reply(body, status)


async def cached_reply(
    request: Request,
    packed: PackedBodies,
    name: str,
    content: "Prepared[msgspec.Struct]",
    kind: Headers = CACHED_JSON,
) -> Reply:
    """Answer with bytes that stand ready, or with 304 if the caller has them already.

    `kind` are the headers of the answer, the type of its content first.
    """
    if matches(request.headers.get("If-None-Match"), content.etag):
        return Reply(b"", 304, (*kind[1:], _etag(content.etag)))
    body = content.body()
    etag = content.etag  # again: rendering may have published what was unsent
    headers = (*kind, _etag(etag))
    if len(body) > WORTH_PACKING and _wants_gzip(request):
        return Reply(await packed.get(f"{name} {etag}", body), 200, (*headers, (b"content-encoding", b"gzip")))
    return Reply(body, 200, headers)


def _etag(name: str) -> tuple[bytes, bytes]:
    return b"etag", f'W/"{name}"'.encode()  # weak: the packed form has other bytes


def matches(header: str | None, etag: str) -> bool:
    """Say whether an `If-None-Match` header names this tag."""
    if header is None:
        return False
    tags = {each.strip().removeprefix("W/").strip('"') for each in header.split(",")}
    return etag in tags or "*" in tags


def _wants_gzip(request: Request) -> bool:
    return accepts_gzip(request.headers.get("Accept-Encoding", "").encode("latin-1"))
