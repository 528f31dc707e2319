"""The list of items, and what is said of one. Source: http-api 12."""

import posixpath
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import trio

from amutorrent import AmutorrentError

from .asked import Ask, Refused
from .links import own_hash
from .ring import Told
from .rows import Row, Rows
from .shown import View

SLICE = 100
"""So many rows are made before others get a turn."""
PAUSED = ("pausedDL", "pausedUP")
FILTERS: dict[str, Callable[[Row], bool]] = {
    "all": lambda row: True,
    "downloading": lambda row: row.progress < 1,
    "completed": lambda row: row.progress == 1,
    "seeding": lambda row: row.progress == 1,
    "paused": lambda row: row.state in PAUSED,
    "stopped": lambda row: row.state in PAUSED,
    "resumed": lambda row: row.state not in PAUSED,
    "running": lambda row: row.state not in PAUSED,
    "active": lambda row: row.dlspeed + row.upspeed > 0,
    "inactive": lambda row: row.dlspeed + row.upspeed == 0,
    "stalled": lambda row: row.state in ("stalledUP", "stalledDL"),
    "stalled_uploading": lambda row: row.state == "stalledUP",
    "stalled_downloading": lambda row: row.state == "stalledDL",
    "errored": lambda row: row.state == "error",
}
WORKING = 2


async def make_rows(ask: Ask, views: Iterable[View]) -> list[Row]:
    """Make the rows of items, in slices."""
    categories = await ask.shown.categories()
    rows, found = Rows(categories, ask.shown.default_path(categories)), []
    for number, view in enumerate(views):
        if number % SLICE == SLICE - 1:
            await trio.lowlevel.checkpoint()
        found.append(rows.row(view))
    return found


async def named(ask: Ask, *, all_too: bool = True) -> list[View]:
    """Find the items that `hashes` names; unknown ones are left out. Raises `Refused` (400)."""
    text = ask.need("hashes").strip()
    if text.lower() == "all":
        if not all_too:
            raise Refused(400, "This is never done to everything at once: name the hashes")
        return await ask.shown.walk()
    hashes = dict.fromkeys(own_hash(each) for each in text.split("|") if each.strip())
    if not hashes:
        raise Refused(400, "Missing parameter: hashes")
    return [view for hash in hashes if (view := ask.shown.find(hash)) is not None]


def the_one(ask: Ask) -> View:
    """Find the item that `hash` names. Raises `Refused` (400, 404)."""
    view = ask.shown.find(own_hash(ask.need("hash")))
    if view is None:
        raise Refused(404, "Torrent not found")
    return view


async def info(ask: Ask) -> bytes:
    """List items."""
    wanted = FILTERS.get(ask.get("filter", "all").lower(), FILTERS["all"])
    category = ask.given.get("category")
    ask.desk.ring.note_category(ask.agent, ask.address, category)
    tag, hashes = ask.given.get("tag"), ask.get("hashes").strip()
    views = await ask.shown.walk() if hashes.lower() in ("", "all") else await named(ask)
    chosen = [
        view
        for view in views
        if category in (None, view.category) and (tag is None or (tag in view.tags if tag else not view.tags))
    ]
    rows = [row for row in await make_rows(ask, chosen) if wanted(row)]
    rows = _page(ask, _sorted(ask, rows))
    for number, row in enumerate(rows):
        if number % SLICE == SLICE - 1:
            await trio.lowlevel.checkpoint()
        told = Told(row.state, row.progress, row.save_path, row.content_path, time.time())
        ask.desk.ring.tell(own_hash(row.hash), told)
    return await encoded(rows)


async def encoded(rows: list[Row]) -> bytes:
    """Give rows as JSON, in slices."""
    parts = []
    for at in range(0, len(rows), SLICE):
        parts.append(msgspec.json.encode(rows[at : at + SLICE])[1:-1])
        await trio.lowlevel.checkpoint()
    return b"[" + b",".join(parts) + b"]"


def _sorted(ask: Ask, rows: list[Row]) -> list[Row]:
    key = ask.get("sort")
    if key in Row.__struct_fields__:
        rows = sorted(rows, key=lambda row: getattr(row, key))
    return rows[::-1] if ask.flag("reverse") else rows


def _page(ask: Ask, rows: list[Row]) -> list[Row]:
    limit, offset = ask.whole("limit", 0), ask.whole("offset", 0)
    if offset < 0:
        offset = max(0, len(rows) + offset)
    return rows[offset : offset + limit] if limit > 0 else rows[offset:]


