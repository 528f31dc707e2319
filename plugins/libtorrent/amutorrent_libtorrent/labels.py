"""Categories and tags: the engine's own, since libtorrent knows none."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from amutorrent import DEFAULT, Categories, Conflict, InvalidRequest, NotFound, Outcome, SetCategory, Tags

from .engine import Engine
from .loading import CATEGORIES
from .places import checked_folder


class Labels(SetCategory, Tags, Categories):
    """Puts torrents into categories, and tags on them. A category has a folder for what is added to it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Set the category; one that is not there is created, without a folder."""
        await self._engine.ready()
        async with self._engine.labelling:
            if hashes and category and category not in self._engine.categories:
                await self._keep({**self._engine.categories, category: ""})
        return await self._engine.change(hashes, lambda facts: replace(facts, category=category or ""))

    async def change_tags(self, hashes: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> Outcome:
        """Add tags, then remove others."""

        def changed(tags: Sequence[str]) -> tuple[str, ...]:
            return tuple(tag for tag in dict.fromkeys([*tags, *add]) if tag not in remove)

        return await self._engine.change(hashes, lambda facts: replace(facts, tags=changed(facts.tags)))

    async def create_category(self, name: str, path: str) -> None:
        """Create it."""
        await self._engine.ready()
        async with self._engine.labelling:
            self._see_free(name)
            await self._keep({**self._engine.categories, name: _folder(path)})

    async def update_category(self, name: str, path: str) -> None:
        """Set its folder; what is in it stays where it is."""
        await self._engine.ready()
        async with self._engine.labelling:
            self._see_there(name)
            await self._keep({**self._engine.categories, name: _folder(path)})

    async def rename_category(self, name: str, new_name: str) -> None:
        """Rename it; its torrents follow."""
        await self._engine.ready()
        async with self._engine.labelling:
            self._see_there(name)
            self._see_free(new_name)
            await self._keep({**self._engine.categories, new_name: self._engine.categories[name]})
            await self._move(name, new_name)
            await self._keep({each: path for each, path in self._engine.categories.items() if each != name})

    async def delete_category(self, name: str) -> None:
        """Delete it; its torrents fall to none."""
        await self._engine.ready()
        async with self._engine.labelling:
            await self._move(name, "")
            if name in self._engine.categories:
                await self._keep({each: path for each, path in self._engine.categories.items() if each != name})

    async def _move(self, name: str, new_name: str) -> None:
        hashes = [hash for hash, torrent in self._engine.torrents.items() if torrent.facts.category == name]
        await self._engine.change(hashes, lambda facts: replace(facts, category=new_name))

    def _see_there(self, name: str) -> None:
        if name not in self._engine.categories:
            raise NotFound(f"The engine has no category {name}", code="category_not_found")

    def _see_free(self, name: str) -> None:
        if name == DEFAULT:
            raise InvalidRequest(f"{DEFAULT} means no category", field="name")
        if name in self._engine.categories:
            raise Conflict(f"The engine has a category {name} already")

    async def _keep(self, categories: Mapping[str, str]) -> None:
        await self._engine.run_sync(self._engine.shelf.set, {CATEGORIES: msgspec.json.encode(categories)})
        self._engine.categories = dict(categories)


def _folder(path: str) -> str:
    return checked_folder(path, "path") if path else ""
