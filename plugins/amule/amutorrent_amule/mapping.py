"""From a file of the daemon to an item of ours. Pure. Source: data-model 2 and 3, column am."""

from datetime import UTC, datetime
from typing import Final

from amutorrent import DEFAULT, Item, Sources, Status, percent

from .codes import PART_SIZE
from .labels import Labels
from .mirror import is_complete
from .records import File
from .states import COMPLETE, MESSAGE, PAUSED, STATUS, priority

LAST_SECOND: Final = 253_402_300_799
SOURCES_MARK: Final = "|sources,"


def item(file: File, upload_speed: int, labels: Labels, remembered: str | None) -> Item:
    """Make the item; `remembered` is the category that a complete file had when it was a download."""
    complete, status = is_complete(file), status_of(file)
    done = file.size if complete else min(file.done, file.size)
    return Item(
        hash=file.hash,
        name=file.name,
        status=status,
        progress=percent(done, file.size),
        size=file.size,
        size_downloaded=done,
        download_speed=0 if complete else file.speed,
        upload_speed=upload_speed,
        complete=complete,
        shared=complete or bool(file.shared),
        message=MESSAGE.get(file.status) if file.part else None,
        eta=eta(file, done) if status == "active" else None,
        category=category(file, labels, remembered),
        sources=Sources(
            total=file.sources,
            connected=file.sources_sending,
            seeders=file.complete_sources,
            a4af=file.sources_a4af,
            not_current=file.sources_not_current,
        ),
        upload_total=file.uploaded,
        upload_session=file.uploaded_session,
        ratio=file.uploaded / file.size if file.size else 0.0,
        download_priority=priority(file.priority) if file.part else None,
        upload_priority=priority(file.upload_priority),
        requests_accepted=file.accepted,
        requests_accepted_total=file.accepted_total,
        part_status=tuple(file.parts[: parts_of(file.size)]),
        last_seen_complete=moment(file.last_seen_complete),
        comment=file.comment,
        rating=min(file.rating, 5),
        ed2k_link=bare_link(file.link),
        directory=directory(file, labels),
        path=path(file),
        extra={"aichHash": file.aich} if file.aich else {},
    )


def status_of(file: File) -> Status:
    """Give the status; shared-only files are seeding."""
    if not file.part:
        return "seeding"
    if file.status == PAUSED and file.stopped:
        return "stopped"
    return STATUS.get(file.status, "active")


def category(file: File, labels: Labels, remembered: str | None) -> str:
    """Give the category: a download's own, a complete file's former one, or the one in whose folder it lies."""
    if file.part:
        return labels.name_of(file.category)
    if remembered is not None and labels.get(remembered) is not None:
        return remembered
    return labels.name_by_folder(file.folder) or DEFAULT


def directory(file: File, labels: Labels) -> str | None:
    """Give the folder: where a complete file lies, where a download will."""
    if path(file) is not None:
        return file.folder
    return (labels.path_of(file.category) if file.part else "") or None


def path(file: File) -> str | None:
    """Give the path of a complete file; of a download the daemon only tells the name of its part file."""
    if not is_complete(file) or not is_absolute(file.folder):
        return None
    separator = "\\" if "\\" in file.folder and "/" not in file.folder else "/"
    return file.folder.rstrip(separator) + separator + file.name


def is_absolute(path: str) -> bool:
    """Say if it is a path, and not just the name of a part file."""
    return path.startswith(("/", "\\\\")) or path[1:3] in (":\\", ":/")


def eta(file: File, done: int) -> int | None:
    """Give the seconds that the rest will take at this speed."""
    return -(-(file.size - done) // file.speed) if file.speed and file.status != COMPLETE else None


def bare_link(link: str) -> str | None:
    """Give the link without the address of this very daemon, which it puts in as a source."""
    return link.partition(SOURCES_MARK)[0] or None


def parts_of(size: int) -> int:
    """Count the parts of a file."""
    return -(-size // PART_SIZE)


def moment(seconds: int) -> datetime | None:
    """Read a time of the daemon; 0 means never."""
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= LAST_SECOND else None
