"""A plugin of thousands of made-up items, of which a share changes with every poll: for scale, not for behaviour."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import trio
from msgspec import to_builtins
from msgspec.structs import replace

import amutorrent as am
from amutorrent import Changes, Client, ClientSettings, Item, Outcome, Probe, Services, Sources, hookimpl

from .fixed import fixed

PLUGIN_API = (1, 0)
SLICE = 200
STAMP = "Changed at "
"""Begins a name that ends with milliseconds since 1970."""


class SyntheticSettings(ClientSettings):
    """How many items, how many of them change with each poll, and how many are replaced by new ones.

    `stamped`: the first is the newest, and with each poll its name says when that was.
    """

    items: int = 1000
    changing: int = 10
    renewed: int = 0
    stamped: bool = False

    def address(self) -> str:
        """There is no address: the number tells two of them apart."""
        return str(self.items)


class Synthetic(Client, am.Pause, am.SetCategory, am.Files, am.Trackers, am.AddTorrentFile):
    """Answers everything at once, from memory. Items are replaced at the end of the list; the others stay."""

    type = "synthetic"
    label = "Synthetic"
    network = "bittorrent"
    Settings = SyntheticSettings

    def __init__(self, settings: SyntheticSettings, items: Iterable[Item]) -> None:
        self._settings = settings
        self._items = {each.hash: each for each in items}
        self._touched: set[str] = set()
        self._made = settings.items
        self._polls = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Any, services: Services) -> AsyncIterator["Synthetic"]:  # Any: own settings
        """Make the items."""
        items: list[Item] = []
        for start in range(0, settings.items, SLICE):
            items += map(made_up, range(start, min(start + SLICE, settings.items)))
            await trio.lowlevel.checkpoint()  # what is measured is our loop, not this
        yield cls(settings, items)

    async def probe(self) -> Probe:
        """There is one version."""
        return Probe(version="1")

    async def poll(self) -> Changes:
        """Change some items: everything first, then only those, and what was asked for."""
        first, self._polls = self._polls == 0, self._polls + 1
        if first:
            return Changes(items=list(self._items.values()), full=True)
        self._move()
        removed = self._renew()
        touched, self._touched = self._touched, set()
        items = [self._items[hash] for hash in touched if hash in self._items]
        return Changes(items=items, removed=removed, download_speed=self._polls)

    def _move(self) -> None:
        hashes, changing = list(self._items), self._settings.changing
        start = self._polls * changing
        for offset in range(start, start + changing):
            item = self._items[hashes[offset % len(hashes)]]
            self._put(
                item,
                progress=round((item.progress + 0.37) % 100, 2),
                size_downloaded=(item.size_downloaded + 4_321_987) % item.size,
                download_speed=(item.download_speed + 12_345) % 9_000_000,
            )
        if self._settings.stamped:
            stamp = f"{STAMP}{time.time() * 1000:.0f}"
            self._put(self._items[hashes[0]], name=stamp, added_at=datetime(2026, 1, 2, tzinfo=UTC))

    def _renew(self) -> list[str]:
        removed = list(self._items)[len(self._items) - self._settings.renewed :]
        for hash in removed:
            del self._items[hash]
            self._put(made_up(self._made))
            self._made += 1
        return removed

    def _put(self, item: Item, **changes: object) -> None:
        self._items[item.hash] = replace(item, **changes)
        self._touched.add(item.hash)

    def _each(self, hashes: Sequence[str], **changes: object) -> Outcome:
        known = [hash for hash in hashes if hash in self._items]
        for hash in known:
            self._put(self._items[hash], **changes)
        gone = am.NotFound("It was replaced by a new one", code="item_not_found")
        return {**dict.fromkeys(hashes, gone), **dict.fromkeys(known)}

    async def pause(self, hashes: Sequence[str]) -> Outcome:
        """Pause items."""
        return self._each(hashes, status="paused")

    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Let items run."""
        return self._each(hashes, status="active")

    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Put items into a category."""
        return self._each(hashes, category=category or am.DEFAULT)

    async def raw(self, hash: str) -> am.Raw:
        """Give the item's own fields."""
        fields: am.Raw = to_builtins(self._items[hash])
        return fields

    async def files(self, hash: str) -> list[am.FileEntry]:
        """List three files."""
        return [am.FileEntry(index=index, path=f"file {index}", size=1, progress=0.0) for index in range(3)]

    async def trackers(self, hash: str) -> list[am.TrackerState]:
        """List the trackers."""
        return [am.TrackerState(url=url, status="working") for url in self._items[hash].trackers]

    async def add_torrent_file(self, file: am.Metafile, options: am.AddOptions) -> None:
        """Refuse whatever comes."""
        raise am.Conflict("This client has all that there is")


def made_up(number: int) -> Item:
    """Make one item with the fields that a real torrent has."""
    hash, name = f"{number:040x}", f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}"
    return Item(
        hash=hash,
        name=name,
        status="active",
        progress=number % 100,
        size=1_500_000_000 + number,
        size_downloaded=700_000_000,
        download_speed=number * 7,
        upload_speed=number * 3,
        complete=False,
        shared=True,
        category="tv",
        sources=Sources(total=40, connected=7, seeders=5),
        upload_total=123_456_789,
        ratio=0.31,
        magnet_link=f"magnet:?xt=urn:btih:{hash}&dn={name}&tr=http%3A%2F%2Ftracker.example%2Fannounce",
        tracker="tracker.example",
        trackers=("http://tracker.example/announce", "udp://open.example:1337/announce"),
        directory="/downloads/tv",
        path=f"/downloads/tv/{name}",
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
        eta=4000,
    )


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client."""
    register(Synthetic)


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the fixed answer."""
    register(fixed)
