"""A real web server on a free port, over a real catalogue, with no download client."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import trio
from lab.info import info
from trio_websocket import ConnectionClosed, connect_websocket_url
from web.connections import Answer, Reader
from web.operations import OPERATIONS
from wsproto.utilities import LocalProtocolError

from amutorrent import Changes, Events, Item
from amutorrent.broadcast import Broadcast
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.host import Host, Parts
from amutorrent.instances import Instances
from amutorrent.log_ring import LogRing
from amutorrent.logs import Redaction
from amutorrent.moving import Moves
from amutorrent.operations import Operation
from amutorrent.operations.table import Operations
from amutorrent.peering import Peering
from amutorrent.searches import Searches
from amutorrent.syncing import CategorySync
from amutorrent.telemetry import Telemetry
from amutorrent.watchdog import Watchdog
from amutorrent.web import ClientHealth, HealthReport, Problem, WebApp, WebContext, create_app, serve

INSTANCE = "demo-local-1"
INFO = info(connected=False, state="waiting", version=None, last_poll_ms=None)


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

    async def get(self, path: str, *headers: str, method: str = "GET", body: bytes | None = None) -> Answer:
        """Make one request on a connection of its own."""
        lines = [f"{method} {path} HTTP/1.1", "Connection: close", *headers]
        if not any(each.lower().startswith("host:") for each in headers):
            lines.insert(1, f"Host: {self.host}")
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        return Answer(await self.request("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")))

    async def post(self, path: str, body: bytes, *headers: str, kind: str = "application/json") -> Answer:
        """POST a body."""
        return await self.get(path, f"Content-Type: {kind}", *headers, method="POST", body=body)

    @asynccontextmanager
    async def socket(self, path: str = "/", **options: Any) -> AsyncIterator[Reader]:
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
