"""When each file was seen first, and what was found lately: kept over a restart, and never more than so much.

The apps stop reading a feed at what they have seen already; dates that changed would make everything new for ever.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec
import trio
from msgspec import Struct

from amutorrent import AmutorrentError, Host, SearchResult

MOST_DATES = 10_000
MOST_RECENT = 200
DATES, RECENT, LIST = "first-seen", "recent", "rows"

log = logging.getLogger("amutorrent.torznab")


class Sighting(Struct, frozen=True, kw_only=True):
    """A row that was found, where, and when its file was seen first (seconds since the epoch)."""

    instance_id: str
    row: SearchResult
    at: int


class Ledger:
    """Dates by hash, the one that was met longest ago first, and the sightings of files that were seen last."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._dates: dict[str, int] = {}
        self._recent: list[Sighting] = []
        self._unsaved: dict[str, int | None] = {}
        self._loaded = False

    async def load(self) -> None:
        """Read what was kept. A database that cannot be used is tried again later."""
        try:
            dates = await self._host.storage.all(DATES)
            recent = await self._host.storage.get(RECENT, LIST)
        except AmutorrentError as error:
            log.warning("what the indexer has found before cannot be read: %s", error.message)
            return
        self._take(dates, recent)
        self._loaded = True

    def first_seen(self, row: SearchResult) -> datetime:
        """Give the date of a row; now for one that was not noted, or forgotten since."""
        known = self._dates.get(row.file_hash)
        return datetime.now(UTC).replace(microsecond=0) if known is None else datetime.fromtimestamp(known, UTC)

    def recent(self, instance_id: str | None) -> list[SearchResult]:
        """List what was seen first lately, by one instance or by any, the newest first."""
        return [each.row for each in self._recent if instance_id in (None, each.instance_id)]

    async def note(self, instance_id: str, rows: Iterable[SearchResult]) -> None:
        """Remember rows; what cannot be written now is written with the next ones."""
        if not self._loaded:
            await self.load()
        await trio.lowlevel.checkpoint()
        now = int(datetime.now(UTC).timestamp())
        fresh = []
        for row in rows:
            known = self._dates.pop(row.file_hash, None)
            if known is None:
                fresh.append(Sighting(instance_id=instance_id, row=row, at=now))
                self._unsaved[row.file_hash] = now
            self._dates[row.file_hash] = now if known is None else known
        self._recent = [*fresh[:MOST_RECENT], *self._recent][:MOST_RECENT]
        self._forget()
        if self._unsaved and self._loaded:
            await self._save()

    def _forget(self) -> None:
        """Drop the dates of what has not been met for longest."""
        for hash in list(self._dates)[: max(0, len(self._dates) - MOST_DATES)]:
            del self._dates[hash]
            if self._unsaved.get(hash) is None:
                self._unsaved[hash] = None
            else:  # never written
                del self._unsaved[hash]
        self._recent = [each for each in self._recent if each.row.file_hash in self._dates]

    async def _save(self) -> None:
        unsaved, self._unsaved = self._unsaved, {}
        try:
            async with self._host.storage.batch() as batch:
                for hash, at in unsaved.items():
                    if at is None:
                        batch.delete(DATES, hash)
                    else:
                        batch.put(DATES, hash, at)
                batch.put(RECENT, LIST, msgspec.to_builtins(self._recent))
        except AmutorrentError as error:
            log.warning("what the indexer has found cannot be kept: %s", error.message)
            self._unsaved = {**unsaved, **self._unsaved}

    def _take(self, dates: dict[str, Any], recent: Any) -> None:  # Any: JSON values, as storage gives them
        kept = {hash: at for hash, at in dates.items() if isinstance(at, int)}
        met = self._dates
        self._dates = dict(sorted(kept.items(), key=lambda each: each[1])) | met
        for hash in met.keys() & kept.keys():
            self._dates[hash] = kept[hash]
            self._unsaved.pop(hash, None)
        try:
            found = msgspec.convert(recent or [], list[Sighting])
        except msgspec.ValidationError as error:
            log.warning("the list of what was found lately is not one: %s", error)
            found = []
        here = {each.row.file_hash for each in self._recent}
        later = [each for each in found if each.row.file_hash in self._dates and each.row.file_hash not in here]
        self._recent = [*self._recent, *later][:MOST_RECENT]
