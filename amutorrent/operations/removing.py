"""Delete items, with or without their data. Source: http-api 7."""

from msgspec import Struct

from ..capabilities import Outcome, Remove, RemoveWithFiles
from ..instances import Instance
from ..model import camel
from .batch import run_batch, summary
from .call import Call
from .control import BatchReply
from .declare import operation
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
    results = await run_batch(call, request.items, _remove_with_files if request.delete_files else _remove)
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


async def _remove(instance: Instance, hashes: list[str]) -> Outcome:
    return await instance.call(Remove, lambda client: client.remove(hashes))


async def _remove_with_files(instance: Instance, hashes: list[str]) -> Outcome:
    return await instance.call(RemoveWithFiles, lambda client: client.remove_with_files(hashes))