async def properties(ask: Ask) -> bytes:
    """Describe one item."""
    (row,) = await make_rows(ask, [the_one(ask)])
    facts: dict[str, object] = {
        "hash": row.hash,
        "name": row.name,
        "infohash_v1": row.infohash_v1,
        "infohash_v2": "",
        "save_path": row.save_path,
        "download_path": "",
        "creation_date": -1,
        "piece_size": 0,
        "comment": "",
        "created_by": "",
        "isPrivate": False,
        "total_wasted": 0,
        "total_uploaded": row.uploaded,
        "total_uploaded_session": row.uploaded_session,
        "total_downloaded": row.downloaded,
        "total_downloaded_session": row.downloaded_session,
        "total_size": row.total_size,
        "up_limit": row.up_limit,
        "dl_limit": row.dl_limit,
        "time_elapsed": row.time_active,
        "seeding_time": row.seeding_time,
        "nb_connections": row.num_seeds,
        "nb_connections_limit": -1,
        "share_ratio": row.ratio,
        "addition_date": row.added_on,
        "completion_date": row.completion_on,
        "dl_speed": row.dlspeed,
        "dl_speed_avg": row.dlspeed,
        "up_speed": row.upspeed,
        "up_speed_avg": row.upspeed,
        "eta": row.eta,
        "last_seen": row.seen_complete,
        "peers": row.num_leechs,
        "peers_total": row.num_incomplete,
        "seeds": row.num_seeds,
        "seeds_total": row.num_complete,
        "pieces_have": 0,
        "pieces_num": 0,
        "reannounce": 0,
    }
    return msgspec.json.encode(facts)


async def files(ask: Ask) -> bytes:
    """List the files of one item: of an ED2K file itself, of a torrent those that its client tells of."""
    view = the_one(ask)
    (row,) = await make_rows(ask, [view])
    listed = await _client_files(ask, view) if len(view.hash) == 40 else []
    listed = listed or [{"index": 0, "path": posixpath.basename(row.content_path), "size": row.size}]
    multi = view.entry is not None and view.entry.item.multi_file
    folder = f"{posixpath.basename(row.content_path)}/" if multi else ""
    return msgspec.json.encode(
        [
            {
                "index": each["index"],
                "name": folder + each["path"].removeprefix(folder),
                "size": each["size"],
                "progress": min(each["progress"] / 100, row.progress) if "progress" in each else row.progress,
                "priority": (0, 1, 6)[each.get("priority", 1)],
                "is_seed": row.progress == 1,
                "piece_range": [0, 0],
                "availability": row.availability,
            }
            for each in listed
        ]
    )


async def _client_files(ask: Ask, view: View) -> list[dict[str, Any]]:  # Any: JSON of the operation
    if view.entry is None:
        return []
    request = {"hash": view.hash, "instanceId": view.entry.instance_id}
    try:
        reply = msgspec.to_builtins(await ask.host.operations.call("itemFiles", request, ask.user))
    except AmutorrentError:
        return []  # a client that is away, or a magnet that knows no files yet: the name alone then
    found: list[dict[str, Any]] = reply["files"]
    return found


async def trackers(ask: Ask) -> bytes:
    """List the trackers of one item; an ED2K file has none."""
    view = the_one(ask)
    urls = view.entry.item.trackers if view.entry is not None else ()
    facts = {"status": WORKING, "num_peers": 0, "num_seeds": 0, "num_leeches": 0, "num_downloaded": 0, "msg": ""}
    return msgspec.json.encode([{"url": url, "tier": tier, **facts} for tier, url in enumerate(urls)])


async def nothing_of_one(ask: Ask) -> bytes:
    """Answer an empty list for an item that is there: web seeds, states and hashes of pieces."""
    the_one(ask)
    return b"[]"


async def limits(ask: Ask) -> bytes:
    """Give the speed limit of each item: none has one of its own."""
    return msgspec.json.encode({row.hash: -1 for row in await make_rows(ask, await named(ask))})


async def peers(ask: Ask) -> bytes:
    """Answer that no peers are shown here."""
    the_one(ask)
    return msgspec.json.encode({"full_update": True, "peers": {}, "rid": ask.whole("rid", 0) + 1, "show_flags": True})
