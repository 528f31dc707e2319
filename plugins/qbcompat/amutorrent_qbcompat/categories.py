"""Categories and tags. The app's own categories are the ones; tags are kept here. Source: http-api 12."""

import msgspec
import trio

from amutorrent import DEFAULT, AmutorrentError, Conflict

from .asked import Ask, Refused
from .commands import change, run
from .listing import named

PATIENCE_S = 0.5
"""A category is kept before the clients hear of it: nobody waits for those."""


async def categories(ask: Ask) -> bytes:
    """List the categories by name."""
    found = (await ask.shown.categories()).data
    return msgspec.json.encode(
        {each.name: {"name": each.name, "savePath": each.path} for each in found if each.name != DEFAULT}
    )


async def create_category(ask: Ask) -> str:
    """Make a category."""
    name = _named(ask)
    if name in await _names(ask):
        raise Refused(409, "There is a category of this name")
    await _make(ask, name, ask.get("savePath").strip())
    return ""


async def edit_category(ask: Ask) -> str:
    """Give a category another folder."""
    name = _named(ask)
    if name not in await _names(ask):
        raise Refused(409, "There is no such category")
    with trio.move_on_after(PATIENCE_S):
        request = {"name": name, "path": ask.get("savePath").strip()}
        await ask.host.operations.call("putCategory", request, ask.user)
    return ""


async def remove_categories(ask: Ask) -> str:
    """Delete categories; unknown ones are no error."""
    known = await _names(ask)
    for name in ask.need("categories").splitlines():
        if name.strip() in known:
            with trio.move_on_after(PATIENCE_S):
                await ask.host.operations.call("removeCategory", {"name": name.strip()}, ask.user)
    gone = {hash for hash, each in ask.desk.records.items() if each.category in ask.need("categories").splitlines()}
    await ask.desk.change({hash: {"category": ""} for hash in gone})
    return ""


async def set_category(ask: Ask) -> str:
    """Put items into a category: in our records at once, in their clients as far as they answer."""
    name = ask.get("category").strip()
    views = await named(ask)
    if name and name not in await _names(ask):
        raise Refused(409, "There is no such category")
    await change(ask, views, category=name)
    await run(ask, "batchSetFileCategory", views, lenient=True, categoryName=name)
    return ""


async def ensure_category(ask: Ask, name: str) -> None:
    """Make a category unless it is there. One that cannot be made is kept with its items alone."""
    if name in await _names(ask):
        return
    try:
        await _make(ask, name, "")
    except Refused:
        return


def _named(ask: Ask) -> str:
    name = ask.need("category").strip()
    if not name:
        raise Refused(400, "The name of a category is not blank")
    return name


async def _make(ask: Ask, name: str, path: str) -> None:
    try:
        with trio.move_on_after(PATIENCE_S):
            await ask.host.operations.call("postCategory", {"title": name, "path": path}, ask.user)
    except Conflict:
        return  # somebody was faster
    except AmutorrentError as error:
        if error.status >= 500:
            raise
        raise Refused(409, error.message) from error


async def _names(ask: Ask) -> set[str]:
    return {each.name for each in (await ask.shown.categories()).data} - {DEFAULT}


# -- tags


async def tags(ask: Ask) -> bytes:
    """List all tags."""
    used = {tag for view in await ask.shown.walk() for tag in view.tags}
    return msgspec.json.encode(sorted(used | set(ask.desk.tags)))


async def create_tags(ask: Ask) -> str:
    """Make tags known."""
    await ask.desk.keep_tags({*ask.desk.tags, *ask.words("tags", ",")})
    return ""


async def delete_tags(ask: Ask) -> str:
    """Forget tags, here and of the items that have them from here."""
    gone = set(ask.words("tags", ","))
    await ask.desk.keep_tags(set(ask.desk.tags) - gone)
    await ask.desk.change(
        {hash: {"tags": tuple(tag for tag in each.tags if tag not in gone)} for hash, each in ask.desk.records.items()}
    )
    return ""


async def add_tags(ask: Ask) -> str:
    """Give items tags."""
    views, new = await named(ask), ask.words("tags", ",")
    for view in views:
        before = view.record.tags if view.record else ()
        await change(ask, [view], tags=tuple(dict.fromkeys((*before, *new))))
    await run(ask, "batchSetTags", [each for each in views if len(each.hash) == 40], lenient=True, add=new)
    return ""


async def remove_tags(ask: Ask) -> str:
    """Take tags from items; all of them when none is named."""
    views, gone = await named(ask), ask.words("tags", ",")
    for view in views:
        before = view.record.tags if view.record else ()
        await change(ask, [view], tags=tuple(tag for tag in before if gone and tag not in gone))
        theirs = gone or view.tags  # also those that its client has got just now, and has not told of yet
        if theirs and view.entry is not None and len(view.hash) == 40:
            await run(ask, "batchSetTags", [view], lenient=True, remove=theirs)
    return ""
