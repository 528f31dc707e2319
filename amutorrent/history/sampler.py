"""Samples speeds and totals with the polls, and adds them to the buckets of all tiers. Source: data-model 10.

What was sampled in 15 s is one write: to the bucket of those 15 s, of the 15 min and of the day around them, and up to
which totals that counts. So a crash loses no byte: the next sample counts it.
"""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import trio
from msgspec import Struct
from msgspec.structs import replace

from ..catalogue import Catalogue
from ..client import Changes
from ..errors import StorageUnavailable
from ..model.metrics import FINE, TIERS, TOTAL, Bucket, Counted
from .counting import marked, moved
from .runs import Runs

if TYPE_CHECKING:
    from ..store import MetricShelf

LOOK_S = 5.0
FORGET_S = 3600.0
AT_ONCE = 40
"""The slots of so many times are written in one transaction."""
MOST_WAITING = 50_000
"""So many slots wait for a database that is away; beyond that the oldest ones are put together."""

log = logging.getLogger("amutorrent.history")


class Slot(Struct):
    """What was sampled within 15 s, under one name."""

    samples: int
    upload_sum: int
    download_sum: int
    upload_peak: int
    download_peak: int
    uploaded: int
    downloaded: int
    first_at: int
    last_at: int

    def absorb(self, later: "Slot") -> None:
        """Add what was sampled later."""
        self.samples += later.samples
        self.upload_sum += later.upload_sum
        self.download_sum += later.download_sum
        self.upload_peak = max(self.upload_peak, later.upload_peak)
        self.download_peak = max(self.download_peak, later.download_peak)
        self.uploaded += later.uploaded
        self.downloaded += later.downloaded
        self.first_at, self.last_at = min(self.first_at, later.first_at), max(self.last_at, later.last_at)

    def bucket(self, name: str, start: int) -> Bucket:
        """Give it as a bucket of 15 s."""
        return Bucket(
            name=name,
            tier=FINE,
            start=start,
            slots=1,
            upload_sum=self.upload_sum / self.samples,
            download_sum=self.download_sum / self.samples,
            upload_peak=self.upload_peak,
            download_peak=self.download_peak,
            uploaded=self.uploaded,
            downloaded=self.downloaded,
            first_at=self.first_at,
            last_at=self.last_at,
        )


