"""Rows of the history: one for each download of each client. Source: data-model 9."""

from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

HistoryStatus = Literal["downloading", "completed", "missing", "deleted"]
STATUSES: tuple[HistoryStatus, ...] = get_args(HistoryStatus)
EXTERNAL = "external"
"""The user name of what was not added here."""

SortField = Literal[
    "hash",
    "filename",
    "size",
    "status",
    "started_at",
    "completed_at",
    "username",
    "instance_id",
    "instance_name",
    "client_type",
    "network_type",
    "category",
    "path",
    "deleted_at",
    "last_seen_at",
    "downloaded",
    "uploaded",
    "ratio",
    "tracker_domain",
]


class DownloadTimes(Struct, frozen=True, gc=False):
    """When a download was added, and when it was complete: as the history has it; None: not yet, or unknown."""

    added_at: datetime | None = None
    completed_at: datetime | None = None


class HistoryRow(Struct, frozen=True, kw_only=True, gc=False):
    """One row as it is kept: times in ms, and 0 or "" for what is not there, so that every database sorts it alike.

    `id` 0: it is not in the database yet. `owner_id` is the account that added it, and stays when the account goes.
    """

    id: int = 0
    instance_id: str
    hash: str
    instance_name: str
    client_type: str
    network_type: str
    filename: str
    size: int
    status: HistoryStatus
    category: str
    path: str
    tracker_domain: str
    owner_id: int
    username: str
    started_at: int
    completed_at: int
    deleted_at: int
    last_seen_at: int
    downloaded: int
    uploaded: int
    ratio: float


class HistoryFilter(Struct, frozen=True, kw_only=True):
    """Which rows: of any of the values in each list that is not empty. Times are ms, `started_to` is excluded.

    `owner_id` None: of everybody; else the rows of that account alone.
    """

    search: str = ""
    statuses: tuple[str, ...] = ()
    client_types: tuple[str, ...] = ()
    instance_ids: tuple[str, ...] = ()
    usernames: tuple[str, ...] = ()
    trackers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    started_from: int | None = None
    started_to: int | None = None
    owner_id: int | None = None


class HistoryOrder(Struct, frozen=True):
    """In which order; rows that are equal there come in the order of their ids."""

    field: SortField = "started_at"
    descending: bool = True


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One row as it travels, in snake case: times are ISO 8601 in UTC, and what is not there is null.

    The speeds are those of now, null when the item is not in the list. `username` is `external` if it was not added
    here.
    """

    hash: str
    filename: str
    size: int
    status: HistoryStatus
    started_at: str
    completed_at: str | None
    username: str | None
    instance_id: str
    instance_name: str
    client_type: str
    network_type: str
    category: str
    path: str | None
    deleted_at: str | None
    last_seen_at: str
    downloaded: int
    uploaded: int
    ratio: float
    tracker_domain: str | None
    download_speed: int | None
    upload_speed: int | None
