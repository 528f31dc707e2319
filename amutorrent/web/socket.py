"""One WebSocket: greeting, requests, updates. Source: websocket 1-3, stack-notes 4."""

import logging
from contextlib import suppress
from typing import Any, cast

import msgspec
import trio
from msgspec import UNSET, Struct
from quart import websocket
from quart.wrappers import Websocket

from ..accounts import User
from ..errors import AmutorrentError, Forbidden, InvalidRequest
from ..model import camel
from ..operations import Operation, Prepared, Streamed, permit
from ..operations.call import Sequel
from ..operations.overview import Snapshot
from ..operations.subscribing import SUPPLEMENTAL, Topic, Unsubscribed
from ..searches.searches import NEEDS as SEARCH_NEEDS
from .context import WebContext
from .decode import from_json
from .frame import Frame
from .gate import arrival_of
from .hub import GOING_AWAY, Hub
from .messages import Connected, ConnectionStatus, RequestId
from .outbox import Outbox, Overflow
from .pace import Pace, TooFast
from .replies import INTERNAL_ERROR, error_body

BINARY_REFUSED = 1003
POLICY = 1008
FAILED = 1011

MAX_AT_ONCE = 8
"""Requests of one socket that run at the same time."""
MAX_WAITING = 256
"""Requests of one socket that have no reply yet; with one more it is closed."""

log = logging.getLogger("amutorrent.web")


class _Envelope(Struct, frozen=True, rename=camel):
    """What is common to all requests. A wrong `action` is found later, so that the error echoes the `requestId`."""

    action: object = UNSET
    request_id: RequestId = UNSET


