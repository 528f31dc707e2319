"""What is asked of a client only when somebody opens an item. Source: data-model 4, http-api 13."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from .item import Bytes, Count, Percent
from .naming import camel

PeerRole = Literal["peer", "upload", "download"]


class Peer(Struct, frozen=True, kw_only=True, rename=camel):
    """One peer of an item; unknown is None. `upload`: we send to it; `download`: it is a source; `peer`: both."""

    id: str
    role: PeerRole = "peer"
    user_name: str | None = None
    file_name: str | None = None
    address: str | None = None
    port: int | None = None
    software: str | None = None
    download_rate: Bytes | None = None
    upload_rate: Bytes | None = None
    download_total: Bytes | None = None
    upload_total: Bytes | None = None
    upload_session: Bytes | None = None
    download_state: str | None = None
    upload_state: str | None = None
    source_from: str | None = None
    remote_queue_rank: Count | None = None
    completed_percent: Percent | None = None
    flags: str | None = None
    is_encrypted: bool | None = None
    is_incoming: bool | None = None
    hostname: str | None = None


class TrackerState(Struct, frozen=True, kw_only=True, rename=camel):
    """One tracker of an item. `status`: `working`, `updating`, `error`, `disabled` or `idle`."""

    url: str
    status: Literal["working", "updating", "error", "disabled", "idle"]
    message: str = ""
    seeds: Count | None = None
    peers: Count | None = None
    last_announce: datetime | None = None


class Pieces(Struct, frozen=True, kw_only=True, rename=camel):
    """Which pieces are there: run-length pairs `(state, count)`; 0 missing, 1 under way, 2 have."""

    size: Bytes
    count: Count
    states: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, size: int, states: "list[int]") -> "Pieces":
        """Pack one state per piece into runs."""
        runs: list[tuple[int, int]] = []
        for state in states:
            if runs and runs[-1][0] == state:
                runs[-1] = (state, runs[-1][1] + 1)
            else:
                runs.append((state, 1))
        return cls(size=size, count=len(states), states=tuple(runs))


class Segments(Struct, frozen=True, kw_only=True, rename=camel, gc=False):
    """Byte ranges of an item: pairs of first and last byte in one flat list, both inclusive."""

    gap_status: tuple[Count, ...] = ()
    """What is missing."""
    req_status: tuple[Count, ...] = ()
    """What is asked for now."""


class FileEntry(Struct, frozen=True, kw_only=True, rename=camel):
    """One file of an item. `path` is relative to the item's folder; `priority` 0 off, 1 normal, 2 high."""

    index: Count
    path: str
    size: Bytes
    progress: Percent
    priority: Literal[0, 1, 2] = 1


class FileComment(Struct, frozen=True, kw_only=True, rename=camel):
    """What somebody else says of an ED2K file."""

    user_name: str
    file_name: str
    rating: int
    comment: str


Raw = dict[str, Any]  # Any: a client's own fields, shown as they are and never read by the host
"""All fields of an item as the client sent them."""
