"""All open sockets: hands each tick to every one of them, one shared frame per class of readers."""

import logging
from collections import deque

import msgspec
import trio
from msgspec import Struct
from quart import websocket
from quart.wrappers import Websocket

from ..broadcast import Notice
from ..catalogue import Tick, View
from .caller import caller
from .context import WebContext
from .frame import Frame
from .messages import ConnectionStatus, categories_update
from .socket import Socket

GOING_AWAY = 1001

log = logging.getLogger("amutorrent.web")


class Hub:
    """Knows the open sockets; it never waits for one of them."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._sockets: set[Socket] = set()
        self._shared: deque[Frame] = deque(maxlen=8)
        self._closing = False
        self._all_gone = trio.Event()
        self._categories_sent = context.catalogue.categories.version
        context.catalogue.on_tick.append(self._send_tick)
        context.broadcast.on_notice.append(self._send_notice)

    def __len__(self) -> int:
        return len(self._sockets)

    async def accept(self) -> None:
        """Serve the socket of the current Quart context to its end."""
        accepted: Websocket = websocket._get_current_object()  # type: ignore[attr-defined]  # of werkzeug's proxy
        await accepted.accept()
        if self._closing:
            await accepted.close(GOING_AWAY)
            return
        socket = Socket(accepted, self._context, caller(accepted.scope), self)
        with self._context.instances.watching():
            try:
                await socket.run()
            finally:
                self._leave(socket)

    def join(self, socket: Socket) -> None:
        """Send this socket every tick from now on."""
        self._sockets.add(socket)

    def frame(self, body: bytes) -> Frame:
        """Give the frame of a full form: the same object for the same bytes, so that it is packed once for all."""
        for frame in self._shared:
            if frame.text is body:
                return frame
        frame = Frame(body)
        self._shared.append(frame)
        return frame

    async def run(self) -> None:
        """Send `connection-status` whenever it changes."""
        sent = self._context.instances.connected()
        with self._context.events.subscribe() as happened:
            while True:
                event = await happened.get()
                if event.name != "instances_changed" or sent == (now := self._context.instances.connected()):
                    continue
                sent = now
                self._notify(ConnectionStatus(any(now.values()), now))

    def send_categories(self) -> None:
        """Send the categories to everybody if they changed: before the reply of the request that changed them."""
        categories = self._context.catalogue.categories
        if categories.version != self._categories_sent:
            self._categories_sent = categories.version
            self._notify(categories_update(self._context.catalogue))

    def _notify(self, message: Struct) -> None:
        if self._sockets:
            frame = Frame(msgspec.json.encode(message))
            for socket in tuple(self._sockets):
                socket.notify(frame)

    async def close(self) -> None:
        """Close every socket with 1001, wait until all are gone, and accept no further one."""
        self._closing = True
        if self._sockets:
            for socket in tuple(self._sockets):
                socket.end(GOING_AWAY, "The daemon stops")
            await self._all_gone.wait()

    def _leave(self, socket: Socket) -> None:
        self._sockets.discard(socket)
        if not self._sockets and self._closing:
            self._all_gone.set()

    def _send_notice(self, notice: Notice) -> None:
        told = [each for each in self._sockets if each.user.may(notice.needs) and each not in notice.without]
        if told:
            frame = Frame(msgspec.json.encode(notice.message))
            for socket in told:
                socket.notify(frame)

    def _send_tick(self, tick: Tick) -> None:
        self._shared.clear()
        self.send_categories()
        frames: dict[View, Frame] = {}
        for socket in self._sockets:
            frame = frames.get(socket.view)
            if frame is None:
                frame = frames[socket.view] = self.frame(tick.message(socket.view))
            socket.update(frame)
