"""The app's categories: one list over all instances. Source: data-model 7."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import trio
from msgspec.structs import replace

from .model import DEFAULT, Category, ClientCategory


class Shelf(Protocol):
    """Where categories are saved."""

    async def add(self, category: Category) -> Category:
        """Save one that is new, and give it with its id; or give the one that is there. Raises `StorageUnavailable`."""
        ...


class Categories:
    """Names with stable ids; `Default` is always there, with id 0.

    They come in from the clients: what a client defines, and the names that its items carry. Those are live at once,
    whatever becomes of the database: until one is saved its id is a negative number of this run. One that a person
    asks for is there when it is saved, and not before.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        """Without a shelf nothing is kept beyond this run, and ids count from 1."""
        self._shelf = shelf
        self._by_name = {DEFAULT: Category(id=0, name=DEFAULT, title=DEFAULT)}
        self._count = 0
        self._unsaved: dict[str, None] = {}
        self._changed = trio.Event()
        self.version = 0
        """Grows with every change, so that a reader sees at once whether it has the latest list."""

    def all(self) -> list[Category]:
        """List them, `Default` first."""
        return list(self._by_name.values())

    @property
    def warned(self) -> bool:
        """Whether the path of any of them cannot be used."""
        return any(each.path_warnings for each in self._by_name.values())

    def get(self, name: str) -> Category | None:
        """Find one by its exact name."""
        return self._by_name.get(name)

    def ensure(self, name: str) -> Category:
        """Find one, or make it known: a client has it."""
        return self._by_name.get(name) or self._put(self._new(name))

    def merge(self, defined: Iterable[ClientCategory]) -> None:
        """Take over what a client defines: unknown names, and paths where none is known."""
        for each in defined:
            if not each.name or each.name == DEFAULT:
                continue
            known = self.ensure(each.name)
            if each.path and not known.path:
                self._put(replace(known, path=each.path))

    async def create(self, name: str) -> Category:
        """Find one, or make it, as a person wants it: it is saved first. Raises `StorageUnavailable`."""
        known = self._by_name.get(name)
        if known is not None or self._shelf is None:
            return known or self.ensure(name)
        saved = await self._shelf.add(Category(id=0, name=name, title=name))
        known = self._by_name.get(name)  # a client may have come up with it meanwhile: it gets its id as others do
        if known is None:
            known = self._by_name[name] = saved
            self.version += 1
        return known

    def follow_instances(self, moved: Mapping[str, str]) -> None:
        """Let path mappings follow instances to new ids: old id -> new id."""
        for category in self.all():
            mappings = category.path_mappings or {}
            if moved.keys() & mappings.keys():
                followed = {moved.get(id, id): path for id, path in mappings.items()}
                self._put(replace(category, path_mappings=followed))

    def _new(self, name: str) -> Category:
        self._count += 1
        return Category(id=self._count if self._shelf is None else -self._count, name=name, title=name)

    def _put(self, category: Category) -> Category:
        self._by_name[category.name] = category
        self._unsaved[category.name] = None
        self._changed.set()
        self.version += 1
        return category

    # -- saving, done by `CategoryKeeper`

    async def wait_unsaved(self) -> None:
        """Wait until there is something to save."""
        await self._changed.wait()

    def take_unsaved(self) -> list[Category]:
        """Give what is to be saved, and count it as saved from now on; `put_back` what was not."""
        taken, self._unsaved, self._changed = self._unsaved, {}, trio.Event()
        return [self._by_name[name] for name in taken]

    def put_back(self, categories: Iterable[Category]) -> None:
        """Count these as not saved."""
        self._unsaved.update(dict.fromkeys(each.name for each in categories))
        if self._unsaved:
            self._changed.set()

    def take_saved(self, saved: Iterable[Category]) -> dict[str, int]:
        """Take over what the database holds, just opened; gives the ids that others have now.

        What it says wins, but for a path where it knows none. What it does not hold is to be saved.
        """
        by_name = {each.name: each for each in saved}
        before = {name: each.id for name, each in self._by_name.items()}
        for name, each in by_name.items():
            live = self._by_name.get(name)
            self._by_name[name] = each
            self._unsaved.pop(name, None)
            if live is not None and live.path and not each.path:
                self._put(replace(each, path=live.path))
        for name in before.keys() - by_name.keys() - {DEFAULT}:
            self._shed(self._by_name[name])
        self.version += 1
        return {name: self._by_name[name].id for name, id in before.items() if self._by_name[name].id != id}

    def _shed(self, category: Category) -> None:
        """Take away the id of one that this database does not know: another one gave it."""
        if category.id > 0:
            self._put(replace(category, id=self._new(category.name).id))

    def settle(self, ids: Mapping[str, int]) -> None:
        """Give categories the ids under which they are saved."""
        for name, id in ids.items():
            self._by_name[name] = replace(self._by_name[name], id=id)
            self.version += 1
