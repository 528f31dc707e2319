"""Bounded publish and subscribe of what happened. Source: data-model 11, design 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import trio
from msgspec import Struct, field

EventName = Literal[
    "download_added",
    "download_finished",
    "download_removed",
    "category_changed",
    "file_moved",
    "file_deleted",
    "client_unavailable",
    "client_available",
    "instances_changed",
]


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened. `facts` are its further fields, by the Python spelling of data-model 11."""

    name: EventName
    instance_id: str
    hash: str | None = None
    facts: dict[str, object] = field(default_factory=dict)


class Subscription:
    """One listener's bounded queue. `lost` counts events that fell out at the old end because it was full."""

    def __init__(self, capacity: int) -> None:
        self.lost = 0
        self._send, self._receive = trio.open_memory_channel[Event](capacity)

    def put_nowait(self, event: Event) -> None:
        """Queue an event, dropping the oldest one if there is no room."""
        try:
            self._send.send_nowait(event)
        except trio.WouldBlock:
            self._receive.receive_nowait()
            self.lost += 1
            self._send.send_nowait(event)

    async def get(self) -> Event:
        """Wait for the next event."""
        return await self._receive.receive()


class Events:
    """The daemon's event bus. Publishing never waits and never fails."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        """Hand an event to everybody who listens now."""
        for subscription in self._subscriptions:
            subscription.put_nowait(event)

    @contextmanager
    def subscribe(self, capacity: int = 1024) -> Iterator[Subscription]:
        """Listen for as long as the context lasts."""
        subscription = Subscription(capacity)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
