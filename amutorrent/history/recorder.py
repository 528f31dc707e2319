"""Notes what happens to items, and writes it down. Source: data-model 9.

Nothing is scanned: the catalogue's ticks say which items came, changed and went. What is important is written within
half a second, and what only grows every 30 s. While the database cannot be used it waits here.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import trio
from msgspec.structs import replace

from ..catalogue import Catalogue, Entry, Tick
from ..catalogue.entry import ADDED, FIELDS, GONE
from ..errors import StorageUnavailable
from ..model.history import EXTERNAL, HistoryRow
from .rules import News, Seen, next_row

if TYPE_CHECKING:
    from ..store import HistoryShelf

SOON_S = 0.5
GROWTH_S = 30.0
MISSING_S = 30.0
"""An item has to be out of sight for so long, while its client answers, before it is missing."""
RETRY_S = 2.0
AT_ONCE = 250
"""So many rows are written in one transaction."""

_BIT = {name: 1 << index for index, name in enumerate(FIELDS)}
_COMPLETE = _BIT["complete"]
_KEPT = sum(
    _BIT[name]
    for name in (
        "name", "size", "complete", "category", "path", "directory", "tracker", "size_downloaded", "upload_total",
        "ratio",
    )
)  # fmt: skip
"""The fields that the history keeps: a change of any other is no reason to write."""

Key = tuple[str, str]
log = logging.getLogger("amutorrent.history")


class Recorder:
    """The one that writes the history. `names` gives the names of the accounts by id."""

    def __init__(
        self,
        catalogue: Catalogue,
        shelf: "HistoryShelf",
        names: Callable[[], Mapping[int, str]],
        *,
        enabled: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._catalogue = catalogue
        self._shelf = shelf
        self._names = names
        self._enabled = enabled
        self._clock = clock
        self._news: dict[Key, tuple[Entry, bool, int]] = {}  # what was seen last, whether it appeared, when it finished
        self._marks: dict[Key, News] = {}
        self._gone: dict[Key, float] = {}
        self._filled: set[str] = set()
        self._unchecked: dict[str, float] = {}
        self._hurry: dict[Key, None] = {}
        self._urgent = trio.Event()
        self._writing = trio.Lock()
        catalogue.on_tick.append(self._take)

    # -- what happens

    def _take(self, tick: Tick) -> None:
        if not self._enabled():
            return
        now, clock = self._now(), trio.current_time()
        for key, mask in tick.changes.items():
            if mask == GONE:
                self._went(key, clock)
            elif mask == ADDED or mask & _KEPT:
                entry = self._catalogue.get(*key)
                if entry is not None:
                    self._saw(key, entry, mask, now)
        self._look_for_new_lists(clock)

    def _saw(self, key: Key, entry: Entry, mask: int, now: int) -> None:
        _, appeared, finished = self._news.get(key, (None, False, 0))
        if mask == ADDED:
            appeared = True
            self._gone.pop(key, None)
            self._hurry_up(key)
        elif mask & _COMPLETE and entry.item.complete:
            finished = finished or now
            self._hurry_up(key)
        self._news[key] = (entry, appeared, finished)

    def _went(self, key: Key, clock: float) -> None:
        if key[0] in self._catalogue.sources:  # else its instance went, and nobody knows of the item
            self._gone[key] = clock
            self._unchecked.setdefault(key[0], clock + MISSING_S)

    def _look_for_new_lists(self, clock: float) -> None:
        """See which instances told all they have for the first time: what is not there may have gone before."""
        filled = {id for id, source in self._catalogue.sources.items() if source.filled}
        for id in filled - self._filled:
            self._unchecked.setdefault(id, clock + MISSING_S)
        self._filled = filled

    async def removed(self, keys: Iterable[Key]) -> None:
        """Take note that items were removed here, and write it if that is possible now."""
        if self._enabled():
            for key in keys:
                self._mark(key, deleted_at=self._now())
            await self._try(self._hurry)

    async def renamed(self, key: Key, name: str) -> None:
        """Take note that somebody gave an item another name."""
        if self._enabled():
            self._mark(key, renamed=name)
            await self._try(self._hurry)

    def forget(self, keys: Iterable[Key]) -> None:
        """Write nothing of what is known so far of items whose rows were deleted."""
        for key in keys:
            self._news.pop(key, None)
            self._marks.pop(key, None)

    async def rename_instance(self, old: str, new: str) -> None:
        """Let the rows of an instance follow it to a new id. Raises `StorageUnavailable`: nothing has changed then."""
        await self.write()
        await self._shelf.rename_instance(old, new)

    def _mark(self, key: Key, **changes: object) -> None:
        self._marks[key] = replace(self._marks.get(key, News()), **changes)
        self._hurry[key] = None

    def _hurry_up(self, key: Key) -> None:
        self._hurry[key] = None
        self._urgent.set()

    # -- writing it down

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Write what happens until cancelled."""
        task_status.started()
        grown = trio.current_time()
        while True:
            with trio.move_on_at(grown + GROWTH_S):
                await self._urgent.wait()
                await trio.sleep(SOON_S)
            self._urgent = trio.Event()
            all_of_it = trio.current_time() >= grown + GROWTH_S
            if not await self._try(None if all_of_it else self._hurry) or not await self._try_to_look():
                self._urgent.set()
                await trio.sleep(RETRY_S)
            elif all_of_it:
                grown = trio.current_time()

    async def _try(self, wanted: Iterable[Key] | None) -> bool:
        try:
            await self.write(wanted)
        except StorageUnavailable as error:
            log.debug("The history is not written yet: %s", error.message)
            return False
        return True

    async def write(self, wanted: Iterable[Key] | None = None) -> None:
        """Write what is known of some items, or of all. Raises `StorageUnavailable`: what is not written is kept."""
        async with self._writing:
            keys = list(dict.fromkeys((*self._news, *self._marks)) if wanted is None else wanted)
            for start in range(0, len(keys), AT_ONCE):
                await self._write(keys[start : start + AT_ONCE])

    async def _write(self, keys: list[Key]) -> None:
        for key in keys:
            self._hurry.pop(key, None)
        seen = {key: self._news.pop(key) for key in keys if key in self._news}
        marks = {key: self._marks.pop(key) for key in keys if key in self._marks}
        names = self._names()
        news = {key: self._told(seen.get(key), marks.get(key, News()), names) for key in keys}
        try:
            await self._shelf.change(keys, lambda rows: _decide(rows, news))
        except StorageUnavailable:
            self._put_back(seen, marks)
            raise

    def _put_back(self, seen: dict[Key, tuple[Entry, bool, int]], marks: dict[Key, News]) -> None:
        for key, (entry, appeared, finished) in seen.items():
            later = self._news.get(key)
            entry, again, since = later or (entry, False, 0)
            self._news[key] = (entry, appeared or again, finished or since)
            if appeared or finished:
                self._hurry_up(key)
        for key, mark in marks.items():
            newer = self._marks.get(key, News())
            self._mark(
                key,
                deleted_at=mark.deleted_at or newer.deleted_at,
                missing=mark.missing or newer.missing,
                renamed=newer.renamed if newer.renamed is not None else mark.renamed,
            )

    def _told(self, seen: tuple[Entry, bool, int] | None, mark: News, names: Mapping[int, str]) -> News:
        if seen is None:
            return mark
        entry, appeared, finished = seen
        source = self._catalogue.sources.get(entry.instance_id)
        owner = self._catalogue.owners.of((entry.instance_id, entry.item.hash)) or 0
        name = names.get(owner)
        return replace(
            mark,
            seen=Seen(
                instance_id=entry.instance_id,
                instance_name=source.info.name if source else entry.instance_id,
                client_type=source.info.type if source else "",
                network_type=(source.info.network_type or "") if source else "",
                item=entry.item,
                at=self._now(),
                appeared=appeared,
                finished_at=finished,
                owner_id=owner if name else 0,
                username=name or (EXTERNAL if names else ""),
            ),
        )

    # -- what is missing

    async def _try_to_look(self) -> bool:
        now = trio.current_time()
        for instance_id in [id for id, at in self._unchecked.items() if now >= at]:
            try:
                await self._look(instance_id, now)
            except StorageUnavailable:
                return False
        return True

    async def _look(self, instance_id: str, now: float) -> None:
        """See which downloads of an instance are out of sight; nothing is if it does not answer now."""
        del self._unchecked[instance_id]
        source = self._catalogue.sources.get(instance_id)
        if source is None:
            self._gone = {key: at for key, at in self._gone.items() if key[0] != instance_id}
            return
        if source.stale or not source.filled:
            self._unchecked[instance_id] = now + MISSING_S
            return
        try:
            known = await self._shelf.downloading(instance_id)
        except StorageUnavailable:
            self._unchecked[instance_id] = now
            raise
        for hash in known:
            key = (instance_id, hash)
            if self._catalogue.holds(key) is False and now - self._gone.get(key, -MISSING_S) >= MISSING_S:
                self._mark(key, missing=True)
        recent = {key: at for key, at in self._gone.items() if key[0] != instance_id or now - at < MISSING_S}
        if waiting := [at for key, at in recent.items() if key[0] == instance_id]:
            self._unchecked[instance_id] = min(waiting) + MISSING_S
        self._gone = recent
        await self.write(self._hurry)

    def _now(self) -> int:
        return int(self._clock() * 1000)


def _decide(rows: Mapping[Key, HistoryRow], news: Mapping[Key, News]) -> Iterable[HistoryRow]:
    for key, each in news.items():
        row = rows.get(key)
        after = next_row(row, each)
        if after is not None and after != row:
            yield after
