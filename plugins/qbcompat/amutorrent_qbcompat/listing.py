"""The list of items, and what is said of one. Source: http-api 12."""

import posixpath
import time
from collections.abc import Callable
from typing import Any

import msgspec
import trio

from amutorrent import AmutorrentError

from .asked import Ask, Refused
from .cards import Card, as_list
from .links import ED2K_DIGITS, own_hash, shown_hash
from .ring import Told
from .rows import Row, Rows
from .shown import SLICE, View

PAUSED = ("pausedDL", "pausedUP")
FILTERS: dict[str, Callable[[Card], bool]] = {
    "all": lambda card: True,
    "downloading": lambda card: card.progress < 1,
    "completed": lambda card: card.progress == 1,
    "seeding": lambda card: card.progress == 1,
    "paused": lambda card: card.state in PAUSED,
    "stopped": lambda card: card.state in PAUSED,
    "resumed": lambda card: card.state not in PAUSED,
    "running": lambda card: card.state not in PAUSED,
    "active": lambda card: card.speed > 0,
    "inactive": lambda card: card.speed == 0,
    "stalled": lambda card: card.state in ("stalledUP", "stalledDL"),
    "stalled_uploading": lambda card: card.state == "stalledUP",
    "stalled_downloading": lambda card: card.state == "stalledDL",
    "errored": lambda card: card.state == "error",
}
WORKING = 2
ED2K_PIECE = 9_728_000


async def rows_of(ask: Ask) -> Rows:
    """Give what makes rows, as the settings and the categories are now."""
    categories = await ask.shown.categories()
    return Rows(categories, ask.shown.default_path(categories), ask.desk.times)


async def row_of(ask: Ask, view: View) -> Row:
    """Make the row of one item."""
    return (await rows_of(ask)).row(view)


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
    ask.desk.ring.note_category(ask.agent, ask.address, ask.given.get("category"))
    wanted = FILTERS.get(ask.get("filter", "all").lower(), FILTERS["all"])
    rows = await rows_of(ask)
    cards = [card for card in await ask.desk.deck.cards(rows, await _chosen(ask)) if wanted(card)]
    cards = _page(ask, await _sorted(ask, cards, rows))
    at = time.time()
    for number, card in enumerate(cards):
        if number % SLICE == SLICE - 1:
            await trio.lowlevel.checkpoint()
        told = Told(card.state, card.progress, card.save_path, card.content_path, at)
        ask.desk.ring.tell(card.own_hash, told)
    return await as_list(cards, rows.now)


async def _chosen(ask: Ask) -> list[View]:
    """Choose items by their category, a tag, and hashes."""
    category, tag, hashes = ask.given.get("category"), ask.given.get("tag"), ask.get("hashes").strip()
    views = await ask.shown.walk() if hashes.lower() in ("", "all") else await named(ask)
    if category is None and tag is None:
        return views
    chosen = []
    for number, view in enumerate(views):
        if number % SLICE == SLICE - 1:
            await trio.lowlevel.checkpoint()
        if category in (None, view.category) and (tag is None or (tag in view.tags if tag else not view.tags)):
            chosen.append(view)
    return chosen


async def _sorted(ask: Ask, cards: list[Card], rows: Rows) -> list[Card]:
    key = ask.get("sort")
    if key in Row.__struct_fields__:
        keys = {}
        for number, card in enumerate(cards):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            keys[card.own_hash] = getattr(rows.row(View(card.own_hash, card.entry, card.record)), key)
        cards = sorted(cards, key=lambda card: keys[card.own_hash])
    return cards[::-1] if ask.flag("reverse") else cards


def _page(ask: Ask, cards: list[Card]) -> list[Card]:
    limit, offset = ask.whole("limit", 0), ask.whole("offset", 0)
    if offset < 0:
        offset = max(0, len(cards) + offset)
    return cards[offset : offset + limit] if limit > 0 else cards[offset:]


async def properties(ask: Ask) -> bytes:
    """Describe one item."""
    view = the_one(ask)
    row = await row_of(ask, view)
    size, count = (ED2K_PIECE, -(-row.size // ED2K_PIECE)) if len(view.hash) == ED2K_DIGITS else (0, 0)
    facts: dict[str, object] = {
        "hash": row.hash,
        "name": row.name,
        "infohash_v1": row.infohash_v1,
        "infohash_v2": "",
        "save_path": row.save_path,
        "download_path": "",
        "creation_date": -1,
        "piece_size": size,
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
        "pieces_have": count if row.progress == 1 else min(row.downloaded // ED2K_PIECE, count - 1) if size else 0,
        "pieces_num": count,
        "reannounce": 0,
    }
    return msgspec.json.encode(facts)


async def files(ask: Ask) -> bytes:
    """List the files of one item: of an ED2K file itself, of a torrent those that its client tells of."""
    view = the_one(ask)
    row = await row_of(ask, view)
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
    """Answer an empty list for an item that is there: web seeds, and the hashes of pieces, which no client tells."""
    the_one(ask)
    return b"[]"


async def limits(ask: Ask) -> bytes:
    """Give the speed limit of each item: none has one of its own."""
    return msgspec.json.encode({shown_hash(view.hash): 0 for view in await named(ask)})
