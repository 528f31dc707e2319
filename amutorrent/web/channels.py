"""What sockets are sent beside the live list because they follow it. Source: websocket 5.3.

Every topic has versions, and a socket is sent what differs from the version that it has: one frame for all sockets of a
class that have the same. Of each topic at most one message waits in a socket; a slow one gets the sum of it later.
"""

from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from typing import Protocol

import msgspec
import trio

from ..catalogue import DOWNLOADS, SHARED, Catalogue, Facets, Tick, View, ViewKey
from ..catalogue.entry import ADDED
from ..operations.app_log import AppLogAppend
from ..operations.subscribing import SUPPLEMENTAL, Topic
from .context import WebContext
from .frame import Frame
from .segments import SegmentWatch

PAUSE_S = 0.1
"""Between two rounds: what happens meanwhile is told together."""
MOST_RECORDS = 500
"""Log records of one message; of more only the newest are told."""

Made = tuple[int, Frame | None]
"""A version, and what takes a reader there; None: nothing, it is there already."""


class Follower(Protocol):
    """A socket that follows topics; none of it waits."""

    view: View
    topics: dict[Topic, int]

    def room(self, topic: Topic) -> bool:
        """Say whether it can take a message of a topic now."""

    def supply(self, topic: Topic, frame: Frame) -> None:
        """Queue a message of a topic."""


class Channels:
    """Supplies everybody who follows something, in rounds."""

    def __init__(self, context: WebContext, followers: Callable[[], Iterable[Follower]]) -> None:
        self._catalogue: Catalogue = context.catalogue
        self._peering, self._ring = context.peering, context.log_ring
        self._followers = followers
        self._segments = SegmentWatch(context.instances, context.catalogue, self._changed)
        self._facets: dict[Topic, Facets] = {}
        self._lists: dict[tuple[ViewKey, str], tuple[int, int, Frame]] = {}
        self._made: dict[tuple[ViewKey, Topic, int], Made] = {}
        self._changes = 0
        self._versions = 0
        self._awake = trio.Event()
        context.catalogue.on_tick.append(self._ticked)
        context.peering.on_change.append(self._changed)

    def wake(self) -> None:
        """Look soon what there is for whom."""
        self._awake.set()

    async def run(self) -> None:
        """Supply until cancelled."""
        token = trio.lowlevel.current_trio_token()

        def logged() -> None:
            with suppress(trio.RunFinishedError):
                token.run_sync_soon(self.wake, idempotent=True)

        self._ring.on_record.append(logged)
        try:
            async with trio.open_nursery() as nursery:
                while True:
                    await self._awake.wait()
                    self._awake = trio.Event()
                    await self._round(nursery)
                    await trio.sleep(PAUSE_S)
        finally:
            self._ring.on_record.remove(logged)

    # -- what happens

    def _ticked(self, tick: Tick) -> None:
        if self._facets:
            added = [key for key, mask in tick.changes.items() if mask == ADDED]
            for facets in self._facets.values():
                facets.again(added)
        self._changed()

    def _changed(self) -> None:
        self._changes += 1
        self._made.clear()
        self.wake()

    # -- a round

    async def _round(self, nursery: trio.Nursery) -> None:
        followers = [each for each in self._followers() if each.topics]
        topics = {topic for each in followers for topic in each.topics}
        self._look(topics, nursery)
        self._take_facts(topics)
        self._made.clear()
        for follower in followers:
            for topic in list(follower.topics):
                if topic in follower.topics and follower.room(topic) and self._supply(follower, topic):
                    await trio.lowlevel.checkpoint()
        in_use = {(each.view.key, topic.channel) for each in self._followers() for topic in each.topics}
        self._lists = {key: kept for key, kept in self._lists.items() if key in in_use}

    def _look(self, topics: Set[Topic], nursery: trio.Nursery) -> None:
        """Ask the clients for what is followed and not in the list."""
        if Topic("segmentData") in topics:
            self._segments.look(nursery)
        else:
            self._segments.forget()
        if topics & {Topic("peers"), Topic("uploads")}:
            self._peering.look()
        for topic in topics:
            if topic.item is not None:
                self._peering.look(topic.item)

    def _take_facts(self, topics: Set[Topic]) -> None:
        followed = {topic for topic in topics if topic.channel in SUPPLEMENTAL}
        self._facets = {topic: facets for topic, facets in self._facets.items() if topic in followed}
        if followed:
            self._catalogue.publish()  # no fact is told of an item that is not
        for topic in followed:
            if topic.channel == "segmentData":
                facets = self._facets.setdefault(topic, Facets("gapStatus", "reqStatus"))
                facets.put(self._segments.fields(), self._catalogue)
            else:
                facets = self._facets.setdefault(topic, Facets("peers"))
                peers = self._peering.peers(topic.item)
                facets.put({key: b'"peers":' + each for key, each in peers.items()}, self._catalogue)

    def _supply(self, follower: Follower, topic: Topic) -> bool:
        """Give a follower what it lacks of a topic; says whether something had to be made for it."""
        key = (follower.view.key, topic, follower.topics[topic])
        made = self._made.get(key)
        version, frame = made or self._make(follower.view, topic, follower.topics[topic])
        self._made[key] = (version, frame)
        follower.topics[topic] = version
        if frame is not None:
            follower.supply(topic, frame)
        return made is None

    def _make(self, view: View, topic: Topic, since: int) -> Made:
        if topic.channel == "log":
            count, records = self._ring.since(since, MOST_RECORDS)
            return count, Frame(msgspec.json.encode(AppLogAppend(data=records))) if records else None
        facets = self._facets.get(topic)
        if facets is not None:
            delta = facets.since(since, view, view.speeds())
            return facets.version, None if delta is None else Frame(delta)
        if topic.channel in _WHOLE or topic.channel == "uploads":
            return self._whole(view, topic.channel, since)
        return since, None  # it was followed in the middle of the round: the next one has it

    def _whole(self, view: View, channel: str, since: int) -> Made:
        """Give a message that is sent as a whole whenever it is another one."""
        key = (view.key, channel)
        changes, version, frame = self._lists.get(key, (-1, 0, None))
        if changes != self._changes or frame is None:
            text = self._peering.uploads(view) if channel == "uploads" else _WHOLE[channel](view)
            if frame is None or frame.text != text:
                self._versions += 1
                version, frame = self._versions, Frame(text)
            self._lists[key] = (self._changes, version, frame)
        return version, frame if version != since else None


_WHOLE: dict[str, Callable[[View], bytes]] = {
    "downloads": lambda view: view.listing(DOWNLOADS),
    "shared": lambda view: view.listing(SHARED),
    "stats": lambda view: view.stats(),
}
