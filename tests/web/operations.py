"""A few operations that need no download client: they answer, echo, take a file, fail, or change a thing."""

import hashlib
from collections.abc import Callable
from typing import Annotated

import trio
from msgspec import Meta, Struct

from amutorrent import Call, ClientFailed, RateLimited, camel
from amutorrent.operations import ADMIN, operation
from amutorrent.operations.declare import declared
from amutorrent.operations.overview import snapshot


class Nothing(Struct, frozen=True):
    """A request without fields."""


class Tiny(Struct, frozen=True, tag="tiny"):
    """A small reply."""

    ok: bool = True


class EchoRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """A request with a field of every kind."""

    text: str
    count: Annotated[int, Meta(ge=0)] = 0
    deep_list: list[int] = []
    names: list[str] | None = None
    wait_s: float = 0
    fail: str | None = None


class Echo(Struct, frozen=True, kw_only=True, rename=camel, tag="echo"):
    """What came in."""

    text: str
    count: int
    deep_list: list[int]
    names: list[str] | None


class UploadRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """A file."""

    data: bytes
    file_name: str = "upload.bin"
    paused: bool = False


class Uploaded(Struct, frozen=True, kw_only=True, rename=camel, tag="uploaded"):
    """What arrived."""

    size: int
    digest: str
    file_name: str
    paused: bool


class ThingRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One thing by its id."""

    thing_id: int
    name: str | None = None


class Thing(Struct, frozen=True, kw_only=True, rename=camel, tag="thing"):
    """A thing."""

    thing_id: int
    name: str | None


FAILURES: dict[str, Callable[[], Exception]] = {
    "limited": lambda: RateLimited("Slow down", retry_after=7),
    "quoting": lambda: ClientFailed("No file bad\udce9 here", details={"file": "bad\udce9"}),
    "bug": lambda: KeyError("secret path /home/somebody"),
}


@operation("tiny", http="GET /api/v1/tiny")
async def tiny(request: Nothing, call: object) -> Tiny:
    """Answer at once."""
    return Tiny()


async def _echo(request: EchoRequest) -> Echo:
    if request.wait_s:
        await trio.sleep(request.wait_s)
    if request.fail == "unsendable":
        return Echo(text="\udce9", count=0, deep_list=[], names=None)
    if request.fail:
        raise FAILURES[request.fail]()
    return Echo(text=request.text, count=request.count, deep_list=request.deep_list, names=request.names)


@operation("echoQuery", http="GET /api/v1/echo", socket=False)
async def echo_query(request: EchoRequest, call: object) -> Echo:
    """Give back what came in the query."""
    return await _echo(request)


@operation("echo", http="POST /api/v1/echo", changes=False)
async def echo(request: EchoRequest, call: object) -> Echo:
    """Give back what came in the body."""
    return await _echo(request)


@operation("upload", http="POST /api/v1/upload", upload=("file", "data"), changes=False)
async def upload(request: UploadRequest, call: object) -> Uploaded:
    """Take a file."""
    digest = hashlib.sha256(request.data).hexdigest()
    return Uploaded(size=len(request.data), digest=digest, file_name=request.file_name, paused=request.paused)


@operation("putThing", http="PUT /api/v1/things/{thingId}", needs=ADMIN)
async def put_thing(request: ThingRequest, call: object) -> Thing:
    """Name a thing."""
    return Thing(thing_id=request.thing_id, name=request.name)


@operation("deleteThing", http="DELETE /api/v1/things/{thingId}")
async def delete_thing(request: ThingRequest, call: object) -> Thing:
    """Delete a thing."""
    return Thing(thing_id=request.thing_id, name=request.name)


class CategoryName(Struct, frozen=True):
    """A category by its name."""

    name: str


@operation("makeCategory")
async def make_category(request: CategoryName, call: Call) -> Tiny:
    """Make a category known."""
    call.catalogue.categories.ensure(request.name)
    return Tiny()


OPERATIONS = declared([snapshot, tiny, make_category, echo_query, echo, upload, put_thing, delete_thing], "tests")
