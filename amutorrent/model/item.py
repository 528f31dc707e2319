"""An item: one download or shared file of one instance. Source: data-model 2 and 3."""

import math
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from .naming import camel

Bytes = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""A size or a rate: bytes or bytes per second."""
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{32,64}$")]
"""Lower-case hex: 32 digits for ED2K, 40 for BitTorrent."""

Status = Literal["active", "seeding", "paused", "stopped", "completed", "checking", "hashing-queued", "moving", "error"]
PriorityLevel = Literal["off", "veryLow", "low", "normal", "high", "veryHigh", "auto"]
MoveStatus = Literal["pending", "moving", "verifying"]


def percent(done: float, total: float) -> float:
    """Give `done` of `total` as a percentage, two decimals, rounded down: 100.0 only when nothing is missing."""
    if total <= 0:
        return 0.0
    if done >= total:
        return 100.0
    return max(0.0, math.floor(done / total * 10_000) / 100)


class Sources(Struct, frozen=True, kw_only=True, rename=camel, gc=False):
    """How many peers an item has; 0 where the client does not say."""

    total: Count = 0
    connected: Count = 0
    seeders: Count = 0
    a4af: Count = 0
    not_current: Count = 0


NO_SOURCES = Sources()


# `default_factory=bool` where one would expect `= False`: omit_defaults leaves out what holds its default,
# and of these fields the contract wants the `false` and the `0` too. Only nulls and empty lists stay away.
class Item(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True, gc=False):
    """What a client says of one download or shared file.

    A plugin builds these; the host adds who said it (see `WireItem`) and refuses, alone and with a log line, an
    item that does not fit: a name that is not encodable as UTF-8, a NaN, a wrong type.

    Sizes are bytes, speeds bytes/s, `progress` 0-100 (see `percent`), `ratio` a finite float, times aware UTC.
    `complete` comes from the client's own exact signal, and not before the data lies at its final place.
    """

    hash: Hash
    name: str
    status: Status
    progress: Percent
    size: Bytes
    download_speed: Bytes
    upload_speed: Bytes
    complete: bool

    shared: bool = field(default_factory=bool)
    name_resolving: bool | None = None
    size_downloaded: Bytes = field(default_factory=int)
    message: str | None = None
    eta: Count | None = None
    category: str = field(default_factory=lambda: "Default")
    tags: tuple[str, ...] = ()
    sources: Sources = field(default_factory=lambda: NO_SOURCES)
    upload_total: Bytes = field(default_factory=int)
    upload_session: Bytes | None = None
    ratio: Annotated[float, Meta(ge=0)] = field(default_factory=float)
    download_priority: PriorityLevel | None = None
    upload_priority: PriorityLevel | None = None
    requests_accepted: Count | None = None
    requests_accepted_total: Count | None = None
    part_status: tuple[int, ...] = ()
    last_seen_complete: datetime | None = None
    comment: str | None = None
    rating: Annotated[int, Meta(ge=0, le=5)] | None = None
    ed2k_link: str | None = None
    magnet_link: str | None = None
    tracker: str | None = None
    trackers: tuple[str, ...] = ()
    directory: str | None = None
    path: str | None = None
    multi_file: bool = field(default_factory=bool)
    added_at: datetime | None = None
    extra: dict[str, str | int | float | bool] = field(default_factory=dict)
    move_status: MoveStatus | None = None
    move_progress: Percent | None = None
    move_error: str | None = None
    move_files_total: Count | None = None
    move_files_moved: Count | None = None
    move_current_file: str | None = None


class WireItem(Item, frozen=True, kw_only=True, rename=camel, omit_defaults=True, gc=False):
    """An item as it travels: what the client says, and what the host adds.

    `downloading` is `not complete`; `seeding` is `status == "seeding"`; `stale` is true while the instance is not
    online, and then the values are those of its last good poll; `owned_by_me` is per reader and the last key.
    """

    instance_id: str
    client: str
    network_type: str
    downloading: bool
    seeding: bool
    category_id: Count
    stale: bool | None = None
    owned_by_me: bool = field(default_factory=bool)
