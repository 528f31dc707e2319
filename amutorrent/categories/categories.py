"""The live list: names with stable ids. Source: data-model 7."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

import trio
from msgspec.structs import replace

from ..errors import Conflict, NotFound
from ..model import DEFAULT, Category, ClientCategory
from .departed import Departed, Departures


class Shelf(Protocol):
    """Where categories are saved. Every method raises `StorageUnavailable`, and has then changed nothing."""

    async def add(self, category: Category) -> Category:
        """Save one that is new, and give it with its id; or give the one that is there."""
        ...

    async def change(self, name: str, category: Category, departed: Sequence[Departed]) -> Category:
        """Save one under a name that may be a new one, with who may still have the old; gives it with its id."""
        ...

    async def remove(self, name: str, departed: Sequence[Departed]) -> None:
        """Delete one, and save who may still have it."""
        ...


class Categories:
    """Names with stable ids; `Default` is always there, with id 0.

    They come in from the clients: what a client defines, and the names that its items carry. Those are live at once,
    whatever becomes of the database: until one is saved its id is a negative number of this run. What a person asks
    for is there when it is saved, and not before.
    """

    def __init__(self, shelf: Shelf | None = None, *, clock: Callable[[], float] = time.time) -> None:
        """Without a shelf nothing is kept beyond this run, and ids count from 1."""
        self._shelf = shelf
        self._clock = clock
        self._by_name = {DEFAULT: default()}
        self._count = 0
        self._unsaved: dict[str, None] = {}
        self._settled: list[Departed] = []
        self._to_save = trio.Event()
        self._changed = trio.Event()
        self.departures = Departures()
        self.writing = trio.Lock()
        """Held while something of it is on its way to the database, so that no older word of a category comes last."""
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

    def find(self, name: str) -> Category:
        """Find one by its exact name. Raises `NotFound` (`category_not_found`)."""
        found = self._by_name.get(name)
        if found is None:
            raise NotFound(f"There is no category {name!r}", code="category_not_found")
        return found

    def now(self) -> int:
        """Give the time in ms."""
        return int(self._clock() * 1000)

    async def wait_version(self, known: int) -> None:
        """Wait until there is a later version than the one that is known."""
        while self.version == known:
            await self._changed.wait()

    # -- what clients bring in

    def ensure(self, name: str) -> Category:
        """Find one, or make it known: a client has it."""
        known = self._by_name.get(name)
        if known is None:
            self.departures.revive(name)
            known = self._put(self._new(name))
        return known

    def renames(self, instance_id: str, *, lower_cases: bool = False) -> bool:
        """Say whether an instance may have a category under another name than the app's."""
        return lower_cases or bool(self.departures.of(instance_id))

    def shown_as(self, instance_id: str, name: str, *, lower_cases: bool = False) -> str:
        """Give the app's name for what a client calls `name`; the client may keep names in lower case alone."""
        gone = self.departures.of(instance_id)
        if (row := gone.get(name)) is not None:
            return row.successor or DEFAULT
        if not lower_cases or name in self._by_name:
            return name
        for each in self._by_name:
            if each.lower() == name.lower():
                return each
        for row in gone.values():
            if row.name.lower() == name.lower():
                return row.successor or DEFAULT
        return name

    def merge(self, defined: Iterable[ClientCategory], instance_id: str = "", *, lower_cases: bool = False) -> None:
        """Take over what a client defines: unknown names, and paths where none is known and nobody chose that."""
        for each in defined:
            name = self.shown_as(instance_id, each.name, lower_cases=lower_cases)
            if not name or name == DEFAULT or each.name in self.departures.of(instance_id):
                continue
            known = self.ensure(name)
            if each.path and not known.path and not known.touched:
                self._put(replace(known, path=each.path))

    # -- what people ask for

    async def create(self, name: str) -> Category:
        """Find one, or make it, as a person wants it: it is saved first. Raises `StorageUnavailable`."""
        known = self._by_name.get(name)
        return known if known is not None else await self._add(self._new(name))

    async def define(self, category: Category) -> Category:
        """Make a new one with all that a person says of it; gives it with its id.

        Raises `Conflict` if there is one of that name, `StorageUnavailable`.
        """
        self._see_free(category.name)
        now = self.now()
        return await self._add(replace(category, id=self._new(category.name).id, created_at=now, updated_at=now), True)

    async def _add(self, new: Category, defined: bool = False) -> Category:
        async with self.writing:
            if defined:
                self._see_free(new.name)
            known = self._by_name.get(new.name)
            if known is not None:
                return known
            saved = await self._shelf.add(new) if self._shelf is not None else new
            if defined and saved.created_at != new.created_at:
                raise taken(new.name)  # it was saved before, and is not loaded yet
            self.departures.revive(new.name)
            known = self._by_name.get(new.name)  # a client may have come up with it meanwhile
            if known is None or defined:
                self._take(saved)
                return saved
            return known  # it gets its id as others do

    def _see_free(self, name: str) -> None:
        if name in self._by_name:
            raise taken(name)

    async def save_change(self, name: str, changed: Category, departed: Sequence[Departed] = ()) -> Category:
        """Save what a person changed; `take_change` then makes it live. Whoever calls holds `writing`."""
        at = max(self.now(), (changed.created_at or 0) + 1)
        changed = replace(changed, title=changed.name, updated_at=at)
        return changed if self._shelf is None else await self._shelf.change(name, changed, departed)

    async def save_removal(self, name: str, departed: Sequence[Departed]) -> None:
        """Save that one is deleted; `take_removal` then makes it live. Whoever calls holds `writing`."""
        if self._shelf is not None:
            await self._shelf.remove(name, departed)

    def take_change(self, name: str, changed: Category, departed: Iterable[Departed] = ()) -> None:
        """Show a category as it was saved; it keeps its place in the list."""
        self._unsaved.pop(name, None)
        self._by_name = {
            (changed.name if key == name else key): (changed if key == name else each)
            for key, each in self._by_name.items()
            if key == name or key != changed.name
        }
        if changed.name != name:
            self.departures.follow(name, changed.name)
        self.departures.put(departed)
        self._bump()

    def take_removal(self, name: str, departed: Iterable[Departed]) -> None:
        """Show a category no longer."""
        self._unsaved.pop(name, None)
        self._by_name.pop(name, None)
        self.departures.follow(name, None)
        self.departures.put(departed)
        self._bump()

    def warn(self, warnings: Mapping[str, dict[str, str | dict[str, str]] | None]) -> None:
        """Say what is wrong with the paths of these categories."""
        for name, found in warnings.items():
            known = self._by_name.get(name)
            if known is not None and known.path_warnings != found:
                self._by_name[name] = replace(known, path_warnings=found)
                self._bump()

    def follow_instances(self, moved: Mapping[str, str]) -> None:
        """Let path mappings follow instances to new ids: old id -> new id."""
        for category in self.all():
            mappings = category.path_mappings or {}
            if moved.keys() & mappings.keys():
                followed = {moved.get(id, id): path for id, path in mappings.items()}
                self._put(replace(category, path_mappings=followed))

    def forget(self, row: Departed) -> None:
        """Forget a departed name: its client was seen without it."""
        if self.departures.forget(row):
            self._settled.append(row)
            self._to_save.set()

    def _new(self, name: str) -> Category:
        self._count += 1
        id, now = (self._count if self._shelf is None else -self._count), self.now()
        return Category(id=id, name=name, title=name, created_at=now, updated_at=now)

    def _put(self, category: Category) -> Category:
        self._take(category)
        self._unsaved[category.name] = None
        self._to_save.set()
        return category

    def _take(self, category: Category) -> None:
        self._by_name[category.name] = category
        self._unsaved.pop(category.name, None)
        self._bump()

    def _bump(self) -> None:
        self.version += 1
        self._changed.set()
        self._changed = trio.Event()

    # -- saving, done by `CategoryKeeper`

    async def wait_unsaved(self) -> None:
        """Wait until there is something to save."""
        await self._to_save.wait()

    def take_unsaved(self) -> list[Category]:
        """Give what is to be saved, and count it as saved from now on; `put_back` what was not."""
        taken, self._unsaved, self._to_save = self._unsaved, {}, trio.Event()
        if self._settled:
            self._to_save.set()
        return [self._by_name[name] for name in taken]

    def take_settled(self) -> list[Departed]:
        """Give the departed names that are to be forgotten; `put_back` what was not."""
        taken, self._settled, self._to_save = self._settled, [], trio.Event()
        if self._unsaved:
            self._to_save.set()
        return taken

    def put_back(self, categories: Iterable[Category] = (), settled: Iterable[Departed] = ()) -> None:
        """Count these as not saved."""
        self._unsaved.update(dict.fromkeys(each.name for each in categories if each.name in self._by_name))
        self._settled.extend(settled)
        if self._unsaved or self._settled:
            self._to_save.set()

    def take_saved(self, saved: Iterable[Category], departed: Iterable[Departed] = ()) -> dict[str, int]:
        """Take over what the database holds, just opened; gives the ids that others have now.

        What it says wins, but for a path where it knows none. What it does not hold is to be saved.
        """
        by_name = {DEFAULT: default(), **{each.name: each for each in saved}}
        before = {name: each.id for name, each in self._by_name.items()}
        for name, each in by_name.items():
            live = self._by_name.get(name)
            self._by_name[name] = replace(each, path_warnings=live.path_warnings if live else None)
            self._unsaved.pop(name, None)
            if live is not None and live.path and not each.path and not each.touched and name != DEFAULT:
                self._put(replace(each, path=live.path))
        for name in before.keys() - by_name.keys():
            self._shed(self._by_name[name])
        self._settled.clear()
        self.departures.replace(row for row in departed if row.name not in by_name)
        self._bump()
        return {name: self._by_name[name].id for name, id in before.items() if self._by_name[name].id != id}

    def _shed(self, category: Category) -> None:
        """Take away the id of one that this database does not know: another one gave it."""
        if category.id > 0:
            self._put(replace(category, id=self._new(category.name).id))

    def settle(self, ids: Mapping[str, int]) -> None:
        """Give categories the ids under which they are saved."""
        for name, id in ids.items():
            self._by_name[name] = replace(self._by_name[name], id=id)
            self._bump()


def default() -> Category:
    """Give `Default` as it is while nobody has changed it."""
    return Category(id=0, name=DEFAULT, title=DEFAULT)


def taken(name: str) -> Conflict:
    """Say that there is one of that name."""
    return Conflict(f"There is a category {name!r} already", details={"name": name})
