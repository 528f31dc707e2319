"""A WebSocket reader that replays what our daemon sends."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection, connect_websocket_url
from wsproto.utilities import LocalProtocolError

LARGEST = 64 << 20
T = TypeVar("T")


class Reader:
    """The items as first snapshot and deltas amount to, and every message that came."""

    def __init__(self, socket: WebSocketConnection) -> None:
        self._socket = socket
        self.session = ""
        self.seq = -1
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self.replayed: dict[tuple[str, str], dict[str, Any]] = {}
        """What `items` was before the last full form replaced it."""
        self.stats: dict[str, Any] = {}
        self.messages: list[dict[str, Any]] = []
        self.full_forms = 0

    async def read(self) -> dict[str, Any]:
        """Read one message and take it over."""
        message = json.loads(await self._socket.get_message())
        self.messages.append(message)
        if message["type"] == "connected":
            self.session = message["session"]
        if message["type"] == "batch-update":
            self._take(message["data"])
        return message

    async def until(self, type: str) -> dict[str, Any]:
        """Read until a message of this type comes."""
        while (message := await self.read())["type"] != type:
            pass
        return message

    async def ask(self, **request: object) -> dict[str, Any]:
        """Send a request and read until its reply comes."""
        await self._socket.send_message(json.dumps({"requestId": 7, **request}))
        while (message := await self.read()).get("requestId") != 7:
            pass
        return message

    async def see(self, condition: Callable[[], T], within_s: float = 20) -> T:
        """Read until something is so, and give what it gave."""
        with trio.move_on_after(within_s):
            while not (found := condition()):
                await self.read()
            return found
        raise AssertionError(f"not seen within {within_s} s; the last stats are {self.stats}")

    def state(self, instance_id: str) -> str:
        """Give the state of an instance as last told."""
        state: str = self.stats["instances"][instance_id]["state"]
        return state

    def of(self, instance_id: str) -> dict[str, dict[str, Any]]:
        """Give the items of an instance, by hash."""
        return {hash: item for (owner, hash), item in self.items.items() if owner == instance_id}

    def _take(self, data: dict[str, Any]) -> None:
        self.stats = {**self.stats, **data["stats"]}
        if "items" in data:
            self.replayed = self.items
            self.items = {(each["instanceId"], each["hash"]): each for each in data["items"]}
            self.seq, self.full_forms = data["seq"], self.full_forms + 1
            return
        delta = data["delta"]
        for each in delta["added"]:
            self.items[each["instanceId"], each["hash"]] = each
        for key in delta["removed"]:
            instance_id, _, hash = key.rpartition(":")
            self.items.pop((instance_id, hash), None)
        for each in delta["changed"]:
            merged = {**self.items[each["instanceId"], each["hash"]], **each}
            self.items[each["instanceId"], each["hash"]] = {k: v for k, v in merged.items() if v is not None}
        self.seq = delta["seq"]


@asynccontextmanager
async def reader(url: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> AsyncIterator[Reader]:
    """Open a socket for as long as the context lasts (not by the library's own way: it may end its caller)."""
    try:
        async with trio.open_nursery() as nursery:
            socket = await connect_websocket_url(nursery, url, max_message_size=LARGEST, extra_headers=headers)
            yield Reader(socket)
            with trio.move_on_after(2):
                await socket.aclose()
            nursery.cancel_scope.cancel()
    except* (LocalProtocolError, ConnectionClosed):
        pass


async def agree(first: Reader, second: Reader, within_s: float = 20) -> None:
    """Read both until they stand at the same revision; they then have to have seen the same."""
    with trio.fail_after(within_s):
        while first.seq != second.seq:
            await min(first, second, key=lambda each: each.seq).read()
    assert first.items == second.items
