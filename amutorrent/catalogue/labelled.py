"""The app's categories over the items: each shows its own by the app's name and number. Source: data-model 7."""

from collections.abc import Callable, Iterable, Mapping

import trio
from msgspec.structs import replace

from ..accounts import Owners
from ..categories import Categories, Departed, taken
from ..events import Events
from ..model import DEFAULT, Category, ClientCategory
from .entry import CATEGORY, Entry, make_entry, recategorised, wire_bytes
from .source import CategoryRules, Source
from .unsent import Unsent

SLICE = 200
"""So many items are compared and encoded before others get a turn."""


class Labelled(Unsent):
    """Changes categories, and their items with them."""

    def __init__(self, categories: Categories, events: Events, owners: Owners) -> None:
        super().__init__(categories, events, owners)
        self._categories_sent = categories.version

    def put_rules(self, instance_id: str, rules: CategoryRules) -> None:
        """Say how categories come in from an instance that is known."""
        self.sources[instance_id].rules = rules

    def note_defined(self, instance_id: str, gone: str, new: ClientCategory | None = None) -> None:
        """Say what was done to a definition of a client, until its polls tell: `gone` is not there, but `new` is."""
        source = self.sources.get(instance_id)
        if source is not None:
            kept = [each for each in source.defined if each.name != gone and (new is None or each.name != new.name)]
            source.defined = (*kept, new) if new is not None else tuple(kept)

    def take_categories(self, saved: Iterable[Category], departed: Iterable[Departed] = ()) -> None:
        """Take over the categories that the database holds, as it was just opened."""
        categories = self.categories
        renumbered = categories.take_saved(saved, departed)
        back = {row.name for row in categories.departures.all() if categories.get(row.name) is not None}
        for name in back:  # a client brought it in while it was not known that it is gone
            categories.take_removal(name, ())
        self._look_again(renumbered.keys() | back)
        for source in self.sources.values() if back else ():
            self._merge(source)

    def settle_categories(self, ids: Mapping[str, int]) -> None:
        """Give categories the ids under which they are saved, and with them their items."""
        known = {name: self.categories.get(name) for name in ids}
        changed = {name: ids[name] for name, each in known.items() if each is not None and each.id != ids[name]}
        self.categories.settle(changed)
        self._look_again(changed)

    async def create_category(self, name: str) -> Category:
        """Find one, or make it, as a person wants it. Raises `StorageUnavailable`; nothing is changed then."""
        found = await self.categories.create(name)
        self._look_again(())
        return found

    async def define_category(self, new: Category) -> Category:
        """Make one as a person wants it. Raises `Conflict`, `StorageUnavailable`; nothing is changed then."""
        made = await self.categories.define(new)
        self._look_again([made.name])
        return made

    async def change_category(self, name: str, changes: Mapping[str, object]) -> Category:
        """Change fields of one, its `name` among them: its items follow.

        Raises `NotFound`, `Conflict`, `StorageUnavailable`; nothing is changed then.
        """
        categories = self.categories
        async with categories.writing:
            changed = replace(categories.find(name), **changes)
            if changed.name == name:
                changed = await categories.save_change(name, changed)
                categories.take_change(name, changed)
                self._look_again([name])
                return changed
            if categories.get(changed.name) is not None:
                raise taken(changed.name)
            departed = self._departed(name, changed.name)
            changed = await categories.save_change(name, changed, departed)
            await self._rename_items(name, changed, lambda: categories.take_change(name, changed, departed))
            return changed

    async def remove_category(self, name: str) -> None:
        """Delete one; its items fall to `Default`. Raises `NotFound`, `StorageUnavailable`; nothing is changed then."""
        categories = self.categories
        async with categories.writing:
            categories.find(name)
            departed = self._departed(name, None)
            await categories.save_removal(name, departed)
            default = categories.find(DEFAULT)
            await self._rename_items(name, default, lambda: categories.take_removal(name, departed))

    def _departed(self, name: str, successor: str | None) -> list[Departed]:
        """Say of every instance that it may still have a name."""
        now = self.categories.now()
        return [Departed(name=name, instance_id=each, successor=successor, since=now) for each in self.sources]

    async def _rename_items(self, old: str, new: Category, switch: Callable[[], None]) -> None:
        """Make the entries of items beforehand, in slices, so that they and the list change in one short step."""
        prepared: list[tuple[Source, Entry, Entry]] = []
        for source in tuple(self.sources.values()):
            for number, entry in enumerate(tuple(source.entries.values())):
                if number % SLICE == SLICE - 1:
                    await trio.lowlevel.checkpoint()
                if entry.item.category == old:
                    item = replace(entry.item, category=new.name)
                    made = make_entry(source.head, source.instance_id, item, wire_bytes(item), new.id, entry.label)
                    prepared.append((source, entry, made))
        switch()
        for source, expected, made in prepared:
            if source.entries.get(made.item.hash) is expected:
                self._put_renamed(source, expected, made)
        for source in self.sources.values():
            for entry in [each for each in source.entries.values() if each.item.category == old]:
                self._put_renamed(source, entry, self._current(source, entry))  # it came meanwhile
        self._look_again(())

    def _put_renamed(self, source: Source, old: Entry, new: Entry) -> None:
        source.entries[new.item.hash] = new
        self._note((source.instance_id, new.item.hash), CATEGORY)
        self._news.changed(old, new)

    def _look_again(self, names: Iterable[str]) -> None:
        """Note new names and numbers of categories. All at once, since list and items must fit; a walk without JSON,
        but for items that came while others were prepared."""
        concerned = frozenset(names)
        for source in self.sources.values() if concerned else ():
            for hash, entry in source.entries.items():
                if entry.item.category in concerned or entry.label in concerned:
                    current = self._current(source, entry)
                    if current is not entry:
                        source.entries[hash] = current
                        self._note((source.instance_id, hash), CATEGORY)
        if self.categories.version != self._categories_sent:
            self._mark()

    def show_warnings(self, warnings: Mapping[str, dict[str, str | dict[str, str]] | None]) -> None:
        """Say what is wrong with the paths of categories, by name."""
        self.categories.warn(warnings)
        self._look_again(())

    # -- what an item shows

    def _shown(self, source: Source, label: str) -> str:
        """Give the app's name for what a client calls a category."""
        lower = source.rules.lower_cases
        return self.categories.shown_as(source.instance_id, label, lower_cases=lower) if label else label

    def _current(self, source: Source, entry: Entry) -> Entry:
        """Look after its category, which may have another name or number since the entry was made."""
        name = self._shown(source, entry.label)
        if name != entry.item.category:
            item = replace(entry.item, category=name)
            id = self.categories.ensure(name).id
            return make_entry(source.head, source.instance_id, item, wire_bytes(item), id, entry.label)
        id = self.categories.ensure(name).id
        return entry if entry.category_id == id else recategorised(entry, id)

    def _merge(self, source: Source) -> None:
        if source.rules.come_in:
            lower = source.rules.lower_cases
            self.categories.merge(source.defined, source.instance_id, lower_cases=lower)
