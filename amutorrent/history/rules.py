"""What becomes of a row when something is seen of its item. Source: data-model 9.

downloading --complete--> completed        downloading --unseen for 30 s--> missing --seen--> as before
any --removed here--> deleted --added anew--> downloading, or completed
"""

import re

from msgspec import Struct
from msgspec.structs import replace

from ..model import Item
from ..model.history import HistoryRow

_PLACEHOLDER = re.compile(r"[0-9a-f]{32,64}(\.meta)?", re.IGNORECASE)


class Seen(Struct, frozen=True, kw_only=True):
    """An item as it was seen, at a time in ms.

    `appeared`: it was not in the list before; `finished_at`: when it was seen to become complete, 0: not seen.
    `owner_id` 0: nobody's, and `username` is then `external`, or "" where there are no accounts.
    """

    instance_id: str
    instance_name: str
    client_type: str
    network_type: str
    item: Item
    at: int
    appeared: bool = False
    finished_at: int = 0
    owner_id: int = 0
    username: str = ""


class News(Struct, frozen=True, kw_only=True):
    """What is not written yet of one item: how it was seen, that it was removed here, that it is missing; its name."""

    seen: Seen | None = None
    deleted_at: int = 0
    missing: bool = False
    renamed: str | None = None


def next_row(row: HistoryRow | None, news: News) -> HistoryRow | None:
    """Give the row that is to be; None: there is none, and none comes."""
    if news.seen is not None:
        row = _new_row(news.seen) if row is None else _seen_again(row, news.seen)
    if row is None:
        return None
    if news.renamed is not None:
        row = replace(row, filename=news.renamed)
    if news.deleted_at:
        return replace(row, status="deleted", deleted_at=news.deleted_at)
    if news.missing and row.status == "downloading":
        return replace(row, status="missing")
    return row


def _new_row(seen: Seen) -> HistoryRow | None:
    item = seen.item
    if not seen.appeared:
        return None  # somebody deleted the row: it stays deleted while the item goes on
    if item.complete and item.added_at is None and not seen.finished_at:
        return None  # a file that is shared, and was never a download as far as its client knows
    return HistoryRow(
        instance_id=seen.instance_id,
        hash=item.hash,
        instance_name=seen.instance_name,
        client_type=seen.client_type,
        network_type=seen.network_type,
        filename=item.name,
        size=item.size,
        status="completed" if item.complete else "downloading",
        category=item.category,
        path=_path(item),
        tracker_domain=item.tracker or "",
        owner_id=seen.owner_id,
        username=seen.username,
        started_at=_added(seen),
        completed_at=seen.finished_at,
        deleted_at=0,
        last_seen_at=seen.at,
        downloaded=item.size_downloaded,
        uploaded=item.upload_total,
        ratio=item.ratio,
    )


def _seen_again(row: HistoryRow, seen: Seen) -> HistoryRow:
    item = seen.item
    if row.status == "deleted":
        if not seen.appeared:
            return row  # a last poll before it went
        row = replace(row, status="downloading", deleted_at=0, completed_at=0, started_at=_restarted(row, seen))
    if row.status == "missing":
        row = replace(row, status="completed" if row.completed_at else "downloading")
    if row.status == "downloading" and item.complete:
        row = replace(row, status="completed", completed_at=seen.finished_at or seen.at)
    owned = seen.owner_id and not row.owner_id
    return replace(
        row,
        instance_name=seen.instance_name,
        filename=item.name if is_placeholder(row.filename, row.hash) else row.filename,
        size=max(row.size, item.size),
        category=item.category,
        path=_path(item) or row.path,
        tracker_domain=item.tracker or row.tracker_domain,
        owner_id=seen.owner_id if owned else row.owner_id,
        username=seen.username if owned or not row.username else row.username,
        last_seen_at=seen.at,
        downloaded=max(row.downloaded, item.size_downloaded),
        uploaded=max(row.uploaded, item.upload_total),
        ratio=item.ratio,
    )


def is_placeholder(name: str, hash: str) -> bool:
    """Say whether a name only stands for one that is not known yet."""
    return not name or bool(_PLACEHOLDER.fullmatch(name)) or hash in name.lower()


def _added(seen: Seen) -> int:
    added = seen.item.added_at
    return min(seen.at, max(0, round(added.timestamp() * 1000))) if added else seen.at


def _restarted(row: HistoryRow, seen: Seen) -> int:
    """It is a new download under the old key, unless its client says that it is the old one."""
    return max(row.started_at, _added(seen))


def _path(item: Item) -> str:
    return item.path or item.directory or ""
