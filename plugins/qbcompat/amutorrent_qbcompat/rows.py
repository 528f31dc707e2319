"""One item as qBittorrent 4.5 lists it. Source: http-api 12."""

import posixpath
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from amutorrent import Item

from .links import magnet_of, shown_hash
from .record import Record
from .shown import Categories, View, instance_of
from .states import goal_of, is_there, remembered_state, state_of

UNKNOWN_ETA = 8_640_000


class Row(Struct, kw_only=True):
    """All numbers are numbers: sizes bytes, rates bytes/s, times seconds since the epoch, `progress` 0 to 1."""

    hash: str
    name: str
    size: int
    progress: float
    dlspeed: int
    upspeed: int
    state: str
    category: str
    content_path: str
    save_path: str
    added_on: int
    amount_left: int
    auto_tmm: bool = False
    availability: float
    completed: int
    completion_on: int
    dl_limit: int = -1
    download_path: str = ""
    downloaded: int
    downloaded_session: int
    eta: int
    f_l_piece_prio: bool = False
    force_start: bool = False
    infohash_v1: str
    infohash_v2: str = ""
    last_activity: int
    magnet_uri: str
    max_ratio: float
    max_seeding_time: int
    num_complete: int
    num_incomplete: int
    num_leechs: int
    num_seeds: int
    priority: int
    ratio: float
    ratio_limit: float
    seeding_time: int
    seeding_time_limit: int
    seen_complete: int
    seq_dl: bool = False
    super_seeding: bool = False
    tags: str
    time_active: int
    total_size: int
    tracker: str
    up_limit: int = -1
    uploaded: int
    uploaded_session: int


class Known(NamedTuple):
    """What is known of an item, from its client or from our record."""

    item: Item | None
    complete: bool
    downloaded: int
    uploaded: int
    ratio: float
    path: str | None


class Rows:
    """Makes rows, with the categories as they are now."""

    def __init__(self, categories: Categories, default_path: str, clock: Callable[[], float] = time.time) -> None:
        self._categories = categories
        self._paths = {each.name: each.path for each in categories.data}
        self._default = default_path
        self._now = int(clock())

    def row(self, view: View) -> Row:
        """Give the row of an item."""
        known = _known(view)
        name, size = _name_and_size(view)
        added, completed = self._times(view, known)
        seeding_s = max(0, self._now - completed) if known.complete else 0
        goal = goal_of(view.record)
        met = goal.met(known.ratio, seeding_s)
        state = state_of(known.item, goal_met=met) if known.item else _remembered(view.record, met)
        save_path, content_path = self.paths(view, known, name)
        item, sources = known.item, known.item.sources if known.item else None
        seeds, total = (sources.seeders, sources.total) if sources else (0, 0)
        return Row(
            hash=shown_hash(view.hash),
            name=name,
            size=size,
            progress=_progress(known, size),
            dlspeed=item.download_speed if item else 0,
            upspeed=item.upload_speed if item else 0,
            state=state,
            category=view.category,
            content_path=content_path,
            save_path=save_path,
            added_on=added,
            amount_left=0 if known.complete else max(1, size - known.downloaded) if size else 0,
            availability=float(seeds),
            completed=known.downloaded,
            completion_on=completed if known.complete else -1,
            downloaded=known.downloaded,
            downloaded_session=0,
            eta=0 if known.complete else UNKNOWN_ETA if item is None or item.eta is None else item.eta,
            infohash_v1=shown_hash(view.hash),
            last_activity=self._now if item and item.download_speed + item.upload_speed else completed or added,
            magnet_uri=_magnet(view, name, size),
            max_ratio=goal.ratio,
            max_seeding_time=goal.minutes,
            num_complete=seeds,
            num_incomplete=max(0, total - seeds),
            num_leechs=0,
            num_seeds=min(seeds, sources.connected) if sources else 0,
            priority=0 if known.complete else 1,
            ratio=known.ratio,
            ratio_limit=goal.ratio,
            seeding_time=seeding_s,
            seeding_time_limit=goal.minutes,
            seen_complete=_seconds(item.last_seen_complete) if item else 0,
            tags=", ".join(view.tags),
            time_active=max(0, self._now - added) if added else 0,
            total_size=size,
            tracker=next(iter(item.trackers), "") if item else "",
            uploaded=known.uploaded,
            uploaded_session=(item.upload_session or 0) if item else 0,
        )

    def paths(self, view: View, known: Known, name: str) -> tuple[str, str]:
        """Give folder and file of an item as its client sees them: absolute, and never the same."""
        if known.complete and known.path and (folder := parent(known.path)):
            return folder, known.path
        record = view.record
        folder = (record.save_path if record else None) or self._paths.get(view.category, "")
        folder = folder or self._categories.client_default_paths.get(instance_of(view) or "", "") or self._default
        folder = folder.rstrip("/") or "/"
        return folder, posixpath.join(folder, name.replace("/", "_") or view.hash)

    def _times(self, view: View, known: Known) -> tuple[int, int]:
        item, record = known.item, view.record
        added = record.added_on if record else _seconds(item.added_at) if item else 0
        return added, (record.completed_on if record and record.completed_on else added)


def parent(path: str) -> str:
    """Give the folder that a path lies in, on any system; "" for what is no path."""
    if path.startswith("/"):
        return posixpath.dirname(path.rstrip("/")) if path.strip("/") else ""
    head, separator, _ = path.rstrip("\\").rpartition("\\")
    return head + separator if head.endswith(":") else head


def _known(view: View) -> Known:
    if view.entry is not None:
        item = view.entry.item
        return Known(item, is_there(item), item.size_downloaded, item.upload_total, item.ratio, item.path)
    assert view.record is not None, "one of the two is there"
    last = view.record.last
    return Known(None, last.complete and bool(last.path), last.downloaded, last.uploaded, last.ratio, last.path)


def _name_and_size(view: View) -> tuple[str, int]:
    record = view.record
    if view.entry is None:
        return (record.name, record.size) if record else (view.hash, 0)
    item = view.entry.item
    return item.name or (record.name if record else "") or view.hash, item.size


def _remembered(record: Record | None, met: bool) -> str:
    assert record is not None, "one of the two is there"
    return remembered_state(record, goal_met=met)


def _progress(known: Known, size: int) -> float:
    """Give 1 for what is complete and nothing else: never for a part that only rounds to it."""
    if known.complete:
        return 1.0
    return min(0.9999, int(known.downloaded / size * 10_000) / 10_000) if size else 0.0


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _magnet(view: View, name: str, size: int) -> str:
    if view.entry is not None and view.entry.item.magnet_link:
        return view.entry.item.magnet_link
    if len(view.hash) == 40:
        return view.record.link if view.record and view.record.kind == "magnet" else f"magnet:?xt=urn:btih:{view.hash}"
    return magnet_of(view.hash, name, size)
