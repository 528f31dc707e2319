"""The guard around hypercorn 0.18: all contact with names that are not its public API.

Unguarded, an exception in one connection reaches the nursery that serves everybody, a peer that stopped reading
holds the shutdown for ever, and every request starts a task of its own for the idle timeout. The classes below take
the place of hypercorn's own; `install` puts them there. Source: stack-notes 4 and its appendix.
"""

import logging
from functools import partial
from math import inf
from typing import Any

import h11
import hypercorn.protocol
import hypercorn.trio.run
import trio
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol import h11 as h11_protocol
from hypercorn.protocol import ws_stream
from hypercorn.protocol.events import Data, StreamClosed
from hypercorn.trio.tcp_server import MAX_RECV, TCPServer
from wsproto.events import CloseConnection
from wsproto.extensions import PerMessageDeflate
from wsproto.frame_protocol import CloseReason

from .frame import Frame

SEND_TIMEOUT = 30.0
"""Seconds after which a peer that takes no bytes is dropped."""
PIECE = 256 * 1024
"""Bytes that have `SEND_TIMEOUT` to leave: whoever takes less than 9 kB/s does not get big answers."""
ONE_WRITE = 64 * 1024
"""Bytes of a body up to which it is copied behind its head, so that both leave in one write."""
LINGER = 1.0
"""Seconds for which a connection that we end is still read, so that the peer gets to see our last bytes."""

log = logging.getLogger("amutorrent.web")

for _owner, _name in (
    (TCPServer, "_read_data"),
    (TCPServer, "_close"),
    (TCPServer, "protocol_send"),
    (hypercorn.trio.run, "TCPServer"),
    (hypercorn.protocol, "H11Protocol"),
    (h11_protocol, "WSStream"),
    (h11_protocol.H11Protocol, "_check_protocol"),
    (h11_protocol.H11Protocol, "_send_error_response"),
    (h11_protocol.H11Protocol, "_send_h11_event"),
    (ws_stream, "PerMessageDeflate"),
    (ws_stream.WSStream, "app_send"),
    (ws_stream.WSStream, "handle"),
    (ws_stream.WSStream, "_send_pings"),
    (ws_stream.WSStream, "_send_wsproto_event"),
    (ws_stream.WebsocketBuffer, "extend"),
):
    assert hasattr(_owner, _name), f"this hypercorn has no {_name}: the guard does not fit it"


class Refused(Exception):
    """This connection was answered and ends now; nothing went wrong."""


class Server(TCPServer):
    """One connection. Whatever goes wrong in it ends this connection and no other."""

    _scope: trio.CancelScope | None = None  # around the reader
    _idle = True
    _ending = False

    async def run(self) -> None:
        """Serve the connection to its end."""
        try:
            await super().run()
        except* Refused:
            pass
        except* Exception as group:
            log.info("a connection ended by %r", _leaf(group))

    async def protocol_send(self, event: Event) -> None:
        """Take what the protocol wants done: bytes sent, the connection closed, the idle clock started or stopped."""
        if isinstance(event, RawData):
            if event.data and not await self._sent(event.data):
                await self.protocol.handle(Closed())
                self._end_reader(0)
        elif isinstance(event, Updated):
            self._set_idle(event.idle)
        elif isinstance(event, Closed):
            await self._end()

    async def _sent(self, data: bytes) -> bool:
        async with self.send_lock:
            if len(data) <= PIECE:
                return await self._piece_sent(data)
            whole = memoryview(data)
            for start in range(0, len(data), PIECE):
                if not await self._piece_sent(whole[start : start + PIECE]):
                    return False
            return True

    async def _piece_sent(self, data: bytes | memoryview) -> bool:
        # shielded: half a message would spoil the stream, and the deadline holds all the same
        with trio.move_on_after(SEND_TIMEOUT, shield=True):
            try:
                await self.stream.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                return False
            return True
        self._drop()
        return False

    def _set_idle(self, idle: bool) -> None:
        self._idle = idle
        if self._scope is not None:
            self._scope.deadline = trio.current_time() + self.config.keep_alive_timeout if idle else inf
            if idle and self.context.terminated.is_set():
                self._scope.cancel()

    async def _end(self) -> None:
        """Say that nothing more comes; what the peer still sends is read and thrown away for a moment.

        Closing at once, with bytes unread, would reset the connection and take our last answer with it.
        """
        self._ending = True
        self._end_reader(LINGER)
        with trio.CancelScope(shield=True):  # the end of an answer cancels the task that gave it; this never blocks
            try:
                await self.stream.send_eof()
            except (trio.BrokenResourceError, trio.BusyResourceError, trio.ClosedResourceError):
                self._drop()
        await self.protocol.handle(Closed())

    def _end_reader(self, after: float) -> None:
        """End the reader, also one that waits for its turn on a connection that is gone."""
        if self._scope is not None:
            self._scope.deadline = min(self._scope.deadline, trio.current_time() + after)

    def _drop(self) -> None:
        self.stream.socket.close()

    async def _read_data(self) -> None:
        await self.idle_task.stop()  # ours is the deadline of the scope: no task is started per request
        with trio.CancelScope(deadline=trio.current_time() + self.config.keep_alive_timeout) as self._scope:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._watch_for_stop, self._scope)
                await self._read()
                nursery.cancel_scope.cancel()
        self._scope = None
        await self.protocol.handle(Closed())

    async def _read(self) -> None:
        while True:
            try:
                data = await self.stream.receive_some(MAX_RECV)
            except (trio.ClosedResourceError, trio.BrokenResourceError):
                return
            if not self._ending:
                await self.protocol.handle(RawData(bytes(data)))
            if not data:
                return

    async def _watch_for_stop(self, reader: trio.CancelScope) -> None:
        await self.context.terminated.wait()
        if self._idle:
            reader.cancel()
            return
        try:
            await trio.sleep_forever()  # until the grace of the stop is over
        finally:
            self._drop()  # wakes a send that is stuck on a stalled peer


