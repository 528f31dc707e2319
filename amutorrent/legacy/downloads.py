"""history.db, with what hashes.db and users.db know besides; move_ops.db is only told. Source: legacy-store 5 and 7."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from ..accounts.roster import folded
from ..model import DEFAULT
from ..model.history import EXTERNAL, STATUSES, HistoryRow
from ..store.intake import Intake
from .accounts import Owners
from .reading import FORMAT, Source
from .rows import OldDownload, OldHash, OldMove

NEWEST = 4
LARGEST = 2**63 - 1
_HASH = re.compile(r"[0-9a-f]{32}([0-9a-f]{8}([0-9a-f]{24})?)?")
_OF_AN_ADDRESS = re.compile(r"[0-9.]+")
OVER = ("completed", "failed")


def take_hashes(source: Source) -> dict[str, str]:
    """Give the categories of downloads that came by the API that looks like qBittorrent's, by hash."""
    found: dict[str, str] = {}
    for _, row in source.rows("hash_mappings", OldHash):
        if row.category:
            found[row.ed2k_hash.lower()] = row.category
    source.report.note("the categories in it go into the history; all else is made anew when it is needed")
    return found


def take_history(
    source: Source, intake: Intake, owners: Owners, categories: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """Take over the rows of downloads that have none. `names` are those of instances, by id."""
    if not source.is_readable(FORMAT, NEWEST):
        return
    rows: list[HistoryRow] = []
    for number, old in source.rows("download_history", OldDownload):
        try:
            rows.append(_row(old, owners, categories, names))
        except ValueError as error:
            source.report.skip(f"download_history, row {number}", str(error))
    added = intake.add_history(rows)
    source.report.taken += added
    source.report.known += len(rows) - added


def _row(old: OldDownload, owners: Owners, categories: Mapping[str, str], names: Mapping[str, str]) -> HistoryRow:
    """Give a row as ours is. Raises `ValueError` saying what is wrong with it."""
    hash, instance_id = old.hash.lower(), old.instance_id or old.client_type
    if not _HASH.fullmatch(hash):
        raise ValueError("its hash is none")
    status = next((each for each in STATUSES if each == old.status), None)
    if status is None:
        raise ValueError("its status is none that is known")
    started, completed, deleted = _ms(old.started_at), _ms(old.completed_at), _ms(old.deleted_at)
    if not started:
        raise ValueError("it does not say when it began")
    owner_id, username = _owner(old, owners, instance_id, hash)
    last_seen = _ms(old.last_seen_at) or max(started, completed, deleted)
    return HistoryRow(
        instance_id=instance_id,
        hash=hash,
        instance_name=names.get(instance_id, instance_id),
        client_type=old.client_type,
        network_type="ed2k" if len(hash) == 32 else "bittorrent",
        filename=_name(old),
        size=_bytes(old.size),
        status=status,
        category=categories.get(hash, DEFAULT),
        path="",  # none was kept
        tracker_domain=_tracker(old.tracker_domain),
        owner_id=owner_id,
        username=username,
        started_at=started,
        completed_at=completed,
        deleted_at=(deleted or last_seen) if status == "deleted" else 0,
        last_seen_at=last_seen,
        downloaded=_bytes(old.downloaded),
        uploaded=_bytes(old.uploaded),
        ratio=max(0.0, old.ratio) if old.ratio < float("inf") else 0.0,
    )


def _owner(old: OldDownload, owners: Owners, instance_id: str, hash: str) -> tuple[int, str]:
    """Say who added it. What Sonarr and its like added is `external` there, though it was known whose key they had."""
    named = owners.by_name.get(folded(old.username)) if old.username else None
    found = named or owners.of.get((instance_id, hash))
    return found or (0, old.username or EXTERNAL)


def _ms(text: str | None) -> int:
    if not text:
        return 0
    try:
        found = datetime.fromisoformat(text)
        return max(0, round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r} is no time") from error


def _name(old: OldDownload) -> str:
    """Give the name; rTorrent's could be UTF-8 that was read byte by byte."""
    if old.client_type != "rtorrent":
        return old.filename
    try:
        return old.filename.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return old.filename


def _bytes(count: int) -> int:
    return min(max(0, count), LARGEST)


def _tracker(domain: str | None) -> str:
    """Give the domain; of an address two numbers were kept, which say nothing."""
    return "" if domain is None or _OF_AN_ADDRESS.fullmatch(domain) else domain


def tell_moves(source: Source) -> None:
    """Tell of moves that have not ended: nobody knows what they left, so none goes on."""
    for number, row in source.rows("move_operations", OldMove):
        if row.status not in OVER:
            source.report.skip(
                f"move_operations, row {number}",
                f"the move of {row.name} from {row.source_path} to {row.dest_path} has not ended ({row.status}): look "
                "at both places, since it may lie in either or be half there",
            )
