"""What waits to be sent on one socket: bounded, and never a reason for anybody else to wait. Source: websocket 1."""

from collections import deque
from collections.abc import Callable, Hashable
from typing import Literal

import trio

from .frame import Frame

MAX_UPDATES = 64
MAX_UPDATE_BYTES = 16 << 20
"""A single message may be longer, when nothing else of its kind waits."""
MAX_REPLIES = 1024
MAX_REPLY_BYTES = 64 << 20

Kind = Literal["update", "reply", "topic"]


class Overflow(Exception):
    """The socket takes its replies too slowly: it has to be closed."""


class Outbox:
    """A queue with three kinds of messages, in one order.

    Updates are dropped when too many wait; in their place one full form follows, made by `full` when all else is
    sent. Replies are never dropped. Of each topic one message waits at most; `freed` is called when one is taken.
    """

    def __init__(self, full: Callable[[], Frame], freed: Callable[[], None] = lambda: None) -> None:
        self._full = full
        self._freed = freed
        self._queue: deque[tuple[Frame, Kind, Hashable]] = deque()
        self._topics: dict[Hashable, int] = {}
        self._updates = 0
        self._update_bytes = 0
        self._replies = 0
        self._reply_bytes = 0
        self._behind = False
        self.drops = 0
        """How often its updates were dropped."""
        self._filled = trio.Event()

    def __len__(self) -> int:
        return len(self._queue)

    def put_update(self, frame: Frame) -> None:
        """Queue an update. On a socket that is behind it is dropped, with all other updates that wait."""
        if self._behind:
            return
        if self._updates >= MAX_UPDATES or (self._updates and self._update_bytes + len(frame) > MAX_UPDATE_BYTES):
            self._queue = deque(entry for entry in self._queue if entry[1] != "update")
            self._updates = self._update_bytes = 0
            self._behind = True
            self.drops += 1
        else:
            self._queue.append((frame, "update", None))
            self._updates += 1
            self._update_bytes += len(frame)
        self._filled.set()

    def put_reply(self, frame: Frame) -> None:
        """Queue what must arrive. Raises `Overflow` when too much of it waits."""
        if self._replies >= MAX_REPLIES or (self._replies and self._reply_bytes + len(frame) > MAX_REPLY_BYTES):
            raise Overflow
        self._queue.append((frame, "reply", None))
        self._replies += 1
        self._reply_bytes += len(frame)
        self._filled.set()

    def room(self, topic: Hashable) -> bool:
        """Say whether a message of a topic may be queued: none of it waits, nor too much of others, nor a full form."""
        return not self._behind and topic not in self._topics and sum(self._topics.values()) < MAX_UPDATE_BYTES

    def put_topic(self, topic: Hashable, frame: Frame) -> None:
        """Queue a message of a topic for which there is room."""
        self._queue.append((frame, "topic", topic))
        self._topics[topic] = len(frame)
        self._filled.set()

    async def next(self) -> Frame:
        """Wait for the next message, and take it."""
        while True:
            if self._queue:
                return self._take()
            if self._behind:
                frame = self._full()  # may publish a tick, which is to find us still behind: it is in the full form
                self._behind = False
                return frame
            self._filled = trio.Event()
            await self._filled.wait()

    def _take(self) -> Frame:
        frame, kind, topic = self._queue.popleft()
        if kind == "topic":
            del self._topics[topic]
            self._freed()
        elif kind == "update":
            self._updates -= 1
            self._update_bytes -= len(frame)
        else:
            self._replies -= 1
            self._reply_bytes -= len(frame)
        return frame
