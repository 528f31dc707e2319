"""What has changed since the last tick."""

import trio

from ..accounts import Owners
from ..categories import Categories
from ..events import Events
from .entry import ADDED, GONE
from .held import Held
from .news import News

Key = tuple[str, str]


class Unsent(Held):
    """Keeps note of what the next tick has to say, and of the events that come with it."""

    def __init__(self, categories: Categories, events: Events, owners: Owners) -> None:
        super().__init__(categories, owners)
        self._news = News(events)
        self._pending: dict[Key, int] = {}
        self._dirty = trio.Event()

    def _mark(self) -> None:
        self._dirty.set()

    def _note(self, key: Key, mask: int) -> None:
        """Add to what the next tick says of an item: `ADDED`, `GONE`, or the bits of what changed."""
        before = self._pending.get(key)
        if before is None or mask in (ADDED, GONE):
            self._pending[key] = mask
        elif before != ADDED:
            self._pending[key] = before | mask
