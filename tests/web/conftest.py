"""A real web server on a free port, over a real catalogue, with a few operations of its own and no download client."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import trio
from lab.info import info
from msgspec import Meta, Struct
from trio_websocket import ConnectionClosed, WebSocketConnection, connect_websocket_url
from wsproto.utilities import LocalProtocolError

from amutorrent import Call, Changes, ClientFailed, Events, Item, RateLimited, camel
from amutorrent.broadcast import Broadcast
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.host import Host, Parts
from amutorrent.instances import Instances
from amutorrent.log_ring import LogRing
from amutorrent.logs import Redaction
from amutorrent.moving import Moves
from amutorrent.operations import ADMIN, Operation, operation
from amutorrent.operations.declare import declared
from amutorrent.operations.overview import snapshot
from amutorrent.operations.table import Operations
from amutorrent.peering import Peering
from amutorrent.searches import Searches
from amutorrent.syncing import CategorySync
from amutorrent.telemetry import Telemetry
from amutorrent.watchdog import Watchdog
from amutorrent.web import ClientHealth, HealthReport, Problem, WebApp, WebContext, create_app, serve

INSTANCE = "demo-local-1"


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


INFO = info(connected=False, state="waiting", version=None, last_poll_ms=None)


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


def make_item(number: int, **facts: Any) -> Item:
    """Make an item."""
    values: dict[str, Any] = {
        "hash": f"{number:040x}",
        "name": f"file {number}",
        "status": "active",
        "progress": 10.0,
        "size": 1000,
        "download_speed": 10,
        "upload_speed": 0,
        "complete": False,
    }
    return Item(**{**values, **facts})


@dataclass
class Web:
    """A server that runs, and the parts behind it."""

    url: str
    catalogue: Catalogue
    events: Events
    instances: Instances
    app: WebApp
    stop: trio.Event
    stopped: trio.Event

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    async def fill(self, *items: Item, full: bool = True) -> None:
        """Let the one instance report items."""
        await self.catalogue.apply(INSTANCE, Changes(items=items, full=full))

    async def request(self, raw: bytes, *, half_close: bool = False) -> bytes:
        """Send bytes on a connection of their own and read until the server closes it."""
        async with await trio.open_tcp_stream("127.0.0.1", self.port) as stream:
            await stream.send_all(raw)
            if half_close:
                await stream.send_eof()
            received = b""
            with trio.fail_after(20):
                async for part in stream:
                    received += part
            return received

    async def get(self, path: str, *headers: str, method: str = "GET", body: bytes | None = None) -> "Answer":
        """Make one request on a connection of its own."""
        lines = [f"{method} {path} HTTP/1.1", "Connection: close", *headers]
        if not any(each.lower().startswith("host:") for each in headers):
            lines.insert(1, f"Host: {self.host}")
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        return Answer(await self.request("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")))

    async def post(self, path: str, body: bytes, *headers: str, kind: str = "application/json") -> "Answer":
        """POST a body."""
        return await self.get(path, f"Content-Type: {kind}", *headers, method="POST", body=body)

    @asynccontextmanager
    async def socket(self, path: str = "/", **options: Any) -> AsyncIterator["Reader"]:
        """Open a WebSocket. trio-websocket needs a nursery of its own (stack-notes 8)."""
        try:
            async with trio.open_nursery() as nursery:
                url = f"ws://{self.host}{path}"
                connection = await connect_websocket_url(nursery, url, max_message_size=64 << 20, **options)
                try:
                    yield Reader(connection)
                finally:
                    await trio.aclose_forcefully(connection._stream)  # it leaves its socket open when cancelled
                    nursery.cancel_scope.cancel()
        except* (LocalProtocolError, ConnectionClosed):
            pass

    async def wait_for_sockets(self, count: int) -> None:
        """Wait until so many sockets are open."""
        with trio.fail_after(5):
            while json.loads((await self.get("/health")).body)["connections"] != count:
                await trio.lowlevel.checkpoint()


class Reader:
    """The client's end of a WebSocket."""

    def __init__(self, connection: WebSocketConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        """Send a request."""
        await self.connection.send_message(json.dumps(message))

    async def get(self, kind: str | None = None) -> dict[str, Any]:
        """Take the next message, or the next one of a type."""
        with trio.fail_after(10):
            while True:
                text = await self.connection.get_message()
                assert isinstance(text, str)
                message: dict[str, Any] = json.loads(text)
                if kind in (None, message["type"]):
                    return message

    async def ask(self, action: str, **fields: Any) -> dict[str, Any]:
        """Make a request and take its reply, leaving out what is sent to everybody."""
        await self.send(action=action, requestId=f"ask {action}", **fields)
        while True:
            message = await self.get()
            if message.get("requestId") == f"ask {action}":
                return message

    async def greeting(self) -> list[dict[str, Any]]:
        """Take the four messages that every socket begins with."""
        return [await self.get() for _ in range(4)]

    async def closed(self) -> int:
        """Wait until the server closes the socket, and give its code."""
        with trio.fail_after(10):
            while True:
                try:
                    await self.connection.get_message()
                except ConnectionClosed as error:
                    return error.reason.code if error.reason else 0


class Answer:
    """An HTTP answer, taken apart."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.status = int(first.split(" ")[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


OpenWeb = Callable[..., AbstractAsyncContextManager[Web]]


@asynccontextmanager
async def open_web(
    *, accounts: Any = None, table: Sequence[Operation] = OPERATIONS, listen: str = "127.0.0.1", **options: Any
) -> AsyncIterator[Web]:
    """Run a web server with some operations; `options` go to its context."""
    events, broadcast = Events(), Broadcast()
    catalogue = Catalogue(Categories(), events)
    parts: list[Parts] = []

    def run_sync_for(name: str) -> Any:
        return trio.to_thread.run_sync

    def host_for(name: str) -> Host:
        return Host(name, lambda: parts[0] if parts else None)

    instances = Instances(catalogue, events, {}, run_sync_for)
    moves = Moves(instances, catalogue, events, broadcast, trio.to_thread.run_sync)
    searches = Searches(instances, catalogue, broadcast)
    peering, log_ring = Peering(instances, catalogue), LogRing(Redaction())
    sync = CategorySync(catalogue, instances, events)
    operations = Operations(table, host_for)
    parts.append(
        Parts(
            catalogue=catalogue,
            instances=instances,
            events=events,
            broadcast=broadcast,
            searches=searches,
            peering=peering,
            log_ring=log_ring,
            moves=moves,
            operations=operations,
            plugins=list,
            settings_of=lambda name: None,  # type: ignore[arg-type,return-value]
            run_sync_for=run_sync_for,
            storage_for=lambda name: None,  # type: ignore[arg-type,return-value]
            accounts=accounts,
            category_sync=sync,
        )
    )
    report = HealthReport(
        problems=(Problem("instance_rejected", "demo: wrong password"),),
        clients={INSTANCE: ClientHealth("demo", connected=False)},
    )
    catalogue.put_instance(INSTANCE, INFO)
    given: dict[str, Any] = {
        "operations": operations,
        "catalogue": catalogue,
        "instances": instances,
        "events": events,
        "broadcast": broadcast,
        "searches": searches,
        "peering": peering,
        "log_ring": log_ring,
        "health": lambda: report,
        "telemetry": Telemetry("1.2.3", catalogue, instances, Watchdog()),
    }
    app = create_app(WebContext(**{**given, **options}))
    async with trio.open_nursery() as nursery:
        await nursery.start(instances.run)
        await nursery.start(peering.run)
        await nursery.start(operations.serve)
        nursery.start_soon(catalogue.run)
        stop, stopped = trio.Event(), trio.Event()

        async def run(task_status: trio.TaskStatus[list[str]]) -> None:
            await serve(app, host=listen, port=0, stop=stop, task_status=task_status)
            stopped.set()

        (url,) = await nursery.start(run)
        yield Web(url, catalogue, events, instances, app, stop, stopped)
        stop.set()
        with trio.fail_after(10):
            await stopped.wait()
        nursery.cancel_scope.cancel()


@pytest.fixture
def make_web() -> OpenWeb:
    """Give the function that runs a server with options of one's own."""
    return open_web


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Run a server."""
    async with open_web() as running:
        yield running


@pytest.fixture
def item() -> Callable[..., Item]:
    """Give the function that makes items."""
    return make_item


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make password hashes that take no time."""
    monkeypatch.setattr("amutorrent.accounts.passwords.MEMORY_KIB", 64)
    monkeypatch.setattr("amutorrent.accounts.passwords.PASSES", 1)


@pytest.fixture
async def site(tmp_path: Any, cheap_hashes: None) -> AsyncIterator[Any]:
    """Run a server that wants to know who asks, with a few accounts."""
    from web.site import open_site, people  # late: it builds on this module

    async with open_site(tmp_path) as running:
        await people(running.accounts)
        yield running
