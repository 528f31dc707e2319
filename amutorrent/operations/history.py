"""The history of downloads. Source: http-api 10, data-model 9."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ..accounts import User
from ..errors import InvalidRequest, NotFound
from ..history.export import csv_header, csv_lines, json_lines
from ..model import camel
from ..model.history import STATUSES, HistoryEntry, HistoryFilter, HistoryOrder, SortField
from ..model.permissions import EDIT_ALL, VIEW_ALL
from .call import Call
from .declare import ADMIN, Streamed, operation
from .requests import AnyHash, Nothing, see_no_nul

SEES_HISTORY = "view_history"
NEWEST = 10_000

List = Annotated[str, Meta(description="one value, or several with commas between them")]


class HistoryChoice(Struct, frozen=True, kw_only=True, rename=camel):
    """Which rows, and in which order.

    `search` is part of the name, hash, user or tracker, in any case. `category` `none` means no category. `from`
    (included) and `to` (excluded) are about `started_at`: ISO 8601, or ms since 1970.
    """

    sort_by: SortField = "started_at"
    sort_dir: Literal["asc", "desc"] = "desc"
    search: str = ""
    status: List = ""
    client_type: List = ""
    instance_id: List = ""
    username: List = ""
    tracker: List = ""
    category: List = ""
    begin: str = field(default="", name="from")
    end: str = field(default="", name="to")


class HistoryRequest(HistoryChoice, frozen=True, kw_only=True, rename=camel):
    """A page of the history."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    offset: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0


class ExportRequest(HistoryChoice, frozen=True, kw_only=True, rename=camel):
    """What is to be in the file: `csv` with a header line, or `jsonl`, one JSON object a line."""

    format: Literal["csv", "jsonl"] = "csv"


class HistoryPage(Struct, frozen=True, kw_only=True, rename=camel):
    """Some rows, the number of all that fit, and whether there are accounts that could have added them."""

    entries: list[HistoryEntry]
    total: int
    track_username: bool


class HistoryStats(Struct, frozen=True, kw_only=True):
    """How many rows there are, and how many of each status."""

    total: int
    completed: int
    deleted: int
    missing: int
    downloading: int


class HistoryHash(Struct, frozen=True, kw_only=True, rename=camel):
    """The rows of a hash; with `instanceId` the one of that instance."""

    hash: AnyHash
    instance_id: str | None = None


class Retention(Struct, frozen=True, kw_only=True, rename=camel):
    """How many days are kept."""

    retention_days: Annotated[int, Meta(ge=1, le=1_000_000)]


class HistoryDeleted(Struct, frozen=True, kw_only=True):
    """How many rows were deleted."""

    deleted: int
    success: bool = True


@operation("getHistory", http="GET /api/history", needs=SEES_HISTORY, socket=False)
async def history(request: HistoryRequest, call: Call) -> HistoryPage:
    """Read the history, page by page: what was downloaded, when, by whom, and what became of it."""
    return await _page(call, _filter(request, call.user), _order(request), request.limit, request.offset)


@operation("getHistoryAll", http="GET /api/history/all", needs=SEES_HISTORY, socket=False)
async def history_all(request: Nothing, call: Call) -> HistoryPage:
    """Read the newest 10,000 rows of the history."""
    return await _page(call, HistoryFilter(owner_id=_owner(call.user, VIEW_ALL)), HistoryOrder(), NEWEST, 0)


@operation("getHistoryStats", http="GET /api/history/stats", needs=SEES_HISTORY, socket=False)
async def history_stats(request: Nothing, call: Call) -> HistoryStats:
    """Count the rows of the history."""
    found = await call.host.history.count(HistoryFilter(owner_id=_owner(call.user, VIEW_ALL)))
    return HistoryStats(total=sum(found.values()), **found)


@operation(
    "exportHistory",
    http="GET /api/history/export",
    needs=SEES_HISTORY,
    socket=False,
    media=("text/csv", "application/jsonl"),
)
async def export_history(request: ExportRequest, call: Call) -> Streamed[HistoryEntry]:
    """Read the history as a file: all rows that fit, with the fields of an entry as columns."""
    found = call.host.history.chunks(_filter(request, call.user), _order(request))
    if request.format == "csv":
        return Streamed("text/csv; charset=utf-8", "history.csv", _csv(found))
    return Streamed("application/jsonl", "history.jsonl", _jsonl(found))


