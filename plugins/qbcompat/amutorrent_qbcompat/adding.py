"""Adding: everything is checked, kept as one step, and answered; the hand-over comes later. Source: http-api 12.

A program takes a body of `Fails.` alone for a failure. So it stands for what can never be added, and for nothing else.
"""

import time

from amutorrent import Ed2kLink, InvalidRequest, Magnet, Metafile

from .asked import Ask, Refused
from .categories import ensure_category
from .desk import parts_of
from .links import read_link
from .record import Record
from .states import NOT_GIVEN

LONGEST_FILE = 16 << 20
MOST = 1000
KEPT = ("waiting", "done")


async def add(ask: Ask) -> str:
    """Keep links and torrent files for the hand-over."""
    links = [line.strip() for line in ask.get("urls").splitlines() if line.strip()]
    if not links and not ask.files:
        raise Refused(400, "Missing parameter: urls")
    torrents = ask.shown.takes_torrents()
    files = [each for each in ask.files if each]
    if files and not links and not torrents:
        raise Refused(415, "None of the clients takes torrent files")
    try:
        found = [read_link(link, torrents=torrents) for link in links]
        parsed = [Metafile.parse(file) for file in files] if torrents else []
    except InvalidRequest:
        return "Fails."
    if len(found) + len(parsed) > MOST:
        raise Refused(400, f"At most {MOST} are added at once")
    category = await _category(ask)
    records = {each.hash: _record(ask, each, category) for each in [*found, *parsed]}
    wanted = [each for hash, each in records.items() if not _has(ask, hash)]
    await ask.desk.add(wanted, {each.hash: each.data for each in parsed})
    return "Ok."


def _has(ask: Ask, hash: str) -> bool:
    """Say whether an item needs no hand-over: it is kept already, and its client has it or waits for it."""
    record = ask.desk.records.get(hash)
    return record is not None and record.state in KEPT and ask.shown.find(hash) is not None


async def _category(ask: Ask) -> str:
    """Give the category to add to: the one named, else the one with the folder that is named."""
    name = ask.get("category").strip()
    if name:
        await ensure_category(ask, name)
        return name
    folder = ask.get("savepath").strip().rstrip("/")
    if not folder:
        return ""
    categories = await ask.shown.categories()
    return next((each.name for each in categories.data if each.id and each.path.rstrip("/") == folder), "")


def _record(ask: Ask, what: Ed2kLink | Magnet | Metafile, category: str) -> Record:
    ratio, minutes = ask.number("ratioLimit", NOT_GIVEN), ask.whole("seedingTimeLimit", NOT_GIVEN)
    match what:
        case Ed2kLink():
            name, size, kind, link = what.name, what.size, "ed2k", what.uri
        case Magnet():
            name, size, kind, link = what.name or what.hash, 0, "magnet", what.uri
        case Metafile():
            name, size, kind, link = what.name, what.size, "torrent", ""
    return Record(
        hash=what.hash,
        name=name,
        size=size,
        kind=kind,  # type: ignore[arg-type]  # one of the three above
        link=link,
        parts=parts_of(what.data) if isinstance(what, Metafile) else 0,
        category=category,
        tags=tuple(dict.fromkeys(ask.words("tags", ","))),
        save_path=ask.get("savepath").strip() or None,
        paused=ask.flag("paused") or ask.flag("stopped"),
        ratio_limit=None if ratio == NOT_GIVEN else ratio,
        seeding_time_limit=None if minutes == NOT_GIVEN else minutes,
        user_id=ask.user.id,
        user_name=ask.user.name,
        added_on=int(time.time()),
    )
