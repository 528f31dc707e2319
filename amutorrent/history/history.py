"""The history for those who ask. Source: http-api 10."""

import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import trio

from ..catalogue import Catalogue
from ..model.history import DownloadTimes, HistoryEntry, HistoryFilter, HistoryOrder, HistoryRow
from .recorder import Recorder
from .retention import DAY_MS, clean_daily

if TYPE_CHECKING:
    from ..store import HistoryShelf

SLICE = 200
"""So many rows are made ready before others get a turn."""
CHUNK = 500
"""So many rows are read at once where all are wanted."""


class History:
    """Finds and deletes rows; `recorder` is what writes them, while `run` runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        shelf: "HistoryShelf",
        names: Callable[[], Mapping[int, str]],
        *,
        enabled: Callable[[], bool] = lambda: True,
        retention_days: Callable[[], int] = lambda: 0,
    ) -> None:
        """`names` gives the names of the accounts by id; none: there are no accounts."""
        self.recorder = Recorder(catalogue, shelf, names, enabled=enabled)
        self._catalogue = catalogue
        self._shelf = shelf
        self._names = names
        self._retention_days = retention_days

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Write what happens, and forget what is old, until cancelled."""
        async with trio.open_nursery() as nursery:
            await nursery.start(self.recorder.run)
            nursery.start_soon(clean_daily, self._shelf, self._retention_days)
            task_status.started()

    @property
    def tracks_users(self) -> bool:
        """Whether rows say who added what: there are accounts."""
        return bool(self._names())

    async def page(
        self, which: HistoryFilter, order: HistoryOrder, limit: int, offset: int
    ) -> tuple[list[HistoryEntry], int]:
        """Give some entries, and the number of all that fit. Raises `StorageUnavailable`, as all the others."""
        rows, total = await self._shelf.page(which, order, limit, offset)
        return await self._entries(rows), total

    async def chunks(self, which: HistoryFilter, order: HistoryOrder) -> AsyncIterator[list[HistoryEntry]]:
        """Give all entries that fit, some at a time: what comes and goes meanwhile is there or not."""
        rows = await self._shelf.after(which, order, None, CHUNK)
        while rows:
            yield await self._entries(rows)
            rows = await self._shelf.after(which, order, rows[-1], CHUNK)

    async def find(self, hash: str, which: HistoryFilter) -> HistoryEntry | None:
        """Give the newest entry of a hash."""
        row = await self._shelf.find(hash, which)
        return self.entry(row) if row is not None else None

    async def times(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], DownloadTimes]:
        """Give when these downloads, by (instance id, hash), were added and complete; unknown ones are left out."""
        found = await self._shelf.times(keys)
        return {key: DownloadTimes(_moment(added), _moment(completed)) for key, (added, completed) in found.items()}

    async def count(self, which: HistoryFilter) -> dict[str, int]:
        """Count the rows of each status."""
        return await self._shelf.count(which)

    async def delete(self, hash: str, which: HistoryFilter) -> int:
        """Delete the rows of a hash; gives their number. A download that goes on gets no new one until a restart."""
        keys = await self._shelf.delete(hash, which)
        self.recorder.forget(keys)
        return len(keys)

    async def clean(self, days: int) -> int:
        """Delete what began more than `days` days ago, but for what is still being downloaded; gives the number."""
        return await self._shelf.delete_older(int(time.time() * 1000) - days * DAY_MS)

    async def _entries(self, rows: Sequence[HistoryRow]) -> list[HistoryEntry]:
        made = []
        for number, row in enumerate(rows):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            made.append(self.entry(row))
        return made

    def entry(self, row: HistoryRow) -> HistoryEntry:
        """Show a row, with the speeds of its item if that is there."""
        source = self._catalogue.sources.get(row.instance_id)
        live = source.entries.get(row.hash) if source is not None and not source.stale else None
        return HistoryEntry(
            hash=row.hash,
            filename=row.filename,
            size=row.size,
            status=row.status,
            started_at=iso(row.started_at),
            completed_at=iso(row.completed_at) if row.completed_at else None,
            username=row.username or None,
            instance_id=row.instance_id,
            instance_name=row.instance_name,
            client_type=row.client_type,
            network_type=row.network_type,
            category=row.category,
            path=row.path or None,
            deleted_at=iso(row.deleted_at) if row.deleted_at else None,
            last_seen_at=iso(row.last_seen_at),
            downloaded=row.downloaded,
            uploaded=row.uploaded,
            ratio=row.ratio,
            tracker_domain=row.tracker_domain or None,
            download_speed=live.item.download_speed if live else None,
            upload_speed=live.item.upload_speed if live else None,
        )


def _moment(ms: int) -> datetime | None:
    return datetime.fromtimestamp(ms / 1000, UTC) if ms else None


def iso(ms: int) -> str:
    """Write a time in ms as history rows have it: UTC, to the second."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
