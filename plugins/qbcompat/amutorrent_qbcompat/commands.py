"""What is done to items, by the operations of the host. Source: http-api 12."""

import time
from collections.abc import Sequence
from typing import Any

import msgspec

from .asked import Ask, Refused
from .listing import named, the_one
from .record import Last, Record
from .shown import View
from .states import NOT_GIVEN

MOST = 1000
"""So many items go into one batch of an operation."""
AWAY = ("not_connected", "timeout", "not_ready")
NO_ERROR = ("item_not_found",)

Results = dict[str, tuple[str, str]]
"""Of each hash where it failed: code and message."""


async def change(ask: Ask, views: Sequence[View], **fields: Any) -> None:  # Any: fields of a record
    """Change our records of items; one that is not ours yet becomes so."""
    new = [found(ask, each) for each in views if each.record is None]
    if new:
        await ask.desk.add(new, {})
    await ask.desk.change({each.hash: fields for each in views})


def found(ask: Ask, view: View) -> Record:
    """Make the record of an item that was in a client already."""
    assert view.entry is not None, "an item without a record is in a client"
    item = view.entry.item
    added = int(item.added_at.timestamp()) if item.added_at else 0
    return Record(
        hash=view.hash,
        name=item.name,
        size=item.size,
        kind="found",
        category=view.category,
        user_id=ask.user.id,
        user_name=ask.user.name,
        added_on=added,
        completed_on=(added or int(time.time())) if item.complete else None,
        state="done",
        instance_id=view.entry.instance_id,
        last=last_of(view),
    )


