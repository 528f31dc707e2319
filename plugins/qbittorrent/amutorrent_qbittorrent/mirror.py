"""What the daemon's list looks like: `sync/maindata` merged, answer by answer. Source: qbittorrent 2."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import trio
from msgspec import Raw, Struct

from amutorrent import ProtocolError

from .states import is_known
from .wire import Category, Maindata, ServerState, ServerStateDelta, Torrent, TorrentDelta, merge, read

STEP = 250
"""Rows between two checkpoints: a few milliseconds of work."""

Log = logging.LoggerAdapter[logging.Logger]


@dataclass
class Taken:
    """What one answer changed. `changed` are ids of the daemon, `removed` hashes of items that are gone."""

    full: bool
    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    categories: bool = False


class Mirror:
    """The daemon's state as it was when it gave the answer `rid`.

    Keyed by the daemon's own id of a torrent. That is the info-hash, but for hybrid torrents the truncated v2 one,
    while everybody else (trackers, *arr, other clients) goes by v1; `hash_of` and `id_of` translate.
    """

    def __init__(self, log: Log) -> None:
        self.rid = 0
        self.torrents: dict[str, Torrent] = {}
        self.categories: dict[str, Category] = {}
        self.server = ServerState()
        self._urls: dict[str, tuple[str, ...]] = {}
        self._trackers: dict[str, frozenset[str]] = {}
        self._ids: dict[str, str] = {}
        self._log = log
        self._complained: set[str] = set()

    def hash_of(self, id: str) -> str:
        """Give the hash by which the item of this id is known outside."""
        torrent = self.torrents.get(id)
        return (torrent.infohash_v1 if torrent else "") or id

    def id_of(self, hash: str) -> str:
        """Give the daemon's id of an item."""
        return self._ids.get(hash, hash)

    def urls(self, id: str) -> tuple[str, ...]:
        """Give the announce URLs of a torrent, in alphabetical order."""
        return self._urls.get(id, ())

    async def take(self, answer: Maindata) -> Taken:
        """Merge an answer and say what it changed. Yields now and then."""
        taken = Taken(full=answer.full_update)
        if answer.full_update:
            self._forget()
        gone = self._remove(answer.torrents_removed)
        await self._take_torrents(answer.torrents, taken, gone)
        await self._take_trackers(answer.trackers, answer.trackers_removed, taken)
        taken.removed = {hash for hash in gone if self._ids.get(hash) not in self.torrents}
        taken.categories = self._take_categories(answer)
        if bytes(answer.server_state):
            merge(self.server, read(answer.server_state, ServerStateDelta, "server_state"))
        self.rid = answer.rid
        return taken

    def _forget(self) -> None:
        self.torrents, self.categories, self.server = {}, {}, ServerState()
        self._urls, self._trackers, self._ids = {}, {}, {}

    def _remove(self, ids: Iterable[str]) -> set[str]:
        gone = set()
        for id in ids:
            hash = self.hash_of(id)
            if self.torrents.pop(id, None) is not None:
                gone.add(hash)
                if self._ids.get(hash) == id:
                    del self._ids[hash]
            self._urls.pop(id, None)
        return gone

    async def _take_torrents(self, torrents: dict[str, Raw], taken: Taken, gone: set[str]) -> None:
        for number, (id, raw) in enumerate(torrents.items()):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            try:
                delta = read(raw, TorrentDelta, f"torrent {id}")
            except ProtocolError as error:
                self._complain(error.message)
                continue
            if self._take_torrent(id, delta, gone):
                taken.changed.add(id)

    def _take_torrent(self, id: str, delta: Struct, gone: set[str]) -> bool:
        held, before = self.torrents.get(id), self.hash_of(id)
        changed = new = held is None
        if held is None:
            self.torrents[id] = held = Torrent()
        changed |= merge(held, delta)
        now = self.hash_of(id)
        if not new and now != before:  # a v2 magnet that turned out to be a hybrid
            gone.add(before)
            self._ids.pop(before, None)
        self._ids[now] = id
        if held.state and not is_known(held.state):
            self._complain(f"unknown state {held.state!r}: shown as active")
        return changed

    async def _take_trackers(self, told: dict[str, list[str]], removed: Iterable[str], taken: Taken) -> None:
        for url in removed:
            await self._announce(url, (), taken)
        for url, ids in told.items():
            await self._announce(url, ids, taken)

    async def _announce(self, url: str, ids: Collection[str], taken: Taken) -> None:
        before, now = self._trackers.pop(url, frozenset()), frozenset(ids)
        if not url:  # the daemon's list of those without a tracker
            return
        if now:
            self._trackers[url] = now
        for number, id in enumerate(before ^ now):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            urls = self._urls.get(id, ())
            left = tuple(sorted((*urls, url) if id in now else (one for one in urls if one != url)))
            self._urls[id] = left
            if not left:
                del self._urls[id]
            if id in self.torrents:
                taken.changed.add(id)

    def _take_categories(self, answer: Maindata) -> bool:
        for name in answer.categories_removed:
            self.categories.pop(name, None)
        self.categories.update(answer.categories)
        return answer.full_update or bool(answer.categories or answer.categories_removed)

    def _complain(self, text: str) -> None:
        if text not in self._complained and len(self._complained) < 1000:
            self._complained.add(text)
            self._log.warning("%s", text)