class Sampler:
    """Takes a sample with each good poll."""

    def __init__(self, catalogue: Catalogue, shelf: "MetricShelf", *, clock: Callable[[], float] = time.time) -> None:
        self._catalogue = catalogue
        self._shelf = shelf
        self._clock = clock
        self._runs = Runs(clock)
        self.moved: dict[str, tuple[int, int]] = {}
        """The bytes up and down of each instance since the daemon started."""
        self._counted: dict[str, Counted] | None = None
        self._marks: dict[int, dict[str, Counted]] = {}
        """Up to which totals it is counted at the end of each slot."""
        self._latest = 0
        self._at_once = False
        """All is to be saved together: the clock was set back, and a slot that begins earlier holds what came later; or
        something was seen for the first time, and from where on it counts must not be forgotten."""
        self._slots: dict[tuple[str, int], Slot] = {}
        self._saving = trio.Lock()

    # -- sampling

    def take(self, instance_id: str, changes: Changes) -> None:
        """Take over what a poll said, after the live list has."""
        source = self._catalogue.sources.get(instance_id)
        if source is None:
            return
        now = int(self._clock() * 1000)
        up, down = self._moved(instance_id, changes, now)
        before = self.moved.get(instance_id, (0, 0))
        self.moved[instance_id] = before[0] + up, before[1] + down
        network = source.info.network_type
        self._sample(instance_id, now, *self._speeds([instance_id]), up, down)
        if network is not None:
            peers = [id for id, each in self._catalogue.sources.items() if each.info.network_type == network]
            self._sample(TOTAL + network, now, *self._speeds(peers), up, down)
        self._sample(TOTAL, now, *self._speeds(list(self._catalogue.sources)), up, down)

    def _speeds(self, ids: list[str]) -> tuple[int, int]:
        """Sum up the speeds that instances have now; one that does not answer has none."""
        speeds = [each for id in ids if (each := self._catalogue.sources[id].speeds) is not None]
        return sum(each.upload_speed for each in speeds), sum(each.download_speed for each in speeds)

    def _moved(self, instance_id: str, changes: Changes, now: int) -> tuple[int, int]:
        totals = changes.totals
        if totals is None or self._counted is None:
            return 0, 0  # while it is not known what was counted, nothing is: later the difference counts
        before = self._counted.get(instance_id)
        session, anew = self._runs.session_of(instance_id, totals, before)
        up, down = moved(before, totals, session, anew=anew)
        up_to, down_to = marked(before, totals, session)
        counted = Counted(
            instance_id=instance_id,
            session=session,
            uploaded=up_to,
            downloaded=down_to,
        )
        self._at_once |= now < self._latest or instance_id not in self._counted
        self._counted[instance_id] = counted
        self._latest = now
        self._marks.setdefault(now - now % FINE, {})[instance_id] = counted
        return up, down

    def _sample(self, name: str, now: int, upload: int, download: int, uploaded: int, downloaded: int) -> None:
        key = (name, now - now % FINE)
        sample = Slot(1, upload, download, upload, download, uploaded, downloaded, now, now)
        slot = self._slots.setdefault(key, sample)
        if slot is not sample:
            slot.absorb(sample)

    # -- saving

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Save what was sampled until cancelled."""
        await self.save()
        task_status.started()
        forgot = -FORGET_S
        while True:
            await trio.sleep(LOOK_S)
            if await self.save() and trio.current_time() - forgot >= FORGET_S and await self._forget():
                forgot = trio.current_time()

    async def save(self, *, everything: bool = False) -> bool:
        """Save the slots whose 15 s are over, or all; gives whether that worked. What did not is kept."""
        async with self._saving:
            try:
                if self._counted is None:
                    self._counted = await self._shelf.load_counted()
                await self._save(everything=everything)
            except StorageUnavailable as error:
                log.debug("Metrics are not saved yet: %s", error.message)
                self._make_room()
                return False
        return True

    async def _save(self, *, everything: bool) -> None:
        starts = {start for _, start in self._slots}
        if self._at_once and len(starts) <= AT_ONCE:
            await self._save_at_once(starts)
            return
        now = int(self._clock() * 1000)
        over = sorted(start for start in starts if everything or start != now - now % FINE)
        for first in range(0, len(over), AT_ONCE):
            await self._write(set(over[first : first + AT_ONCE]))

    async def _save_at_once(self, starts: set[int]) -> None:
        self._at_once = False
        try:
            await self._write(starts)
        except StorageUnavailable:
            self._at_once = True
            raise

    async def _write(self, starts: set[int]) -> None:
        """Write the slots of these times, and the totals up to which they count."""
        slots = {key: self._slots.pop(key) for key in list(self._slots) if key[1] in starts}
        marks = {start: self._marks.pop(start) for start in sorted(starts) if start in self._marks}
        fine = [slot.bucket(*key) for key, slot in slots.items()]
        buckets = [replace(each, tier=tier, start=each.start - each.start % tier) for each in fine for tier in TIERS]
        totals = {id: each for mark in marks.values() for id, each in mark.items()}
        if not self._marks and self._counted is not None:  # nothing waits: it is counted up to the last samples
            totals = {id: self._counted[id] for id in totals}
        try:
            await self._shelf.add(buckets, totals.values())
        except StorageUnavailable:
            for key, slot in slots.items():
                if key in self._slots:
                    slot.absorb(self._slots[key])
                self._slots[key] = slot
            for start, mark in marks.items():
                self._marks[start] = {**mark, **self._marks.get(start, {})}
            raise

    def _make_room(self) -> None:
        """Keep what waits small: the oldest slots become part of the next ones, so that their bytes still count."""
        if len(self._slots) <= MOST_WAITING:
            return
        oldest, next_one = sorted({start for _, start in self._slots})[:2]
        for name in [name for name, start in self._slots if start == oldest]:
            slot = self._slots.pop((name, oldest))
            if (name, next_one) in self._slots:
                slot.absorb(self._slots[name, next_one])
            self._slots[name, next_one] = slot
        self._marks[next_one] = {**self._marks.pop(oldest, {}), **self._marks.get(next_one, {})}

    async def _forget(self) -> bool:
        try:
            await self._shelf.forget(int(self._clock() * 1000))
        except StorageUnavailable:
            return False
        return True

    async def rename_instance(self, old: str, new: str) -> None:
        """Let metrics follow an instance to a new id. Raises `StorageUnavailable`: nothing has changed then."""
        async with self._saving:
            await self._save(everything=True)
            await self._shelf.rename_instance(old, new)
            if self._counted is not None and old in self._counted:
                self._counted[new] = replace(self._counted.pop(old), instance_id=new)
