"""Our web application spoken to over ASGI, without a network: the clock of a test may jump meanwhile."""

import json
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import trio

from amutorrent.web import Gate
from amutorrent.web.frame import Frame
from amutorrent.web.gate import Arrival


class WireGate(Gate):
    """Lets in whom the test says."""

    async def arrive(self, scope, visitor):
        return Arrival(visitor, scope["test.user"], "key")


class Wire:
    """Requests and sockets of one application. `user` is who asks from now on (see the fixture)."""

    def __init__(self, app):
        self.app = app
        self.user = None

    def scope(self, kind, path, query=None):
        head = {"type": kind, "http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"}}
        where = {
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": urlencode(query or {}).encode(),
        }
        peers = {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 4000), "test.user": self.user}
        return {**head, **where, **peers, "headers": [(b"host", b"127.0.0.1:4000")]}

    async def rest(self, method, path, body=None, query=None):
        """Make a request; gives status and JSON."""
        text = b"" if body is None else json.dumps(body).encode()
        scope = {**self.scope("http", path, query), "method": method, "scheme": "http"}
        scope["headers"] += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(text))]
        waiting, sent = [{"type": "http.request", "body": text, "more_body": False}], []

        async def receive():
            return waiting.pop() if waiting else await trio.sleep_forever()

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        return sent[0]["status"], json.loads(sent[1]["body"])

    @asynccontextmanager
    async def socket(self, greeting=4):
        """Open a socket, and take what it is greeted with: so many messages, None if the first request comes first."""
        to_app, from_test = trio.open_memory_channel(100)
        to_test, from_app = trio.open_memory_channel(1000)
        await to_app.send({"type": "websocket.connect"})
        scope = {**self.scope("websocket", "/ws"), "scheme": "ws", "subprotocols": [], "extensions": {}}
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.app, scope, from_test.receive, to_test.send)
            reader = Reader(to_app, from_app)
            assert (await from_app.receive())["type"] == "websocket.accept"
            reader.greeting = [await reader.get() for _ in range(greeting or 0)]
            yield reader
            await to_app.send({"type": "websocket.disconnect", "code": 1000})
            nursery.cancel_scope.cancel()


class Reader:
    """The client's end of a socket."""

    def __init__(self, to_app, from_app):
        self._to_app, self._from_app = to_app, from_app
        self.before = []

    async def get(self, *kinds):
        """Take the next message of these types, or any; the list's own updates are left out."""
        with trio.fail_after(1000):
            while True:
                message = await self._from_app.receive()
                text = message.get("bytes") or message.get("text")
                found = json.loads(text.text if isinstance(text, Frame) else text)
                if found["type"] in kinds or (
                    not kinds and (found["type"] != "batch-update" or "items" in found["data"])
                ):
                    return found

    async def send(self, action, **fields):
        """Send a request."""
        text = json.dumps({"action": action, "requestId": action, **fields})
        await self._to_app.send({"type": "websocket.receive", "text": text, "bytes": None})

    async def ask(self, action, **fields):
        """Make a request; gives its reply. What came before it is in `before`, the list's own updates left out."""
        await self.send(action, **fields)
        self.before = []
        while True:
            message = await self.get()
            if "requestId" in message:
                assert message.pop("requestId") == action
                return message
            if message["type"] not in ("batch-update", "connection-status"):
                self.before.append(message)

    def nothing_more(self):
        """Say that nothing waits but updates of the list."""
        while True:
            try:
                message = self._from_app.receive_nowait()
            except trio.WouldBlock:
                return True
            text = message["bytes"].text
            if not text.startswith((b'{"type":"batch-update"', b'{"type":"connection-status"')):
                raise AssertionError(text)
