"""metrics.db: samples become buckets on the way in. Source: legacy-store 6, data-model 10."""

from collections.abc import Mapping

from msgspec import Struct

from ..model.metrics import FINE, KEPT, TIERS, TOTAL, Bucket
from ..store.intake import Intake, Mark
from .reading import Source
from .rows import OldSample

FORMAT, NEWEST = "SELECT value FROM metadata WHERE key = 'schema_version'", 7
LARGEST = 2**63 - 1


class _Slot(Struct):
    """What was sampled within 15 s under one name."""

    samples: int = 0
    upload_sum: int = 0
    download_sum: int = 0
    upload_peak: int = 0
    download_peak: int = 0
    uploaded: int = 0
    downloaded: int = 0
    first_at: int = LARGEST
    last_at: int = 0


class _Round(Struct):
    """What all instances of a name measured at one time."""

    upload: int = 0
    download: int = 0
    uploaded: int = 0
    downloaded: int = 0


class Samples:
    """Puts samples together: by round, by 15 s, and by the tiers above."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._at = 0
        self._round: dict[str, _Round] = {}
        self._slots: dict[str, tuple[int, _Slot]] = {}
        self._buckets: dict[tuple[str, int, int], Bucket] = {}

    def add(self, sample: OldSample, network: str | None, uploaded: int, downloaded: int) -> None:
        """Add a sample, with the bytes that were moved since the one before it."""
        if sample.timestamp != self._at:
            self._end_round()
            self._at = sample.timestamp
        for name in (sample.instance_id, TOTAL, *([TOTAL + network] if network else [])):
            found = self._round.setdefault(name, _Round())
            found.upload += max(0, sample.upload_speed)
            found.download += max(0, sample.download_speed)
            found.uploaded += uploaded
            found.downloaded += downloaded

    def buckets(self) -> list[Bucket]:
        """Give all buckets of tiers that are still kept."""
        self._end_round()
        for name in list(self._slots):
            self._end_slot(name)
        return list(self._buckets.values())

    def _end_round(self) -> None:
        start = self._at - self._at % FINE
        for name, each in self._round.items():
            if name in self._slots and self._slots[name][0] != start:
                self._end_slot(name)
            slot = self._slots.setdefault(name, (start, _Slot()))[1]
            slot.samples += 1
            slot.upload_sum += each.upload
            slot.download_sum += each.download
            slot.upload_peak = max(slot.upload_peak, each.upload)
            slot.download_peak = max(slot.download_peak, each.download)
            slot.uploaded += each.uploaded
            slot.downloaded += each.downloaded
            slot.first_at, slot.last_at = min(slot.first_at, self._at), max(slot.last_at, self._at)
        self._round = {}

    def _end_slot(self, name: str) -> None:
        start, slot = self._slots.pop(name)
        for tier in TIERS:
            begin = start - start % tier
            if tier in KEPT and begin < self._now - KEPT[tier]:
                continue
            bucket = Bucket(
                name=name,
                tier=tier,
                start=begin,
                slots=1,
                upload_sum=slot.upload_sum / slot.samples,
                download_sum=slot.download_sum / slot.samples,
                upload_peak=slot.upload_peak,
                download_peak=slot.download_peak,
                uploaded=slot.uploaded,
                downloaded=slot.downloaded,
                first_at=slot.first_at,
                last_at=slot.last_at,
            )
            before = self._buckets.get((name, tier, begin))
            self._buckets[name, tier, begin] = before.plus(bucket) if before is not None else bucket


def take_metrics(source: Source, intake: Intake, networks: Mapping[str, str], now: int) -> None:
    """Take over what was measured before we measured it, and after what was taken over before.

    `networks` are those of client types; `now` is in ms.
    """
    if not source.is_readable(FORMAT, NEWEST):
        return
    marks, samples, later = intake.marks(), Samples(now), 0
    for number, row in source.rows("instance_metrics", OldSample):
        if not row.instance_id or not 0 < row.timestamp <= now:
            source.report.skip(f"instance_metrics, row {number}", "it has no instance, or a time that is none")
            continue
        mark = marks.get(row.instance_id) or _first_mark(intake, row.instance_id)
        if row.timestamp >= mark.until:
            later += 1
            continue
        if row.timestamp <= mark.last_at:
            source.report.known += 1
            continue
        up, down = _step(mark.uploaded, row.total_uploaded), _step(mark.downloaded, row.total_downloaded)
        samples.add(row, networks.get(row.client_type), up, down)
        marks[row.instance_id] = Mark(
            until=mark.until,
            last_at=row.timestamp,
            uploaded=_counter(row.total_uploaded),
            downloaded=_counter(row.total_downloaded),
        )
        source.report.taken += 1
    if later:
        source.report.note(f"{later} samples were left, since they are of a time that was measured here as well")
    intake.add_buckets(samples.buckets())
    intake.put_marks(marks)


def _first_mark(intake: Intake, instance_id: str) -> Mark:
    first = intake.first_measured(instance_id)
    return Mark(until=LARGEST if first is None else first)


def _step(before: int, now: int) -> int:
    """Give what a counter gained: nothing where it fell, or came from 0: nobody had answered yet."""
    return now - before if 0 < before <= now <= LARGEST else 0


def _counter(total: int) -> int:
    return min(max(0, total), LARGEST)
