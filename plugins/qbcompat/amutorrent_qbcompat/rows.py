"""One item as qBittorrent 4.5 lists it. Source: http-api 12."""

import math
import posixpath
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct

from amutorrent import DownloadTimes, Item

from .links import magnet_of, shown_hash
from .record import Record
from .shown import Categories, View, instance_of
from .states import MINUTE_S, goal_of, is_there, remembered_state, state_of

UNKNOWN_ETA = 8_640_000
UNKNOWN = DownloadTimes()
Key = tuple[str, str]
"""(instance id, hash)"""


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
    seeding_time_limit: int
    seen_complete: int
    seq_dl: bool = False
    super_seeding: bool = False
    tags: str
    total_size: int
    tracker: str
    up_limit: int = -1
    uploaded: int
    uploaded_session: int
    last_activity: int
    seeding_time: int
    time_active: int


class Clock(NamedTuple):
    """What the fields that change by themselves follow from: they stand last in a row.

    `completed` None: it is not complete; 0, as `added`: nobody knows when. `busy`: it transfers now; `until`: from then
    on the goal of its minutes is met, and its state is another one.
    """

    added: int
    completed: int | None
    busy: bool
    until: float

    def read(self, now: int) -> tuple[int, int, int]:
        """Give last activity, seeding time and time active."""
        seeding_s = max(0, now - self.completed) if self.completed else 0
        active_s = max(0, now - self.added) if self.added else 0
        return now if self.busy else self.completed or self.added, seeding_s, active_s


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

    def __init__(
        self,
        categories: Categories,
        default_path: str,
        times: Mapping[Key, DownloadTimes] = MappingProxyType({}),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`times`: when downloads were added and complete, by (instance id, hash), where no record of ours says it."""
        self._categories = categories
        self._times = times
        self._paths = {each.name: each.path for each in categories.data}
        self._default = default_path
        self.now = int(clock())
        self.settings = (self._paths, categories.client_default_paths, default_path)
        """What all rows depend on."""

    def row(self, view: View) -> Row:
        """Give the row of an item."""
        known = known_of(view)
        name, size = _name_and_size(view)
        goal, clock = goal_of(view.record), self.clock(view, known)
        last_activity, seeding_s, active_s = clock.read(self.now)
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
            added_on=clock.added,
            amount_left=0 if known.complete else max(1, size - known.downloaded) if size else 0,
            availability=float(seeds),
            completed=known.downloaded,
            completion_on=-1 if clock.completed is None else clock.completed,
            downloaded=known.downloaded,
            downloaded_session=0,
            eta=0 if known.complete else UNKNOWN_ETA if item is None or item.eta is None else item.eta,
            infohash_v1=shown_hash(view.hash),
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
            seeding_time_limit=goal.minutes,
            seen_complete=_seconds(item.last_seen_complete) if item else 0,
            tags=", ".join(view.tags),
            total_size=size,
            tracker=next(iter(item.trackers), "") if item else "",
            uploaded=known.uploaded,
            uploaded_session=(item.upload_session or 0) if item else 0,
            last_activity=last_activity,
            seeding_time=seeding_s,
            time_active=active_s,
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

    def clock(self, view: View, known: Known) -> Clock:
        """Give when it was added and complete, by our record, else by its client, else by the history."""
        record, kept = view.record, self.times_of(view)
        told = view.entry.item.added_at if view.entry is not None else None
        added = (record.added_on if record else 0) or _seconds(told) or _seconds(kept.added_at)
        completed = None
        if known.complete:
            # one that was seen as a download, and is not noted as complete, has just become so: its minutes begin now
            was_one = kept.added_at is not None if record is None or record.kind == "found" else True
            unknown = self.now if was_one else added
            completed = (record.completed_on if record else None) or _seconds(kept.completed_at) or unknown
        goal = goal_of(record)
        waits = completed is not None and goal.minutes >= 0
        until = completed + goal.minutes * MINUTE_S if completed is not None and waits else math.inf
        busy = view.entry is not None and view.entry.item.download_speed + view.entry.item.upload_speed > 0
        return Clock(added, completed, busy, until if until > self.now else math.inf)

    def times_of(self, view: View) -> DownloadTimes:
        """Give what the history has of it."""
        return self._times.get((instance_of(view) or "", view.hash), UNKNOWN)


def parent(path: str) -> str:
    """Give the folder that a path lies in, on any system; "" for what is no path."""
    if path.startswith("/"):
        return posixpath.dirname(path.rstrip("/")) if path.strip("/") else ""
    head, separator, _ = path.rstrip("\\").rpartition("\\")
    return head + separator if head.endswith(":") else head


def known_of(view: View) -> Known:
    """Say what is known of an item."""
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