def last_of(view: View) -> Last:
    """Say how a client shows an item now; whole percents are enough for when it is away."""
    assert view.entry is not None, "its client shows it"
    item = view.entry.item
    coarse = max(1, item.size // 100)
    return Last(
        complete=item.complete,
        downloaded=item.size_downloaded if item.complete else item.size_downloaded // coarse * coarse,
        uploaded=item.upload_total // coarse * coarse,
        ratio=round(item.ratio, 2),
        path=item.path if item.complete else None,
        paused=item.status in ("paused", "stopped"),
    )


async def run(ask: Ask, action: str, views: Sequence[View], *, lenient: bool = False, **fields: object) -> Results:
    """Run an operation of items over those that are in a client; gives what failed.

    Raises `Refused` (409) with the first reason unless `lenient`.
    """
    items = [{"fileHash": each.hash, "instanceId": each.entry.instance_id} for each in views if each.entry is not None]
    failed: Results = {}
    for at in range(0, len(items), MOST):
        request = {"items": items[at : at + MOST], **fields}
        reply = msgspec.to_builtins(await ask.host.operations.call(action, request, ask.user))
        for result in reply["results"]:
            if not result["success"] and result.get("code") not in NO_ERROR:
                failed[result["fileHash"]] = result.get("code", ""), result.get("error", "")
    if failed and not lenient:
        raise Refused(409, next(iter(failed.values()))[1])
    return failed


async def pause(ask: Ask) -> str:
    """Pause what is not complete."""
    await _hold(ask, "batchPause", paused=True)
    return ""


async def resume(ask: Ask) -> str:
    """Let go on what is not complete."""
    await _hold(ask, "batchResume", paused=False)
    return ""


async def _hold(ask: Ask, action: str, *, paused: bool) -> None:
    views = [each for each in await named(ask) if each.entry is None or not each.entry.item.complete]
    waiting = [each for each in views if each.record is not None and each.record.state in ("waiting", "failed")]
    again: dict[str, Any] = {} if paused else {"state": "waiting", "refusals": 0}  # what was refused is tried once more
    await ask.desk.change({each.hash: {"paused": paused, **again} for each in waiting})
    await run(ask, action, views)


async def delete(ask: Ask) -> str:
    """Delete items, with `deleteFiles` their data too; what cannot be asked of its client now is done later."""
    views = await named(ask, all_too=False)
    with_files = ask.flag("deleteFiles")
    kept = {each.hash: each for each in views if not with_files and ask.shown.goes_whole(each)}
    asked = [each for each in views if each.hash not in kept]
    moved = await ask.shown.taken_away(asked) if with_files else set()
    left = [each for each in asked if each.hash not in moved]
    failed = await run(ask, "batchDelete", left, lenient=True, deleteFiles=with_files)
    failed |= await run(ask, "batchDelete", [each for each in asked if each.hash in moved], lenient=True)
    away, refused, unseen = [], [], []
    for view in asked:
        code, _ = failed.get(view.hash, ("", ""))
        if view.entry is None:
            unseen.append(view.hash)
        elif code in AWAY:
            away.append(view)
        elif code:
            refused.append(view)
    await change(ask, away, state="cancelled", delete_files=with_files)
    await change(ask, list(kept.values()), state="dismissed")
    await ask.desk.cancel(unseen, delete_files=with_files)
    others = {*unseen, *(each.hash for each in (*away, *refused)), *kept}
    await ask.desk.forget([each.hash for each in views if each.hash not in others])
    if refused:
        raise Refused(409, failed[refused[0].hash][1])
    return ""


async def recheck(ask: Ask) -> str:
    """Check data again."""
    await run(ask, "batchRecheck", await named(ask))
    return ""


async def reannounce(ask: Ask) -> str:
    """Ask the trackers now."""
    await run(ask, "batchReannounce", await named(ask))
    return ""


async def top_prio(ask: Ask) -> str:
    """Give the highest priority, where the client has one."""
    await run(ask, "batchSetPriority", await named(ask), lenient=True, priority="veryHigh")
    return ""


async def bottom_prio(ask: Ask) -> str:
    """Give the lowest priority, where the client has one."""
    await run(ask, "batchSetPriority", await named(ask), lenient=True, priority="veryLow")
    return ""


async def set_force_start(ask: Ask) -> str:
    """Let items go on, with `value=true`."""
    if ask.flag("value"):
        await _hold(ask, "batchResume", paused=False)
    return ""


async def set_share_limits(ask: Ask) -> str:
    """Set the seed goal; -2 is none."""
    ask.need("ratioLimit")
    ratio, minutes = ask.number("ratioLimit", NOT_GIVEN), ask.whole("seedingTimeLimit", NOT_GIVEN)
    await change(
        ask,
        await named(ask),
        ratio_limit=None if ratio == NOT_GIVEN else ratio,
        seeding_time_limit=None if minutes == NOT_GIVEN else minutes,
    )
    return ""


async def rename(ask: Ask) -> str:
    """Give one item another name."""
    view = the_one(ask)
    request = {"fileHash": view.hash, "newName": ask.need("name")}
    if view.entry is not None:
        await ask.host.operations.call("renameFile", request | {"instanceId": view.entry.instance_id}, ask.user)
    await change(ask, [view], name=ask.need("name"))
    return ""


async def file_prio(ask: Ask) -> str:
    """Choose files of a torrent."""
    view = the_one(ask)
    if view.entry is None or len(view.hash) != 40:
        raise Refused(409, "This has no files to choose from")
    try:
        files = [int(each) for each in ask.words("id", "|")]
        priority = {0: 0, 1: 1, 6: 2, 7: 2}[ask.whole("priority", 1)]
    except (ValueError, KeyError):
        raise Refused(400, "id or priority is wrong") from None
    request = {"hash": view.hash, "instanceId": view.entry.instance_id, "files": files, "priority": priority}
    await ask.host.operations.call("setFilePriority", request, ask.user)
    return ""


async def impossible(ask: Ask) -> str:
    """Answer for what no client shown can do."""
    raise Refused(409, "This cannot be done here")


async def ignored(ask: Ask) -> str:
    """Take what makes no difference here, such as the order in which pieces are asked for."""
    await named(ask)
    return ""
