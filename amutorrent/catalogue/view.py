"""What a class of readers is sent: full forms and deltas. Source: websocket 5, http-api 6."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from ..accounts import User
from ..model.permissions import VIEW_ALL
from .entry import ADDED, GONE, changed_fields
from .held import Held
from .listings import Listing, render
from .source import OWNED

Key = tuple[str, str]
SMALL = 8
MOST_LISTINGS = 8
"""So many rendered listings are remembered, of all classes together."""
_encode = msgspec.json.encode


class ViewKey(NamedTuple):
    """A visibility class: all admins are one (`user` None), and every other user is one."""

    user: int | None
    sees_all: bool


def view_key(user: User) -> ViewKey:
    """Give the class of a user."""
    return ViewKey(None, True) if user.is_admin else ViewKey(user.id, user.may(VIEW_ALL))


class View:
    """What one visibility class sees. Messages are encoded once per class, however many read them."""

    def __init__(self, held: Held, publish: Callable[[], None], key: ViewKey) -> None:
        """`publish` sends what is unsent, so that what a view shows is what the ticks amount to."""
        self.key = key
        self._held = held
        self._publish = publish
        self._full: tuple[int, bytes] = (-1, b"")

    @property
    def etag(self) -> str:
        """Name what `full` would give now."""
        self._publish()
        name = f"{self._held.session}-{self._held.seq}"
        return name if self.key.user is None else f"{name}-{self.key.user}-{self.key.sees_all:d}"

    def owns(self, key: Key) -> bool:
        """Say whether the readers own an item; admins own all."""
        return self.key.user is None or self._held.owners.of(key) == self.key.user

    def sees(self, key: Key) -> bool:
        """Say whether an item exists for the readers."""
        return self.key.sees_all or self.owns(key)

    def shows(self, key: Key) -> bool:
        """Say whether an item is there, and exists for the readers."""
        return self.sees(key) and self._held.get(*key) is not None

    def full(self) -> bytes:
        """Give the full form. Unsent changes are published first, so that it is exactly what the deltas up to its
        `seq` amount to."""
        self._publish()
        if self._full[0] != self._held.seq:
            self._full = (self._held.seq, _full_form(self._held, *self.items()))
        return self._full[1]

    def listing(self, listing: Listing) -> bytes:
        """Give the message with the visible items of a listing, as the deltas up to now amount to them."""
        self._publish()
        kept, name = self._held.listings, (self.key, listing.type)
        seq, made = kept.pop(name, (-1, b""))
        if seq != self._held.seq:
            mine = None if self.key.user is None else self._mine()
            made = render(self._held, listing, mine, sees_all=self.key.sees_all)
        kept[name] = (self._held.seq, made)
        while len(kept) > MOST_LISTINGS:
            kept.popitem(last=False)
        return made

    def speeds(self) -> bytes:
        """Give the stats that every delta carries."""
        return _encode(_stats(self._held, instances=False))

    def stats(self) -> bytes:
        """Give the message with all stats; they are the same for everybody."""
        return b'{"type":"stats-update","data":%s}' % _encode(_stats(self._held, instances=True))

    def since(self, seq: int) -> bytes | None:
        """Give one delta with all that came after `seq`; None if it would be larger than the full form, if the window
        no longer holds it, or if it is no longer known whose the items were that are gone."""
        self._publish()
        merged = self._held.window.since(seq)
        if merged is None or self._forgotten(merged):
            return None
        changes = self.visible(merged)
        if self.too_many(changes):
            return None
        return _delta(self, self._held, self._held.seq, changes, instances=True, categories=True)

    def visible(self, changes: Mapping[Key, int]) -> Mapping[Key, int]:
        """Give the changes that the readers are told."""
        return changes if self.key.sees_all else {key: mask for key, mask in changes.items() if self.owns(key)}

    def too_many(self, changes: Mapping[Key, int]) -> bool:
        """Say whether the full form is the smaller one. `changes` are visible ones."""
        # websocket.md 5.1: above half of the items the full form is sent. A handful is always cheaper as a delta, and
        # so is a removal.
        if len(changes) <= SMALL:
            return False
        half = self._count() / 2
        return len(changes) > half and sum(mask != GONE for mask in changes.values()) > half

    def items(self) -> tuple[list[bytes], bytes]:
        """Give the JSON of all visible items, and what is to stand behind each."""
        sources = self._held.sources.values()
        if self.key.user is None:
            return [body for source in sources for body in source.bodies()], OWNED
        mine, found = self._mine(), list[bytes]()
        for source in sources:
            owned = mine.get(source.instance_id, {})
            found += source.chosen(source.entries if self.key.sees_all else owned, owned)
        return found, b""

    def _mine(self) -> dict[str, dict[str, None]]:
        """Give the hashes that the readers own, by instance."""
        mine: dict[str, dict[str, None]] = {}
        for instance_id, hash in self._held.owners.items(self.key.user):
            mine.setdefault(instance_id, {})[hash] = None
        return mine

    def _count(self) -> int:
        if self.key.sees_all:
            return self._held.count()
        return sum(self._held.get(*key) is not None for key in self._held.owners.items(self.key.user))

    def _forgotten(self, changes: Mapping[Key, int]) -> bool:
        if self.key.sees_all:
            return False
        return any(mask == GONE and self._held.owners.of(key) is None for key, mask in changes.items())


class Tick:
    """One revision. Its messages must be asked for before the next one: they show the catalogue as it is now."""

    def __init__(
        self,
        held: Held,
        seq: int,
        changes: Mapping[Key, int],
        *,
        instances: bool,
        categories: bool,
        whole: bool = False,
    ) -> None:
        self.seq = seq
        self.changes = changes
        self._held = held
        self._instances = instances
        self._categories = categories
        self._whole = whole
        self._messages: dict[ViewKey, bytes] = {}
        self._replacing: set[ViewKey] = set()

    def replaces(self, view: View) -> bool:
        """Say whether the message for a view, once made, is a full form."""
        return view.key in self._replacing

    def message(self, view: View) -> bytes:
        """Give this tick's `batch-update` for a view: a delta, or the full form where that is smaller."""
        if view.key not in self._messages:
            self._messages[view.key] = self._render(view)
        return self._messages[view.key]

    def _render(self, view: View) -> bytes:
        changes = view.visible(self.changes)
        if self._whole or view.too_many(changes):
            self._replacing.add(view.key)
            return view.full()
        return _delta(view, self._held, self.seq, changes, instances=self._instances, categories=self._categories)


def _full_form(held: Held, items: list[bytes], tail: bytes) -> bytes:
    stats = _encode(_stats(held, instances=True))
    head = b'{"type":"batch-update","data":{"stats":%s,"items":[' % stats
    end = b'],%s,"seq":%d}}' % (_category_keys(held), held.seq)
    if not items:
        return head + end
    # one join over all of it: the list is megabytes, and every further copy is felt
    items[0] = head + items[0]
    items[-1] += tail + end
    return (tail + b",").join(items)


def _delta(view: View, held: Held, seq: int, changes: Mapping[Key, int], *, instances: bool, categories: bool) -> bytes:
    added, removed, changed = [], [], []
    for key, mask in changes.items():
        source = held.sources.get(key[0])
        entry = source.entries.get(key[1]) if source else None
        if source is None or entry is None or mask == GONE:
            removed.append(f"{key[0]}:{key[1]}")
        elif mask == ADDED:
            added.append(entry.body + source.tail(owned=view.owns(key)))
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
    if held.machine is not None:
        stats["diskSpace"] = held.machine.disk_space
        if held.machine.cpu_usage is not None:
            stats["cpuUsage"] = held.machine.cpu_usage
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
