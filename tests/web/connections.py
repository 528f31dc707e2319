"""What comes back from a web server: an HTTP answer taken apart, and the client's end of a WebSocket."""

import json
from typing import Any

import trio
from trio_websocket import ConnectionClosed, WebSocketConnection


class Answer:
    """An HTTP answer, taken apart."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.raw = raw
        self.status = int(first.split(" ")[1])
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


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
