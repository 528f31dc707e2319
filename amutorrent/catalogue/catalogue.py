"""The merged live view: one writer (the event loop), immutable values for readers. Source: design 5.

Cost follows what changed: an item is compared when its client mentions it, encoded when it differs, and sent with
the next tick. `held.py` is what is there, `unsent.py` what has changed since the last tick, `window.py` what was sent
lately; `labelled.py` says what categories do to items, `overlays.py` what the host itself says of them; `view.py` makes
the messages, and `news.py` the events.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence

import trio
from msgspec.structs import replace

from ..accounts import Owners, User
from ..categories import Categories
from ..client import Changes
from ..errors import PluginError
from ..events import Events
from ..model import InstanceInfo, Item, Speeds
from .entry import ADDED, GONE, STALE, Entry, difference, make_entry, wire_bytes
from .labelled import SLICE, Labelled
from .overlays import Facts, Overlay, Overlays
from .source import Source
from .view import Tick, View, ViewKey, view_key
from .window import Window

TICK_S = 0.25
IDLE_TICK_S = 5.0
MOST_VIEWS = 32
"""So many classes of readers are remembered with what was made for them."""
MAX_REFUSED = 1000
"""So many refusals of an instance are remembered, so that each is logged once."""

log = logging.getLogger("amutorrent.catalogue")
Key = tuple[str, str]
Replacement = tuple[Entry | None, Entry, int]
"""What was there, what takes its place, and what differs: worked out before, since the change itself is one step."""


class Catalogue(Labelled):
    """Takes over what instances say of their items, and publishes it in ticks."""

    def __init__(self, categories: Categories, events: Events, owners: Owners | None = None) -> None:
        super().__init__(categories, events, owners or Owners())
        self.on_tick: list[Callable[[Tick], None]] = []
        self._instances_changed = False
        self._paths_changed = False
        self._whole = False
        self._overlays = Overlays()
        self._views: OrderedDict[ViewKey, View] = OrderedDict()
        self.owners.on_load.append(self._show_owned)

    def view(self, user: User) -> View:
        """Give the view of the user's visibility class: one for all admins, one for each other user."""
        key = view_key(user)
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = View(self, self.publish, key)
            if len(self._views) > MOST_VIEWS:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return view

    # -- instances

    def put_instance(self, instance_id: str, info: InstanceInfo) -> None:
        """Say how an instance is. The first call makes it known; it then has no items."""
        source = self.sources.get(instance_id)
        if source is None:
            self.sources[instance_id] = Source(instance_id, info)
        elif source.info == info:
            return
        else:
            source.info = info
        self._instances_changed = True
        self._mark()

    def remove_instance(self, instance_id: str) -> None:
        """Forget an instance and its items."""
        source = self.sources.pop(instance_id, None)
        if source is not None:
            for hash in source.entries:
                self._note((instance_id, hash), GONE)
            self._instances_changed = True
            self._paths_changed = self._paths_changed or source.default_path is not None
            self._mark()

    def order_instances(self, ids: Sequence[str]) -> None:
        """Put the instances into this order."""
        self.sources = {each: self.sources[each] for each in ids if each in self.sources}

    def start_over(self) -> None:
        """Let every reader get the full form with the next tick: what they may see changed beside the items."""
        self._whole = True
        self._mark()

    def set_stale(self, instance_id: str, stale: bool) -> None:
        """Say that an instance's items are those of its last good poll, or current again."""
        source = self.sources[instance_id]
        if source.stale == stale:
            return
        source.stale = stale
        if stale:
            source.speeds = None
        for hash in source.entries:
            self._note((instance_id, hash), STALE)
        self._mark()

    # -- changes of items

    async def apply(self, instance_id: str, changes: Changes) -> None:
        """Take over what a poll found.

        Items are compared and encoded in slices, with a checkpoint between them; they become visible all at once.
        An item that does not fit is refused alone and logged; a cancelled call leaves nothing behind.
        """
        source = self.sources.get(instance_id)
        if source is None:
            return
        entries, seen = await self._prepare(source, changes)
        if self.sources.get(instance_id) is not source:
            return
        removed = [hash for hash in changes.removed if hash in source.entries]
        if changes.full:
            removed = [hash for hash in source.entries if hash not in seen]
        self._commit(source, entries, removed)
        self._take_facts(source, changes)
        source.filled = source.filled or changes.full

    async def _prepare(self, source: Source, changes: Changes) -> tuple[list[Replacement], set[str]]:
        entries: list[Replacement] = []
        seen: set[str] = set()
        for number, item in enumerate(changes.items):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            hash = item.hash if isinstance(item, Item) and isinstance(item.hash, str) else ""
            seen.add(hash)
            if hash:
                item = self._overlays.take((source.instance_id, hash), item)
            old = source.entries.get(hash)
            label = item.category if hash and isinstance(item.category, str) else ""
            if old is not None and old.label == label:
                # mostly the same name; else it is compared as the app names it
                same = item if old.item.category == label else replace(item, category=old.item.category)
                if old.item == same:
                    continue
            entry = self._entry(source, hash, item, label)
            if entry is not None:
                entries.append((old, entry, ADDED if old is None else difference(old.item, entry.item)))
        return entries, seen

    def _entry(self, source: Source, hash: str, item: Item, label: str) -> Entry | None:
        name = self._shown(source, label)
        if name != label:
            item = replace(item, category=name)
        try:
            encoded = wire_bytes(item)
        except PluginError as error:
            self._refuse(source, hash, error.message)
            return None
        category = self.categories.ensure(item.category)
        return make_entry(source.head, source.instance_id, item, encoded, category.id, label)

    def _refuse(self, source: Source, hash: str, reason: str) -> None:
        if (hash, reason) not in source.refused:
            if len(source.refused) >= MAX_REFUSED:
                source.refused.clear()
            source.refused.add((hash, reason))
            log.error("%s: item %s refused: %s", source.instance_id, hash or "without a hash", reason)

    def _commit(self, source: Source, entries: list[Replacement], removed: list[str]) -> None:
        for expected, made, prepared in entries:
            entry, hash, mask = self._current(source, made), made.item.hash, prepared
            old = source.entries.get(hash)
            # the same item twice, or another call of `apply` meanwhile: numbers of categories do not count
            if (old and old.item) is not (expected and expected.item) or entry.item is not made.item:
                mask = ADDED if old is None else difference(old.item, entry.item)
            source.entries[hash] = entry
            if old is not None and not mask:
                continue  # its client calls its category something else, and that is all
            self._note((source.instance_id, hash), mask)
            if old is not None:
                self._news.changed(old, entry)
            else:
                self.owners.appeared((source.instance_id, entry.item.hash))
                if source.filled:
                    self._news.added(entry)
        for hash in removed:
            gone = source.entries.pop(hash)
            self._note((source.instance_id, hash), GONE)
            self._overlays.gone((source.instance_id, hash))
            self._news.removed(gone)
        if entries or removed:
            self._mark()
        for hash, overlay in self._overlays.of(source.instance_id):
            shown = source.entries.get(hash)
            if overlay.plain is None and shown is not None:  # it was said while the poll that brought it was read
                overlay.plain = _plain(shown)
            self._show(source, hash, overlay)
        self._overlays.settle(source.instance_id)

    # -- what the host itself says of an item

    def overlay(self, key: Key, facts: Facts) -> None:
        """Let an item show these values of fields instead of what its client says; {} ends that."""
        source = self.sources.get(key[0])
        entry = source.entries.get(key[1]) if source else None
        overlay = self._overlays.put(key, facts, _plain(entry) if entry else None)
        if source is not None:
            self._show(source, key[1], overlay)

    def plain(self, key: Key) -> Item | None:
        """Give an item as its client says it is."""
        overlay, entry = self._overlays.get(key), self.get(*key)
        return overlay.plain if overlay else entry.item if entry else None

    def _show(self, source: Source, hash: str, overlay: Overlay) -> None:
        old, item = source.entries.get(hash), overlay.shown()
        if old is None or item is None:
            return
        if old.label == item.category and old.item == replace(item, category=old.item.category):
            return
        entry = self._entry(source, hash, item, item.category)
        if entry is not None:
            source.entries[hash] = entry
            self._note((source.instance_id, hash), difference(old.item, entry.item))
            self._news.changed(old, entry)
            self._mark()

    def _take_facts(self, source: Source, changes: Changes) -> None:
        speeds = Speeds(upload_speed=max(0, changes.upload_speed), download_speed=max(0, changes.download_speed))
        source.free_space = changes.free_space if changes.free_space is not None else source.free_space
        if changes.categories is not None:
            source.defined = tuple(changes.categories)
            self._merge(source)
        if changes.default_path not in (None, source.default_path):
            source.default_path = changes.default_path
            self._paths_changed = True
            self._mark()
        if speeds != source.speeds or self.categories.version != self._categories_sent:
            source.speeds = speeds
            self._mark()

    def _show_owned(self) -> None:
        """Say again what belongs to somebody: their owners could not see it before."""
        for entry in self.items():
            key = (entry.instance_id, entry.item.hash)
            if self.owners.of(key) is not None:
                self._note(key, ADDED)
                self._mark()

    # -- ticks

    async def run(self) -> None:
        """Publish a tick 250 ms after the first unsent change, and every 5 s if there is none."""
        while True:
            with trio.move_on_after(IDLE_TICK_S) as idle:
                await self._dirty.wait()
            if not idle.cancelled_caught:
                await trio.sleep(TICK_S)
            if self._dirty.is_set() or idle.cancelled_caught:
                self._tick()

    def publish(self) -> None:
        """Publish now what is unsent, if anything is."""
        if self._dirty.is_set():
            self._tick()

    def _tick(self) -> None:
        self.seq += 1
        changes, self._pending = self._pending, {}
        instances, self._instances_changed = self._instances_changed, False
        categories = self._paths_changed or self.categories.version != self._categories_sent
        self._paths_changed, self._categories_sent = False, self.categories.version
        self._dirty = trio.Event()
        whole, self._whole = self._whole, False
        self.window.append(self.seq, changes)
        if whole:
            self.window = Window(self.seq)
        tick = Tick(self, self.seq, changes, instances=instances, categories=categories, whole=whole)
        for listener in self.on_tick:
            listener(tick)


def _plain(entry: Entry) -> Item:
    return replace(entry.item, category=entry.label)
