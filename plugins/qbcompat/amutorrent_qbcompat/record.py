"""What we remember of an item, in the daemon's database."""

from typing import Literal

from msgspec import Struct

State = Literal["waiting", "done", "failed", "cancelled", "dismissed"]
"""`cancelled`: to be deleted as soon as its client answers; `dismissed`: taken off the list, while its data stays."""


class Last(Struct, frozen=True, kw_only=True):
    """How its client showed it last: what the programs are told while that is away. Sizes are bytes."""

    complete: bool = False
    downloaded: int = 0
    uploaded: int = 0
    ratio: float = 0.0
    path: str | None = None
    paused: bool = False


class Record(Struct, frozen=True, kw_only=True):
    """One item that was added here, or of which something was said here. Times are seconds since the epoch.

    `hash` is ours: 32 digits for ED2K. `kind` says what `link` is; `found` was in a client already, and has none.
    `instance_id` is written before the client is asked for the first time, so that no second one ever is: `tries`
    counts how often. A limit of None was not given.
    """

    hash: str
    name: str
    size: int
    kind: Literal["ed2k", "magnet", "torrent", "found"]
    link: str = ""
    parts: int = 0
    category: str = ""
    tags: tuple[str, ...] = ()
    save_path: str | None = None
    paused: bool = False
    ratio_limit: float | None = None
    seeding_time_limit: int | None = None
    user_id: int | None = None
    user_name: str = ""
    added_on: int
    completed_on: int | None = None
    state: State = "waiting"
    instance_id: str | None = None
    tries: int = 0
    refusals: int = 0
    error: str = ""
    delete_files: bool = False
    last: Last = Last()
