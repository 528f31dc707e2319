"""Channels: what a socket is sent beside the live list because it asked for it. Source: websocket 5.3."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from msgspec import Struct

from ..accounts import User
from ..errors import Conflict, Forbidden, InvalidRequest, NotFound
from ..model import camel
from .app_log import SEES_LOGS
from .call import Call
from .declare import ANY_USER, operation
from .listings import SEES_SHARED, SEES_UPLOADS
from .requests import AnyHash

CHANNELS: Mapping[str, str] = {
    "segmentData": ANY_USER,
    "peers": ANY_USER,
    "log": SEES_LOGS,
    "downloads": ANY_USER,
    "uploads": SEES_UPLOADS,
    "shared": SEES_SHARED,
    "stats": ANY_USER,
}
"""Every channel, with the permission that it needs."""
SUPPLEMENTAL = frozenset({"segmentData", "peers"})
"""Those that add fields to items."""
MOST_TOPICS = 64
"""Subscriptions of one socket."""


class Topic(NamedTuple):
    """A channel; of `peers` one item (instance id, hash), or None: all that upload."""

    channel: str
    item: tuple[str, str] | None = None

    def allowed(self, user: User) -> bool:
        """Say whether a user may follow it."""
        needs = CHANNELS[self.channel]
        return needs == ANY_USER or user.may(needs)


@runtime_checkable
class Subscriber(Protocol):
    """A socket, as far as subscriptions go."""

    topics: dict[Topic, int]
    """What it follows, each with the version that it was sent; 0: nothing yet."""

    def follow(self, topic: Topic) -> None:
        """Send what there is of a topic, and from now on what changes."""


class ChannelRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """A channel; with `peers` also one item, by its hash and, where several instances hold it, `instanceId`."""

    channel: str
    file_hash: AnyHash | None = None
    instance_id: str | None = None


class Subscribed(Struct, frozen=True, kw_only=True, tag="subscribed"):
    """A channel that is followed from now on; what there is of it comes next."""

    channel: str


class Unsubscribed(Struct, frozen=True, kw_only=True, tag="unsubscribed"):
    """A channel that is not followed any more. Comes unasked when the user may not follow it any longer."""

    channel: str


@operation("subscribe", changes=False)
async def subscribe(request: ChannelRequest, call: Call) -> Subscribed:
    """Follow a channel: `segmentData`, `peers`, `log`, `downloads`, `uploads`, `shared` or `stats`.

    `segmentData` and `peers` add fields to items, by deltas without `seq`; `log` sends new records; the others send
    what the action of that name replies, whenever it changed. It ends with the socket.
    """
    reader = _subscriber(call)
    topic = _topic(request)
    if not topic.allowed(call.user):
        needs = CHANNELS[topic.channel]
        raise Forbidden(f"This needs the permission {needs}", details={"permission": needs})
    if request.file_hash is not None:
        instance, entry = call.holding(request.file_hash, request.instance_id)
        topic = topic._replace(item=(instance.id, entry.item.hash))
    if topic not in reader.topics and len(reader.topics) >= MOST_TOPICS:
        raise Conflict(f"A socket has at most {MOST_TOPICS} subscriptions: end another one first")
    reader.follow(topic)
    return Subscribed(channel=topic.channel)


@operation("unsubscribe", changes=False)
async def unsubscribe(request: ChannelRequest, call: Call) -> Unsubscribed:
    """Follow a channel no longer: with `fileHash` that item's, without all of that channel."""
    reader, topic = _subscriber(call), _topic(request)
    for each in [each for each in reader.topics if each.channel == topic.channel and _meant(each, request)]:
        del reader.topics[each]
    return Unsubscribed(channel=topic.channel)


def _subscriber(call: Call) -> Subscriber:
    if not isinstance(call.sender, Subscriber):
        raise InvalidRequest("Only a socket can follow a channel", code="bad_request")
    return call.sender


def _topic(request: ChannelRequest) -> Topic:
    if request.channel not in CHANNELS:
        raise NotFound(f"There is no channel {request.channel!r}", details={"channels": list(CHANNELS)})
    if request.channel != "peers" and request.file_hash is not None:
        raise InvalidRequest("Only the channel peers is about one item", field="fileHash")
    return Topic(request.channel)


def _meant(topic: Topic, request: ChannelRequest) -> bool:
    if request.file_hash is None:
        return True
    return (
        topic.item is not None
        and topic.item[1] == request.file_hash.lower()
        and request.instance_id in (None, topic.item[0])
    )
