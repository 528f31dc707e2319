"""One keep-alive HTTP connection over a raw stream, so that the generator of the load costs little."""

from dataclasses import dataclass

import trio

ANSWER_S = 30.0
"""An answer that takes longer counts as none."""
CHUNK = 1 << 18


class NoAnswer(Exception):
    """The server closed the connection, or took too long."""


@dataclass(frozen=True)
class Answer:
    """An answer. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """Asks one request at a time; it connects when it has to."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stream: trio.SocketStream | None = None
        self._buffer = bytearray()

    async def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer. Raises `NoAnswer`."""
        try:
            with trio.fail_after(ANSWER_S):
                stream = self._stream = self._stream or await trio.open_tcp_stream("127.0.0.1", self._port)
                await stream.send_all(request)
                answer = await self._answer(stream)
        except (OSError, trio.BrokenResourceError, trio.TooSlowError) as error:
            raise NoAnswer(repr(error)) from error
        if answer.headers.get("connection") == "close":
            await self.aclose()
        return answer

    async def aclose(self) -> None:
        """Hang up."""
        if self._stream is not None:
            await trio.aclose_forcefully(self._stream)
            self._stream = None

    async def _answer(self, stream: trio.SocketStream) -> Answer:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            await self._more(stream)
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        length = 0 if status == 304 else int(headers["content-length"])
        while len(self._buffer) < length:
            await self._more(stream)
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return Answer(status, headers, body)

    async def _more(self, stream: trio.SocketStream) -> None:
        data = await stream.receive_some(CHUNK)
        if not data:
            raise NoAnswer("the server closed the connection")
        self._buffer += data