class _Ended(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def serve_socket(context: WebContext, hub: Hub) -> None:
    """Serve the socket of the current Quart context to its end."""
    accepted: Websocket = websocket._get_current_object()  # type: ignore[attr-defined]  # of werkzeug's proxy
    await accepted.accept()
    if hub.closing:
        await accepted.close(GOING_AWAY)
        return
    arrival = arrival_of(accepted.scope)
    user = context.gate.still(arrival)  # things may have changed while it was accepted
    if arrival.refusal is not None or user is None:
        await accepted.close(POLICY, _why(arrival.refusal))
        return
    socket = Socket(accepted, context, user, hub)
    with context.instances.watching():
        try:
            await socket.run()
        finally:
            hub.leave(socket)


class Socket:
    """A connected reader. One task reads, one writes, and each request runs in a task of its own."""

    def __init__(self, websocket: Websocket, context: WebContext, user: User, hub: Hub) -> None:
        self.view = context.catalogue.view(user)
        self.arrival = arrival_of(websocket.scope)
        self._websocket = websocket
        self._context = context
        self.user = user
        self._hub = hub
        self._offers_deflate = "permessage-deflate" in websocket.headers.get("Sec-WebSocket-Extensions", "")
        self.topics: dict[Topic, int] = {}
        self._outbox = Outbox(self._refill, hub.channels.wake)
        self._at_once = trio.CapacityLimiter(MAX_AT_ONCE)
        self._waiting = 0
        self._scope = trio.CancelScope()
        self._close: tuple[int, str] = (1000, "")

    async def run(self) -> None:
        """Serve the socket until it is closed; a peer that goes away cancels this from outside."""
        try:
            with self._scope:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._write)
                    self._greet()
                    await self._read(nursery)
        except* (Overflow, TooFast):
            self._close = (POLICY, "Too much at once")
        except* _Ended as group:
            self._close = _first(group)
        except* Exception:  # where a plugin's failure stops: the socket is closed, and nothing else
            log.exception("a socket failed")
            self._close = (FAILED, "Internal error")
        await self._websocket.close(*self._close)

    def end(self, code: int, reason: str) -> None:
        """Close the socket soon."""
        self._close = (code, reason)
        self._scope.cancel()

    def become(self, user: User) -> None:
        """Go on as a user who may do more or less than before."""
        before, self.user = self.user, user
        if user.may(SEARCH_NEEDS) and not before.may(SEARCH_NEEDS):  # it was not told so far
            self.notify(Frame(msgspec.json.encode(self._context.searches.lock())))
        for topic in [each for each in self.topics if not each.allowed(user)]:
            del self.topics[topic]
            self.notify(Frame(msgspec.json.encode(Unsubscribed(channel=topic.channel))))
        view = self._context.catalogue.view(user)
        if view.key != self.view.key:
            self.view = view
            self.topics = {topic: version if topic.channel == "log" else 0 for topic, version in self.topics.items()}
            self.notify(self._full())
            self._hub.channels.wake()

    def follow(self, topic: Topic) -> None:
        """Send what there is of a topic, and from now on what changes; of the log what is new alone."""
        self.topics[topic] = self._context.log_ring.count if topic.channel == "log" else 0
        self._hub.channels.wake()

    def room(self, topic: Topic) -> bool:
        """Say whether a message of a topic may be queued now."""
        return self._outbox.room(topic)

    def supply(self, topic: Topic, frame: Frame) -> None:
        """Queue a message of a topic."""
        self._outbox.put_topic(topic, frame)

    def refilled(self) -> None:
        """Take note that a full form was queued: what topics added to items is not in it, and has to follow."""
        for topic in self.topics:
            if topic.channel in SUPPLEMENTAL:
                self.topics[topic] = 0
        self._hub.channels.wake()

    def update(self, frame: Frame) -> None:
        """Queue an update; it may be dropped, and a full form then follows."""
        before = self._outbox.drops
        self._outbox.put_update(frame)
        self._hub.drops += self._outbox.drops - before

    def notify(self, frame: Frame) -> None:
        """Queue what must arrive; a socket that cannot take it is closed."""
        try:
            self._outbox.put_reply(frame)
        except Overflow:
            self.end(POLICY, "Too slow")

    # -- out

    def _greet(self) -> None:
        connected = self._context.instances.connected()
        status = ConnectionStatus(any(connected.values()), connected)
        for message in (Connected(self._context.catalogue.session), status):
            self._outbox.put_reply(Frame(msgspec.json.encode(message)))
        if self.user.may(SEARCH_NEEDS):
            self._outbox.put_reply(Frame(msgspec.json.encode(self._context.searches.lock())))
        self._outbox.put_reply(self._missed() or self._full())
        self._hub.join(self)  # in the same step: the next tick follows what was just rendered, without a gap

    def _missed(self) -> Frame | None:
        """Give what this reader missed since it was last here, if it says so and that is still known."""
        args = self._websocket.args
        since = args.get("since", "")
        session = self._context.catalogue.session
        if not (since.isascii() and since.isdecimal() and len(since) < 20) or args.get("session", session) != session:
            return None
        delta = self.view.since(int(since))
        return None if delta is None else Frame(delta)

    def _refill(self) -> Frame:
        frame = self._full()
        self.refilled()
        return frame

    def _full(self) -> Frame:
        return self._hub.frame(self.view.full())

    async def _write(self) -> None:
        while True:
            frame = await self._outbox.next()
            if self._offers_deflate:
                await frame.prepare()
            await self._websocket.send(cast("Any", frame))  # the transport knows frames; Quart hands them through
            await trio.lowlevel.checkpoint()  # sending on a closed socket never yields

    # -- in

    async def _read(self, nursery: trio.Nursery) -> None:
        pace = Pace()
        while True:
            message = await self._websocket.receive()
            if not isinstance(message, str):  # an empty binary message comes as None
                raise _Ended(BINARY_REFUSED, "Text messages only")
            pace.count(len(message))
            self._waiting += 1
            if self._waiting > MAX_WAITING:
                raise TooFast
            nursery.start_soon(self._answer, message)

    async def _answer(self, message: str) -> None:
        envelope: _Envelope | None = None
        try:
            async with self._at_once:
                envelope = from_json(message, _Envelope)
                operation = self._operation(envelope.action)
                permit(operation, self.user)
                asked = from_json(message, operation.request)
                sequels: list[Sequel] = []
                found = await self._context.operations.run(operation, asked, self.user, self, sequels=sequels)
            assert not isinstance(found, Streamed), "it is not declared for sockets"
            self._hub.send_categories()
            self._outbox.put_reply(self._reply(found, envelope.request_id))
            if isinstance(found, Snapshot):
                self.refilled()
            for sequel in sequels:
                await self._follow_up(operation, sequel)
        except Overflow:
            raise
        except AmutorrentError as error:
            self._outbox.put_reply(Frame(_error(error, envelope)))
        except Exception:  # where a plugin's failure stops: the request gets an error reply
            log.exception("the request %s failed", envelope.action if envelope else "")
            self._outbox.put_reply(Frame(_error(INTERNAL_ERROR, envelope)))
        finally:
            self._waiting -= 1

    async def _follow_up(self, operation: Operation, sequel: Sequel) -> None:
        found = await sequel(lambda: self.user)
        with suppress(Forbidden):  # what the user may do can have changed since the reply
            permit(operation, self.user)
            self._outbox.put_reply(self._reply(found))

    def _operation(self, action: object) -> Operation:
        if not isinstance(action, str):
            raise InvalidRequest("A request names its action", field="action")
        operation = self._context.operations.by_action.get(action)
        if operation is None or not operation.socket:
            raise InvalidRequest(f"There is no action {action!r}", code="unknown_action")
        return operation

    def _reply(self, found: "Struct | Prepared[Struct]", request_id: RequestId = UNSET) -> Frame:
        """Render the reply; what it holds must be queued in the same step."""
        body = found.body() if isinstance(found, Prepared) else msgspec.json.encode(found)
        if request_id is UNSET:
            return self._hub.frame(body) if isinstance(found, Prepared) else Frame(body)
        # put together in one go: a reply may be megabytes, and every further copy is felt
        return Frame(b"".join((memoryview(body)[:-1], b',"requestId":', msgspec.json.encode(request_id), b"}")))


def _error(error: AmutorrentError, envelope: _Envelope | None) -> bytes:
    if envelope is None:
        return error_body(error)
    return error_body(error, envelope.action if isinstance(envelope.action, str) else UNSET, envelope.request_id)


def _first(group: BaseExceptionGroup[_Ended]) -> tuple[int, str]:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, _Ended)
    return error.code, error.reason


def _why(refusal: AmutorrentError | None) -> str:
    if refusal is None or refusal.code == "unauthorized":
        return "Authentication required"
    return "Setup required" if refusal.code == "setup_required" else refusal.message
