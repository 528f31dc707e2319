"""What a class of readers is sent: full forms and deltas. Source: websocket 5, http-api 6."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from .entry import ADDED, GONE, changed_fields
from .held import Held
from .source import OWNED

Key = tuple[str, str]
SMALL = 8
_encode = msgspec.json.encode


class View:
    """What one visibility class sees. Messages are encoded once per class, however many read them."""

    def __init__(self, held: Held, publish: Callable[[], None]) -> None:
        """`publish` sends what is unsent, so that what a view shows is what the ticks amount to."""
        self._held = held
        self._publish = publish
        self._full: tuple[int, bytes] = (-1, b"")

    @property
    def etag(self) -> str:
        """Name what `full` would give now."""
        self._publish()
        return f"{self._held.session}-{self._held.seq}"

    def full(self) -> bytes:
        """Give the full form. Unsent changes are published first, so that it is exactly what the deltas up to its
        `seq` amount to."""
        self._publish()
        if self._full[0] != self._held.seq:
            self._full = (self._held.seq, _full_form(self._held))
        return self._full[1]

    def since(self, seq: int) -> bytes | None:
        """Give one delta with all that came after `seq`; None if it would be larger than the full form, or the
        window no longer holds it."""
        self._publish()
        changes = self._held.window.since(seq)
        if changes is None or _too_many(self._held, changes):
            return None
        return _delta(self._held, self._held.seq, changes, instances=True, categories=True)


class Tick:
    """One revision. Its messages must be asked for before the next one: they show the catalogue as it is now."""

    def __init__(self, held: Held, seq: int, changes: Mapping[Key, int], *, instances: bool, categories: bool) -> None:
        self.seq = seq
        self.changes = changes
        self._held = held
        self._instances = instances
        self._categories = categories
        self._messages: dict[View, bytes] = {}

    def message(self, view: View) -> bytes:
        """Give this tick's `batch-update` for a view: a delta, or the full form where that is smaller."""
        if view not in self._messages:
            self._messages[view] = self._render(view)
        return self._messages[view]

    def _render(self, view: View) -> bytes:
        if _too_many(self._held, self.changes):
            return view.full()
        return _delta(self._held, self.seq, self.changes, instances=self._instances, categories=self._categories)


def _too_many(held: Held, changes: Mapping[Key, int]) -> bool:
    # websocket.md 5.1: above half of the items the full form is sent. A handful is always cheaper as a delta, and
    # so is a removal.
    if len(changes) <= SMALL:
        return False
    half = held.count() / 2
    return len(changes) > half and sum(mask != GONE for mask in changes.values()) > half


def _full_form(held: Held) -> bytes:
    stats = _encode(_stats(held, instances=True))
    head = b'{"type":"batch-update","data":{"stats":%s,"items":[' % stats
    end = b'],%s,"seq":%d}}' % (_category_keys(held), held.seq)
    bodies = [body for source in held.sources.values() for body in source.bodies()]
    if not bodies:
        return head + end
    # one join over all of it: the list is megabytes, and every further copy is felt
    bodies[0] = head + bodies[0]
    bodies[-1] += OWNED + end
    return (OWNED + b",").join(bodies)


def _delta(held: Held, seq: int, changes: Mapping[Key, int], *, instances: bool, categories: bool) -> bytes:
    added, removed, changed = [], [], []
    for key, mask in changes.items():
        source = held.sources.get(key[0])
        entry = source.entries.get(key[1]) if source else None
        if source is None or entry is None or mask == GONE:
            removed.append(f"{key[0]}:{key[1]}")
        elif mask == ADDED:
            added.append(entry.body + source.tail)
        else:
            changed.append(changed_fields(entry, mask, stale=source.stale))
    return (
        b'{"type":"batch-update","data":{"stats":%s,%s"delta":{"seq":%d,"added":[%s],"removed":%s,"changed":%s}}}'
        % (
            _encode(_stats(held, instances=instances)),
            _category_keys(held) + b"," if categories else b"",
            seq,
            b",".join(added),
            _encode(removed),
            _encode(changed),
        )
    )


def _stats(held: Held, *, instances: bool) -> dict[str, Any]:  # Any: structs on their way to JSON
    sources = held.sources
    stats: dict[str, Any] = {
        "instanceSpeeds": {each.instance_id: each.speeds for each in sources.values() if each.speeds}
    }
    if instances:
        stats["instances"] = {each.instance_id: each.info for each in sources.values()}
    return stats


def _category_keys(held: Held) -> bytes:
    categories = held.categories
    keys = {
        "categories": categories.all(),
        "clientDefaultPaths": held.default_paths(),
        "hasPathWarnings": categories.warned,
    }
    return _encode(keys)[1:-1]
