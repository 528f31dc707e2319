"""The items that the programs see: what the catalogue holds of the clients shown, joined with our records."""

import os
import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
import trio
from msgspec import Struct

from amutorrent import (
    DEFAULT,
    AddEd2kLink,
    AddMagnet,
    Category,
    Entry,
    Host,
    Instance,
    RemoveSharedMustDeleteFiles,
    User,
    camel,
)

from .desk import Desk
from .record import Record
from .settings import QbcompatSettings

READER = User(id=None, name="", is_admin=True)
"""Who reads on behalf of the programs; only admins come in."""
SLICE = 500
"""So many items are looked at before others get a turn."""
SETTLING_S = 60.0
"""So long after its hand-over an item shows though its client does not list it yet."""


class View(NamedTuple):
    """One item: what its client says, and what we remember. One of the two is always there."""

    hash: str
    entry: Entry | None
    record: Record | None

    @property
    def category(self) -> str:
        """The category it was added with, whatever its client still knows; "" for none."""
        if self.record is not None and self.record.category:
            return self.record.category
        category = self.entry.item.category if self.entry is not None else DEFAULT
        return "" if category == DEFAULT else category

    @property
    def tags(self) -> list[str]:
        """The tags given here and in the client."""
        given = (*(self.record.tags if self.record else ()), *(self.entry.item.tags if self.entry else ()))
        return sorted(set(given))


class Categories(Struct, rename=camel):
    """The app's categories, and where each client puts what has none."""

    data: list[Category]
    client_default_paths: dict[str, str]

    def path(self, name: str) -> str:
        """Give the folder of a category, as the client sees it; "" if it has none."""
        return next((each.path for each in self.data if each.name == name), "")


class Shown:
    """What is seen through the settings now."""

    def __init__(self, host: Host, desk: Desk) -> None:
        self._host, self._desk = host, desk

    def instances(self) -> list[Instance]:
        """List the clients that are shown, in config order."""
        wanted = self._host.settings.read(QbcompatSettings).clients
        if wanted == "ed2k":
            return [each for each in self._host.instances.all() if each.has(AddEd2kLink)]
        return [each for each in self._host.instances.all() if wanted == "all" or each.id in wanted]

    def takes_torrents(self) -> bool:
        """Say whether any of them takes torrents."""
        return any(each.has(AddMagnet) for each in self.instances())

    def find(self, hash: str) -> View | None:
        """Find an item by our hash."""
        record = self._desk.records.get(hash)
        instances = self.instances()
        ids = [each.id for each in instances]
        found = {each.instance_id: each for each in self._host.catalogue.find(hash)}
        if record is not None and record.instance_id in found:
            ids = [record.instance_id, *ids]
        entry = next((found[id] for id in ids if id in found), None)
        view = View(hash, entry, record)
        return view if self._visible(view, _away(instances)) else None

    def all(self) -> Iterator[View]:
        """Walk over all items, each hash once: those of the clients in their order, then those we alone know of."""
        instances, records = self.instances(), dict(self._desk.records)
        away = _away(instances)
        seen: dict[str, Entry] = {}
        for instance in instances:
            for entry in list(self._host.catalogue.items(instance.id)):
                known = records.get(entry.item.hash)
                if entry.item.hash not in seen or (known is not None and known.instance_id == instance.id):
                    seen[entry.item.hash] = entry
        for hash in {**seen, **records}:
            view = View(hash, seen.get(hash), records.get(hash))
            if self._visible(view, away):
                yield view

    async def walk(self) -> list[View]:
        """List all items, giving others a turn now and then."""
        found = []
        for view in self.all():
            found.append(view)
            if len(found) % SLICE == 0:
                await trio.lowlevel.checkpoint()
        return found

    def _visible(self, view: View, away: set[str]) -> bool:
        record = view.record
        if record is None:
            return view.entry is not None
        if record.state in ("cancelled", "dismissed"):
            return False
        if view.entry is not None or record.state in ("waiting", "failed"):
            return True
        if trio.current_time() - self._desk.handed.get(record.hash, -SETTLING_S) < SETTLING_S:
            return True
        return record.instance_id in away  # what its client said last counts

    def goes_whole(self, view: View) -> bool:
        """Say that an item goes with its data or not at all: its client shares it."""
        if view.entry is None or not (view.entry.item.shared and view.entry.item.complete):
            return False
        instance = self._instance(view)
        return instance is not None and instance.has(RemoveSharedMustDeleteFiles)

    def local(self, view: View, path: str, categories: Categories) -> str:
        """Translate a path of the client, by the mapping of the category that lies nearest above it."""
        instance = self._instance(view)
        keys = (instance.id, instance.info().type) if instance is not None else ()
        above = [each for each in categories.data if each.path and _within(path, each.path)]
        for category in sorted(above, key=lambda each: len(each.path), reverse=True)[:1]:
            mappings = category.path_mappings or {}
            mapped = next((mappings[key] for key in keys if mappings.get(key)), None)
            if mapped:
                return posixpath.join(mapped, posixpath.relpath(path, category.path))
        return path

    async def taken_away(self, views: Iterable[View]) -> set[str]:
        """Name those whose data is gone from its folder, which is there: a program has moved it into its library.

        Those that go whole are not looked at: their client knows better, and is asked. One that writes to its files
        would make them anew where it fails to delete them.
        """
        categories, places = await self.categories(), dict[str, str]()
        for view in views:
            path = view.entry.item.path if view.entry is not None and view.entry.item.complete else None
            if path and not self.goes_whole(view):
                places[view.hash] = self.local(view, path, categories)
        gone = await self._desk.disks.look(places.values(), _is_gone)
        return {hash for hash, place in places.items() if gone.get(place)}

    def _instance(self, view: View) -> Instance | None:
        return next((each for each in self._host.instances.all() if each.id == instance_of(view)), None)

    async def categories(self) -> Categories:
        """Give the categories as they are now."""
        reply = await self._host.operations.call("getCategories", {}, READER)
        found = msgspec.convert(msgspec.to_builtins(reply), Categories)
        found.client_default_paths = self._desk.default_paths | {
            k: v for k, v in found.client_default_paths.items() if v
        }
        return found

    def default_path(self, categories: Categories) -> str:
        """Give where the first client that says so puts what has no category; "/" while none has ever said it."""
        paths = categories.client_default_paths
        return next((paths[each.id] for each in self.instances() if paths.get(each.id)), "") or "/"


def _away(instances: list[Instance]) -> set[str]:
    return {each.id for each in instances if not each.connected}


def _is_gone(path: str) -> bool:
    return os.path.isdir(os.path.dirname(path)) and not os.path.lexists(path)


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def instance_of(view: View) -> str | None:
    """Say in which instance an item is."""
    if view.entry is not None:
        return view.entry.instance_id
    return view.record.instance_id if view.record is not None else None
