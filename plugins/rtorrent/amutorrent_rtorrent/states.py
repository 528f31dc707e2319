"""The table of rTorrent's states. Source: data-model 3, rtorrent 4."""

from typing import Final

from amutorrent import PriorityLevel, Status, percent

from .rows import Row

LEECHING: Final = "leech"

READ_PRIORITY: Final[dict[int, PriorityLevel]] = {0: "off", 1: "low", 2: "normal", 3: "high"}
WRITE_PRIORITY: Final[dict[PriorityLevel, int]] = {
    "off": 0,
    "veryLow": 1,
    "low": 1,
    "normal": 2,
    "auto": 2,
    "high": 3,
    "veryHigh": 3,
}


def status_of(row: Row) -> Status:
    """Give the status; the first that fits."""
    if row.is_hash_checking:
        return "checking"
    if row.hashing:
        return "hashing-queued"
    if not row.is_open:
        return "completed" if is_complete(row) else "stopped"
    if not row.is_active:
        return "paused"
    return "seeding" if is_complete(row) else "active"


def is_complete(row: Row) -> bool:
    """Say if nothing is missing and everything was verified.

    `d.complete` alone holds during a check as well. Between the last piece and the check that follows it a running
    item is still a leech: it turns to a seed only when that check has found nothing wrong.
    """
    if not row.complete or row.hashing or row.is_hash_checking or row.is_meta:
        return False
    return not (row.is_active and row.connection_current == LEECHING)


def progress_of(row: Row) -> float:
    """Give how much is there; while checking, how much was looked at, which never is all of it."""
    if row.is_meta:
        return 0.0
    if row.is_hash_checking:
        return min(99.99, percent(row.chunks_hashed, row.size_chunks))
    done = percent(min(row.completed_bytes, row.size_bytes), row.size_bytes)
    return done if not row.hashing else min(99.99, done)
