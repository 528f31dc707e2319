"""Delete items, with or without their data. Source: http-api 7.

What goes with an item, and who deletes it, is a matter of what its client says of itself; the first that fits counts:

* `removeSharedMustDeleteFiles`, and the item is shared and complete: it goes with its data or not at all.
* `cancelDeletesFiles`, and it is incomplete: removing it takes its partial data, whatever was asked for.
* Otherwise the client's `remove` keeps the data, and its `removeWithFiles` takes it: a daemon deletes it itself, and
  for one that does not its plugin calls `delete_data`, with the path as this machine sees it.
"""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from ..capabilities import CancelDeletesFiles, Outcome, Remove, RemoveSharedMustDeleteFiles, RemoveWithFiles
from ..errors import AmutorrentError, ClientFailed
from ..events import Event
from ..instances import Instance
from ..model import Item, camel
from .batch import UNANSWERED, checked, run_batch, summary
from .call import Call
from .control import BatchReply
from .declare import operation
from .moving import still
from .requests import AnyHash, ItemRef, Items


class DeleteRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items; `deleteFiles` true takes their data too."""

    items: Items
    delete_files: bool = False


class DeleteComplete(BatchReply, frozen=True, tag="batch-delete-complete"):
    """What became of a delete."""


@operation("batchDelete", http="POST /api/v1/downloads/delete", needs="remove_downloads")
async def delete(request: DeleteRequest, call: Call) -> DeleteComplete:
    """Remove items, and with `deleteFiles` the data that is theirs."""
    results = await run_batch(
        call, request.items, lambda instance, hashes: _delete(call, instance, hashes, files=request.delete_files)
    )
    if (history := call.host.history_if_kept) is not None:
        await history.recorder.removed(
            [(each.instance_id, each.file_hash) for each in results if each.success and each.instance_id]
        )
    return DeleteComplete(results=results, message=summary(results, "Deleted {}/{} files"))


class DeleteOneRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One item; `deleteFiles` true takes its data too."""

    file_hash: AnyHash
    instance_id: str | None = None
    delete_files: bool = False


@operation("delete", needs="remove_downloads")
async def delete_one(request: DeleteOneRequest, call: Call) -> DeleteComplete:
    """Remove one item."""
    item = ItemRef(file_hash=request.file_hash, instance_id=request.instance_id)
    return await delete(DeleteRequest(items=[item], delete_files=request.delete_files), call)


async def _delete(call: Call, instance: Instance, hashes: list[str], *, files: bool) -> Outcome:
    moving = {hash: error for hash in hashes if (error := still(call, instance, hash)) is not None}
    held = {hash: item for hash in hashes if (item := call.catalogue.plain((instance.id, hash))) and hash not in moving}
    refused = [] if files else [hash for hash, item in held.items() if _goes_whole(instance, item)]
    with_files = [hash for hash, item in held.items() if files and not _cancelled(instance, item)]
    alone = [hash for hash in held if hash not in {*refused, *with_files}]
    outcome: dict[str, AmutorrentError | None] = {**moving, **dict.fromkeys(refused, MUST_DELETE)}
    outcome |= await _each_way(instance, alone, lambda: instance.call(Remove, lambda client: client.remove(alone)))
    outcome |= await _each_way(
        instance,
        with_files,
        lambda: instance.call(RemoveWithFiles, lambda client: client.remove_with_files(with_files)),
    )
    for hash, item in held.items():
        if outcome.get(hash, UNANSWERED) is None:
            _tell(call, instance, item, from_disk=hash in with_files or _cancelled(instance, item))
    return outcome


MUST_DELETE = ClientFailed("The client shares this file: it goes only together with its data")


def _goes_whole(instance: Instance, item: Item) -> bool:
    return item.shared and item.complete and instance.has(RemoveSharedMustDeleteFiles)


def _cancelled(instance: Instance, item: Item) -> bool:
    return not item.complete and instance.has(CancelDeletesFiles)


async def _each_way(instance: Instance, hashes: list[str], way: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Delete in one way; it fails for itself: what was done in another way stands."""
    if not hashes:
        return {}
    try:
        return checked(instance, await way())
    except AmutorrentError as error:
        return dict.fromkeys(hashes, error)


def _tell(call: Call, instance: Instance, item: Item, *, from_disk: bool) -> None:
    facts: dict[str, object] = {
        "filename": item.name,
        "triggered_by": call.user.name,
        "deleted_from_disk": from_disk,
        "category": item.category,
        "path": item.path,
        "multi_file": item.multi_file,
    }
    call.host.events.publish(Event(name="file_deleted", instance_id=instance.id, hash=item.hash, facts=facts))
