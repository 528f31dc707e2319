"""Speeds and bytes over time, as they are kept and asked for. Source: data-model 10, http-api 10."""

from msgspec import Struct

Tier = int
"""The length of a bucket that is kept, in ms."""
FINE, MIDDLE, DAY = 15_000, 900_000, 86_400_000
TIERS: tuple[Tier, ...] = (FINE, MIDDLE, DAY)
KEPT = {FINE: 48 * 3_600_000, MIDDLE: 31 * DAY}
"""How long the buckets of a tier are kept, in ms; days are kept for ever."""
TOTAL = "*"
"""Stands in the place of an instance id for all instances together; `*ed2k` for those of a network."""


class Bucket(Struct, frozen=True, gc=False):
    """What was measured of one instance, or of all, from `start` on: all times are ms, speeds bytes/s.

    `slots` counts the 15 s in which there was a sample; the sums are over their means, the peaks over the samples.
    """

    name: str
    tier: Tier
    start: int
    slots: int
    upload_sum: float
    download_sum: float
    upload_peak: int
    download_peak: int
    uploaded: int
    downloaded: int
    first_at: int
    last_at: int

    def plus(self, other: "Bucket") -> "Bucket":
        """Give both as one bucket: with the name, tier and start of this one."""
        return Bucket(
            name=self.name,
            tier=self.tier,
            start=self.start,
            slots=self.slots + other.slots,
            upload_sum=self.upload_sum + other.upload_sum,
            download_sum=self.download_sum + other.download_sum,
            upload_peak=max(self.upload_peak, other.upload_peak),
            download_peak=max(self.download_peak, other.download_peak),
            uploaded=self.uploaded + other.uploaded,
            downloaded=self.downloaded + other.downloaded,
            first_at=min(self.first_at, other.first_at),
            last_at=max(self.last_at, other.last_at),
        )


class Counted(Struct, frozen=True, kw_only=True):
    """The totals of an instance that were counted last; `session` "": they are counted for life."""

    instance_id: str
    session: str
    uploaded: int
    downloaded: int