class H11(h11_protocol.H11Protocol):
    """HTTP/1 only: TLS and HTTP/2 are a reverse proxy's. The head of an answer leaves together with its body."""

    _head = b""  # until the first bytes of the body come

    async def _send_h11_event(self, event: Any) -> None:  # Any: h11 ships no types
        """Send a part of an answer. A head that tells the length waits for what follows: it is one write less.

        One that does not belongs to a stream, whose first bytes may take their time.
        """
        try:
            data = self.connection.send(event) or b""
        except h11.LocalProtocolError:
            if self.connection.their_state != h11.ERROR:
                raise
            return
        head, self._head = self._head, b""
        if isinstance(event, h11.Response) and any(name == b"content-length" for name, _ in event.headers):
            self._head = data
        elif len(data) > ONE_WRITE:
            await self.send(RawData(data=head))
            await self.send(RawData(data=data))
        else:
            await self.send(RawData(data=head + data))

    async def _check_protocol(self, event: Any) -> None:  # Any: h11 ships no types
        """Answer prior-knowledge HTTP/2 with 505; `Upgrade: h2c` is ignored and gets its HTTP/1.1 answer."""
        if event.http_version not in (b"1.0", b"1.1"):
            await self._send_error_response(505)
            raise Refused


class WebSocketStream(ws_stream.WSStream):
    """A WebSocket that sends shared frames as they are, and ends by itself after a message that is too big."""

    _deflate: bool | None = None
    _pings: trio.CancelScope | None = None

    async def handle(self, event: Any) -> None:  # Any: hypercorn's union of events
        """Take what comes in; the pings end together with the stream, not up to an interval later."""
        try:
            await super().handle(event)
        finally:
            if self.closed and self._pings is not None:
                self._pings.cancel()

    async def _send_pings(self) -> None:
        with trio.CancelScope() as self._pings:
            await super()._send_pings()

    async def app_send(self, message: Any) -> None:  # Any: hypercorn's union of typed dicts does not know a Frame
        """Send what the app gives; a `Frame` in `bytes` leaves as a text message."""
        frame = message.get("bytes") if message else None
        if not isinstance(frame, Frame):
            await super().app_send(message)
        elif not self.closed and self.state is ws_stream.ASGIWebsocketState.CONNECTED:
            await self.send(Data(stream_id=self.stream_id, data=frame.wire(self._deflates())))

    def _deflates(self) -> bool:
        if self._deflate is None:
            self._deflate = any(  # ours is packed with a window of 15 bits
                extension.enabled() and getattr(extension, "server_max_window_bits", 0) == 15
                for extension in self.connection._proto.extensions
            )
        return self._deflate

    async def _send_wsproto_event(self, event: Any) -> None:  # Any: wsproto's base class of events
        await super()._send_wsproto_event(event)
        if isinstance(event, CloseConnection) and event.code == CloseReason.MESSAGE_TOO_BIG:
            # hypercorn would go on reading, and neither tell the app nor ever close
            self.task_group.spawn(self.send, StreamClosed(stream_id=self.stream_id))


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def install() -> None:
    """Put the guard in the place of hypercorn's own classes; more than once does no harm."""
    for owner, name, ours in (
        (hypercorn.trio.run, "TCPServer", Server),
        (hypercorn.protocol, "H11Protocol", H11),
        (h11_protocol, "WSStream", WebSocketStream),
        # a shared deflated frame is legal only where no context is carried over from the frame before
        (ws_stream, "PerMessageDeflate", partial(PerMessageDeflate, server_no_context_takeover=True)),
    ):
        setattr(owner, name, ours)
