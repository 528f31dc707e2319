"""From a torrent of the daemon to an item of ours. Pure. Source: data-model 2 and 3, column rt."""

from datetime import UTC, datetime

from amutorrent import DEFAULT, Item, Sources, tracker_domain

from .rows import Row
from .states import READ_PRIORITY, is_complete, progress_of, status_of
from .text import unpacked

LAST_SECOND = 253_402_300_799


def item(row: Row, name: str, speed: tuple[int, int], urls: tuple[str, ...]) -> Item:
    """Make the item; `name` is the torrent's own for display, `speed` down and up, `urls` its announce URLs."""
    size, done = max(0, row.size_bytes), max(0, row.completed_bytes)
    status, complete = status_of(row), is_complete(row)
    down, up = max(0, speed[0]), max(0, speed[1])
    return Item(
        hash=row.hash.lower(),
        name=unpacked(row.shown_name) or name or row.hash.lower(),
        name_resolving=True if row.is_meta and not row.shown_name else None,
        status=status,
        progress=progress_of(row),
        size=0 if row.is_meta else size,
        size_downloaded=0 if row.is_meta else done,
        download_speed=down,
        upload_speed=up,
        complete=complete,
        shared=True,
        message=row.message or None,
        eta=(size - done) // down if status == "active" and down and not row.is_meta and size > done else None,
        category=unpacked(row.label) or DEFAULT,
        sources=sources(row),
        upload_total=max(0, row.up_total),
        ratio=max(0, row.ratio) / 1000,
        download_priority=READ_PRIORITY.get(row.priority),
        magnet_link=f"magnet:?xt=urn:btih:{row.hash.lower()}",
        tracker=tracker_domain(urls[0]) if urls else None,
        trackers=urls,
        directory=row.directory or None,
        path=path_of(row, name),
        multi_file=bool(row.is_multi_file),
        added_at=added_at(row),
    )


def path_of(row: Row, name: str) -> str | None:
    """Give the file, or the folder of several files; None while nobody knows what it will be."""
    if row.is_meta or not row.directory.startswith("/"):
        return None
    return row.directory if row.is_multi_file else f"{row.directory.rstrip('/')}/{name}"


def sources(row: Row) -> Sources:
    """Count its peers: those we are connected to, and those that are known beside them."""
    connected = max(0, row.peers_connected)
    return Sources(
        total=connected + max(0, row.peers_not_connected), connected=connected, seeders=max(0, row.peers_complete)
    )


def added_at(row: Row) -> datetime | None:
    """Give when it was added: as it was written down, else when it was first started or loaded."""
    written = row.added.strip()
    if written.isascii() and written.isdigit() and len(written) <= 12 and (found := moment(int(written))):
        return found
    return moment(row.started) or moment(row.loaded)


def moment(seconds: int) -> datetime | None:
    """Read a time of the daemon; 0 means never."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST_SECOND else None
