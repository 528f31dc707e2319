"""All open sockets: hands each tick to every one of them, one shared frame per class of readers."""

import logging
from collections import deque
from typing import Protocol

import msgspec
import trio
from msgspec import Struct

from ..accounts import User
from ..broadcast import Notice
from ..catalogue import Tick, View, ViewKey
from ..errors import AmutorrentError
from ..operations.categories import categories_update
from ..operations.subscribing import Topic
from .channels import Channels
from .context import WebContext
from .frame import Frame
from .gate import Arrival
from .messages import ConnectionStatus
from .replies import error_body

GOING_AWAY = 1001
SESSION_ENDED = 4001

log = logging.getLogger("amutorrent.web")


class Reader(Protocol):
    """What the hub knows of a socket; none of it waits."""

    arrival: Arrival
    user: User
    view: View

    def become(self, user: User) -> None:
        """Go on as a user who may do more or less than before."""

    topics: dict[Topic, int]

    def room(self, topic: Topic) -> bool:
        """Say whether a message of a topic may be queued now."""

    def supply(self, topic: Topic, frame: Frame) -> None:
        """Queue a message of a topic."""

    def refilled(self) -> None:
        """Take note that a full form was queued: what topics added to items is not in it."""

    def update(self, frame: Frame) -> None:
        """Queue an update; it may be dropped, and a full form then follows."""

    def notify(self, frame: Frame) -> None:
        """Queue what must arrive."""

    def end(self, code: int, reason: str) -> None:
        """Close the socket soon."""


class Hub:
    """Knows the open sockets; it never waits for one of them."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._readers: set[Reader] = set()
        self._shared: deque[Frame] = deque(maxlen=8)
        self.drops = 0
        """How often a slow socket lost its queue."""
        self._closing = False
        self._all_gone = trio.Event()
        self._categories_sent = context.catalogue.categories.version
        context.catalogue.on_tick.append(self._send_tick)
        self.channels = Channels(context, lambda: tuple(self._readers))  # after that: facts follow their items
        context.broadcast.on_notice.append(self._send_notice)
        if context.gate.accounts is not None:
            context.gate.accounts.roster.on_change.append(self.look_again)

    def __len__(self) -> int:
        return len(self._readers)

    @property
    def closing(self) -> bool:
        """Whether no further one is taken."""
        return self._closing

    def look_again(self) -> None:
        """See whose session has ended, and who may do more or less than before."""
        for reader in tuple(self._readers):
            user = self._context.gate.still(reader.arrival)
            if user is None:
                reader.end(SESSION_ENDED, "Session ended")
            else:
                reader.become(user)

    def join(self, reader: Reader) -> None:
        """Send it every tick from now on."""
        self._readers.add(reader)

    def leave(self, reader: Reader) -> None:
        """Send it nothing more."""
        self._readers.discard(reader)
        if not self._readers and self._closing:
            self._all_gone.set()

    def frame(self, body: bytes) -> Frame:
        """Give the frame of a full form: the same object for the same bytes, so that it is packed once for all."""
        for frame in self._shared:
            if frame.text is body:
                return frame
        frame = Frame(body)
        self._shared.append(frame)
        return frame

    async def run(self) -> None:
        """Send `connection-status` whenever it changes, and what is followed."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.channels.run)
            await self._tell_connections()

    async def _tell_connections(self) -> None:
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
        if self._readers:
            frame = Frame(msgspec.json.encode(message))
            for reader in tuple(self._readers):
                reader.notify(frame)

    async def close(self) -> None:
        """Close every socket with 1001, wait until all are gone, and accept no further one."""
        self._closing = True
        if self._readers:
            for reader in tuple(self._readers):
                reader.end(GOING_AWAY, "The daemon stops")
            await self._all_gone.wait()

    def _send_notice(self, notice: Notice) -> None:
        told = [each for each in self._readers if self._hears(each, notice) and each not in notice.without]
        frames: list[tuple[object, Frame]] = []
        for reader in told:
            message = notice.message(reader.view)
            if message is None:
                continue
            frame = next((frame for sent, frame in frames if sent is message), None)
            if frame is None:
                frame = Frame(_encoded(message))
                frames.append((message, frame))
            reader.notify(frame)

    def _hears(self, reader: Reader, notice: Notice) -> bool:
        if notice.needs is not None and not reader.user.may(notice.needs):
            return False
        return notice.item is None or self._context.catalogue.owners.sees(reader.user, notice.item)

    def _send_tick(self, tick: Tick) -> None:
        self._shared.clear()
        self.send_categories()
        frames: dict[ViewKey, Frame] = {}
        for reader in self._readers:
            frame = frames.get(reader.view.key)
            if frame is None:
                frame = frames[reader.view.key] = self.frame(tick.message(reader.view))
            reader.update(frame)
            if tick.replaces(reader.view):
                reader.refilled()


def _encoded(message: Struct | AmutorrentError) -> bytes:
    return error_body(message) if isinstance(message, AmutorrentError) else msgspec.json.encode(message)
