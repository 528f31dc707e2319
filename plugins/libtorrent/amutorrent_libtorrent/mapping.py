"""From a torrent of the engine to an item. Pure."""

from datetime import UTC, datetime

import libtorrent as lt

from amutorrent import DEFAULT, Item, Sources, percent, tracker_domain

from .states import status_of
from .torrents import Torrent

LAST_SECOND = 253_402_300_799


def item(torrent: Torrent, status: lt.torrent_status) -> Item:
    """Make the item; `status` is the torrent's own, which is there."""
    shown, complete = status_of(torrent), torrent.whole
    size = max(0, status.total_wanted or status.total)
    done = max(0, min(status.total_wanted_done, size))
    multi_file = bool(torrent.layout and torrent.layout.several)
    speed = max(0, status.download_payload_rate)
    return Item(
        hash=torrent.hash,
        name=torrent.name or torrent.hash,
        name_resolving=True if not torrent.name else None,
        status=shown,
        progress=progress(done, size, complete),
        size=size,
        size_downloaded=done,
        download_speed=speed,
        upload_speed=max(0, status.upload_payload_rate),
        complete=complete,
        shared=True,
        message=torrent.failed or torrent.move_error or torrent.trouble or (None if torrent.trackers else "No tracker"),
        eta=(size - done) // speed if shown == "active" and not complete and speed and size else None,
        category=torrent.facts.category or DEFAULT,
        tags=torrent.facts.tags,
        sources=sources(status),
        upload_total=max(0, status.all_time_upload),
        upload_session=max(0, status.total_payload_upload),
        ratio=torrent.ratio,
        download_priority="normal",
        magnet_link=f"magnet:?xt=urn:btih:{torrent.hash}",
        tracker=tracker_domain(status.current_tracker or (torrent.trackers[0] if torrent.trackers else "")),
        trackers=torrent.trackers,
        directory=torrent.path if multi_file else torrent.save_path,
        path=torrent.path,
        multi_file=multi_file,
        added_at=moment(torrent.facts.added_at),
        extra=extra(torrent, status),
    )


def progress(done: int, size: int, complete: bool) -> float:
    """Give how much is there, in percent; never all of it before it is complete."""
    return min(percent(done, size), 100.0 if complete else 99.99) if size else 0.0


def sources(status: lt.torrent_status) -> Sources:
    """Count its peers: those we are connected to, those that are known, and those that trackers tell of."""
    connected = max(0, status.num_peers)
    swarm = max(0, status.num_complete) + max(0, status.num_incomplete)
    return Sources(
        total=max(connected, swarm, status.list_peers),
        connected=connected,
        seeders=max(0, status.num_complete, status.num_seeds),
    )


def extra(torrent: Torrent, status: lt.torrent_status) -> dict[str, str | int | float | bool]:
    """Collect what is not as usual: the options of this torrent."""
    facts: dict[str, str | int | float | bool] = {}
    if status.flags & lt.torrent_flags.sequential_download:
        facts["sequentialDownload"] = True
    if status.download_limit > 0:
        facts["downloadLimit"] = status.download_limit
    if status.upload_limit > 0:
        facts["uploadLimit"] = status.upload_limit
    if torrent.facts.share_ratio is not None:
        facts["shareRatio"] = torrent.facts.share_ratio
    if torrent.facts.seed_minutes is not None:
        facts["seedMinutes"] = torrent.facts.seed_minutes
    return facts


def moment(seconds: int) -> datetime | None:
    """Read a Unix time; 0 is none."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST_SECOND else None
