"""What the host itself says of items, over what their clients say: a move that it makes, or follows."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ..model import Item

Key = tuple[str, str]
Facts = Mapping[str, Any]  # Any: values of fields of an item
NOTHING: Facts = {}


class Overlay:
    """The fields that differ, and the item as its client last told it."""

    def __init__(self, plain: Item | None) -> None:
        self.plain = plain
        self.facts = NOTHING

    def shown(self) -> Item | None:
        """Give the item as it is shown."""
        return replace(self.plain, **self.facts) if self.plain is not None else None


class Overlays:
    """By item. One that was lifted stays until the next answer of its client: it may be on its way already."""

    def __init__(self) -> None:
        self._overlays: dict[Key, Overlay] = {}

    def put(self, key: Key, facts: Facts, plain: Item | None) -> Overlay:
        """Say something of an item; `plain` is what is there, if nothing was said of it so far."""
        overlay = self._overlays.get(key)
        if overlay is None:
            overlay = self._overlays[key] = Overlay(plain)
        overlay.facts = facts
        return overlay

    def get(self, key: Key) -> Overlay | None:
        """Find what is said of an item."""
        return self._overlays.get(key)

    def take(self, key: Key, item: Item) -> Item:
        """Take what a client says of an item; gives it as it is shown."""
        overlay = self._overlays.get(key)
        if overlay is None:
            return item
        overlay.plain = item
        return overlay.shown() or item

    def of(self, instance_id: str) -> Iterator[tuple[str, Overlay]]:
        """Walk over the items of an instance of which something is said."""
        yield from [(key[1], overlay) for key, overlay in self._overlays.items() if key[0] == instance_id]

    def settle(self, instance_id: str) -> None:
        """Forget what was lifted."""
        for hash, overlay in self.of(instance_id):
            if not overlay.facts:
                del self._overlays[instance_id, hash]

    def gone(self, key: Key) -> None:
        """An item is gone: what is said of it holds when it comes back."""
        if key in self._overlays:
            self._overlays[key].plain = None
