"""One connection to a daemon: a request goes out, its answer comes in. Knows no meaning.

Source: amule-ec 1, 4 and 11.
"""

import socket
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import trio

from amutorrent import AmutorrentError, DeadlineExceeded, ProtocolError, Services, Unreachable

from .codec import HEADER, Frame, Packet, encode, inflate, read_header

CONNECT_S: Final = 10
ANSWER_S: Final = 25
CHUNK: Final = 1 << 18
BIG: Final = 1 << 16
"""From so many packed bytes on, unpacking is done in a thread."""

T = TypeVar("T")


async def apart(nursery: trio.Nursery, work: Callable[[], Awaitable[T]]) -> T:
    """Run something to its end, though whoever waits for it is cancelled: half an exchange would cost the connection.

    Raises what it raises of our own errors, and `Unreachable` if the client closes meanwhile.
    """
    found: list[T] = []
    errors: list[AmutorrentError] = []
    done = trio.Event()

    async def run() -> None:
        try:
            found.append(await work())
        except AmutorrentError as error:
            errors.append(error)
        finally:
            done.set()

    nursery.start_soon(run)
    await done.wait()
    for error in errors:
        raise error
    for each in found:
        return each
    raise Unreachable("The connection is being closed")


class Link:
    """One connection. Requests wait for each other; whatever goes wrong with one ends the connection.

    An answer that came too late would be taken for the next one, and what the daemon has told on a connection it does
    not tell again: there is no way on after a failure, only a new connection.
    """

    def __init__(self, stream: trio.SocketStream, services: Services, where: str) -> None:
        self.where = where
        self._stream = stream
        self._services = services
        self._lock = trio.Lock()
        self._failed = ""
        self._received = bytearray()

    @classmethod
    async def open(cls, host: str, port: int, services: Services, where: str) -> "Link":
        """Connect, with no word exchanged yet. Raises `Unreachable`."""
        try:
            with trio.fail_after(CONNECT_S):
                stream = await trio.open_tcp_stream(host, port)
        except OSError as error:
            raise Unreachable(f"{where} cannot be reached ({_cause(error)})") from error
        except trio.TooSlowError as error:
            raise Unreachable(f"{where} does not answer: is the address right, and no firewall between?") from error
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return cls(stream, services, where)

    @property
    def failed(self) -> str:
        """Why it can no longer be used; "" while it can."""
        return self._failed

    async def ask(self, request: Packet, within_s: float = ANSWER_S) -> Frame:
        """Send a request and give its answer. Raises `Unreachable`, `DeadlineExceeded`, `ProtocolError`."""
        return await apart(self._services.nursery, lambda: self._exchange(request, within_s))

    def spoil(self, reason: str) -> None:
        """Declare it lost: what came on it could not be used."""
        self._failed = self._failed or reason

    async def close(self) -> None:
        """Close it at once."""
        self._failed = self._failed or "it was closed"
        await trio.aclose_forcefully(self._stream)

    async def _exchange(self, request: Packet, within_s: float) -> Frame:
        async with self._lock:
            if self._failed:
                raise Unreachable(f"The connection to {self.where} is lost: {self._failed}")
            return await self._try(request, within_s)

    async def _try(self, request: Packet, within_s: float) -> Frame:
        try:
            with trio.fail_after(within_s):
                await self._stream.send_all(encode(request))
                return await self._receive()
        except trio.TooSlowError as error:
            self._failed = f"no answer within {within_s:.0f} s"
            raise DeadlineExceeded(f"{self.where} gave no answer within {within_s:.0f} s") from error
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            self._failed = "it broke"
            raise Unreachable(f"The connection to {self.where} broke") from error
        except AmutorrentError as error:
            self._failed = error.message
            raise

    async def _receive(self) -> Frame:
        flags, length = read_header(await self._bytes(HEADER))
        payload = await self._bytes(length)
        if length > BIG:
            return await self._services.run_sync(inflate, flags, payload)
        return inflate(flags, payload)

    async def _bytes(self, count: int) -> bytes:
        while len(self._received) < count:
            data = await self._stream.receive_some(CHUNK)
            if not data:
                raise Unreachable(f"{self.where} hung up: it stopped, or did not like what it was asked")
            self._received += data
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken


def unexpected(frame: Frame, asked: str) -> ProtocolError:
    """Say that an answer is not one to what was asked."""
    return ProtocolError(f"{asked} was answered with opcode 0x{frame.opcode:02X}", data=frame.payload)


def _cause(error: OSError) -> str:
    inner: BaseException | None = error
    while inner is not None and inner.__cause__ is not None:
        inner = inner.__cause__
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return (inner.strerror if isinstance(inner, OSError) else None) or str(inner) or type(inner).__name__
