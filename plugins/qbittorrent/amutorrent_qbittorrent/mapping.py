"""From a torrent of the daemon to an item of ours. Pure. Source: data-model 2 and 3, column qb."""

import math
import re
from datetime import UTC, datetime

from amutorrent import DEFAULT, Item, Sources, percent, tracker_domain

from .states import MESSAGE, may_be_complete, status_of
from .wire import INFINITE_ETA, Torrent

ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[/\\]")
LAST_SECOND = 253_402_300_799


def item(torrent: Torrent, hash: str, urls: tuple[str, ...], multi_file: bool | None) -> Item:
    """Make the item; `urls` are its announce URLs, `multi_file` None while nobody knows."""
    size = max(0, torrent.size or torrent.total_size)
    status, complete = status_of(torrent.state), is_complete(torrent)
    return Item(
        hash=hash,
        name=torrent.name or hash,
        name_resolving=True if torrent.name in ("", hash) and not has_metadata(torrent) else None,
        status=status,
        progress=percent(min(torrent.completed, size), size),
        size=size,
        size_downloaded=max(0, torrent.completed),
        download_speed=max(0, torrent.dlspeed),
        upload_speed=max(0, torrent.upspeed),
        complete=complete,
        shared=True,
        message=message(torrent, urls),
        eta=torrent.eta if status == "active" and not complete and 0 <= torrent.eta < INFINITE_ETA else None,
        category=torrent.category or DEFAULT,
        tags=tuple(tag for part in torrent.tags.split(",") if (tag := part.strip())),
        sources=sources(torrent),
        upload_total=max(0, torrent.uploaded),
        upload_session=max(0, torrent.uploaded_session),
        ratio=torrent.ratio if math.isfinite(torrent.ratio) and torrent.ratio > 0 else 0.0,
        download_priority="normal",
        magnet_link=torrent.magnet_uri or f"magnet:?xt=urn:btih:{hash}",
        tracker=tracker_domain(torrent.tracker or (urls[0] if urls else "")),
        trackers=urls,
        directory=directory(torrent, multi_file),
        path=absolute(torrent.content_path),
        multi_file=bool(multi_file),
        added_at=moment(torrent.added_on),
        extra=extra(torrent),
    )


def is_complete(torrent: Torrent) -> bool:
    """Say if nothing is missing and what is there lies verified at its final place."""
    return torrent.amount_left == 0 and torrent.size > 0 and may_be_complete(torrent.state)


def has_metadata(torrent: Torrent) -> bool:
    """Say if the daemon knows what the torrent holds (a magnet has to learn it first)."""
    return torrent.total_size >= 0 and bool(torrent.total_size or torrent.content_path)


def message(torrent: Torrent, urls: tuple[str, ...]) -> str | None:
    """Give the notice that the state deserves."""
    if torrent.state in MESSAGE:
        return MESSAGE[torrent.state]
    count = len(urls) if torrent.trackers_count is None else torrent.trackers_count
    return None if count or urls else "No tracker"


def sources(torrent: Torrent) -> Sources:
    """Count its peers: those we are connected to, and at least as many in the swarm."""
    connected = max(0, torrent.num_seeds) + max(0, torrent.num_leechs)
    swarm = max(0, torrent.num_complete) + max(0, torrent.num_incomplete)
    return Sources(
        total=max(connected, swarm), connected=connected, seeders=max(torrent.num_complete, torrent.num_seeds, 0)
    )


def told_multi_file(torrent: Torrent) -> bool | None:
    """Say if it has several files, as far as its paths alone prove it; None: its list of files must be asked for.

    The content path is the file, the one folder that holds all files, or, for files without such a folder, the save
    path. Only from 5.0 on the daemon also tells the folder (`root_path`), and so tells a file from a folder.
    """
    if absolute(torrent.content_path) is None:
        return None
    if torrent.content_path in (torrent.save_path, torrent.download_path):
        return True
    return None if torrent.root_path is None else torrent.content_path == torrent.root_path


def directory(torrent: Torrent, multi_file: bool | None) -> str | None:
    """Give its folder: its own one if it has several files, else the one that it was saved to."""
    return (absolute(torrent.content_path) if multi_file else None) or torrent.save_path or None


def absolute(path: str) -> str | None:
    """Give a path back if it is absolute; just after the start the daemon gives the last part only."""
    return path if ABSOLUTE.match(path) else None


def moment(seconds: int) -> datetime | None:
    """Read a time of the daemon; 0 and -1 mean never."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST_SECOND else None


def extra(torrent: Torrent) -> dict[str, str | int | float | bool]:
    """Collect what only qBittorrent has, as far as it is not as usual."""
    facts = {
        "forceStart": torrent.force_start,
        "sequentialDownload": torrent.seq_dl,
        "superSeeding": torrent.super_seeding,
        "automaticManagement": torrent.auto_tmm,
    }
    return {name: fact for name, fact in facts.items() if fact}