async def _csv(found: AsyncIterator[list[HistoryEntry]]) -> AsyncIterator[bytes]:
    head = csv_header()
    async for entries in found:
        yield head + csv_lines(entries)
        head = b""
    if head:
        yield head


async def _jsonl(found: AsyncIterator[list[HistoryEntry]]) -> AsyncIterator[bytes]:
    async for entries in found:
        yield json_lines(entries)


@operation("getHistoryEntry", http="GET /api/history/{hash}", needs=SEES_HISTORY, socket=False, errors=("not_found",))
async def history_entry(request: HistoryHash, call: Call) -> HistoryEntry:
    """Read the newest row of a hash."""
    found = await call.host.history.find(request.hash.lower(), _of(request, _owner(call.user, VIEW_ALL)))
    if found is None:
        raise _unknown()
    return found


@operation(
    "deleteHistory", http="DELETE /api/history/{hash}", needs="clear_history", socket=False, errors=("not_found",)
)
async def delete_history(request: HistoryHash, call: Call) -> HistoryDeleted:
    """Delete the rows of a hash; without `edit_all_downloads` the caller's own alone. The download itself stays."""
    deleted = await call.host.history.delete(request.hash.lower(), _of(request, _owner(call.user, EDIT_ALL)))
    if not deleted:
        raise _unknown()
    return HistoryDeleted(deleted=deleted)


@operation("cleanHistory", http="POST /api/history/cleanup", needs=ADMIN, socket=False)
async def clean_history(request: Retention, call: Call) -> HistoryDeleted:
    """Delete what began more than `retentionDays` days ago, but for what is still being downloaded."""
    return HistoryDeleted(deleted=await call.host.history.clean(request.retention_days))


async def _page(call: Call, which: HistoryFilter, order: HistoryOrder, limit: int, offset: int) -> HistoryPage:
    entries, total = await call.host.history.page(which, order, limit, offset)
    return HistoryPage(entries=entries, total=total, track_username=call.host.history.tracks_users)


def _owner(user: User, permission: str) -> int | None:
    """Give whose rows alone a user may read or delete; None: everybody's."""
    return None if user.may(permission) or user.id is None else user.id


def _of(request: HistoryHash, owner_id: int | None) -> HistoryFilter:
    see_no_nul(request)
    instance_ids = () if request.instance_id is None else (request.instance_id,)
    return HistoryFilter(instance_ids=instance_ids, owner_id=owner_id)


def _order(request: HistoryChoice) -> HistoryOrder:
    return HistoryOrder(request.sort_by, request.sort_dir == "desc")


def _filter(request: HistoryChoice, user: User) -> HistoryFilter:
    see_no_nul(request)
    statuses = _values(request.status)
    if wrong := [each for each in statuses if each not in STATUSES]:
        raise InvalidRequest(f"{wrong[0]!r} is no status; there are {', '.join(STATUSES)}", field="status")
    return HistoryFilter(
        search=request.search.strip(),
        statuses=statuses,
        client_types=_values(request.client_type),
        instance_ids=_values(request.instance_id),
        usernames=_values(request.username),
        trackers=_values(request.tracker),
        categories=tuple("Default" if each == "none" else each for each in _values(request.category)),
        started_from=_time(request.begin, "from"),
        started_to=_time(request.end, "to"),
        owner_id=_owner(user, VIEW_ALL),
    )


def _values(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _time(text: str, field: str) -> int | None:
    """Read a time as ms; without a zone it is UTC."""
    if not text:
        return None
    try:
        if text.isascii() and text.isdigit():
            return min(int(text[:20]), 2**63 - 1)
        found = datetime.fromisoformat(text)
        return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest(
            "Expected a time such as 2024-01-15T10:00:00Z, or milliseconds since 1970", field=field
        ) from error


def _unknown() -> NotFound:
    return NotFound("There is no such row in the history")
