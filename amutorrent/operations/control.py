"""Pause, resume, stop, priority, recheck, announce. Source: http-api 7, websocket 4."""

from msgspec import Struct

from ..capabilities import Outcome, Pause, Priority, Reannounce, Recheck, Stop
from ..instances import Instance
from ..model import PriorityLevel, camel
from .batch import run_batch, summary
from .call import Call
from .declare import operation
from .requests import AnyHash, BatchRequest, ItemRef, ItemResult, Items


class BatchReply(Struct, frozen=True, kw_only=True, rename=camel):
    """A result per item, in request order."""

    results: list[ItemResult]
    message: str


class PauseComplete(BatchReply, frozen=True, tag="batch-pause-complete"):
    """What became of a pause."""


class ResumeComplete(BatchReply, frozen=True, tag="batch-resume-complete"):
    """What became of a resume."""


class StopComplete(BatchReply, frozen=True, tag="batch-stop-complete"):
    """What became of a stop."""


class PriorityChanged(BatchReply, frozen=True, tag="batch-priority-changed"):
    """What became of a change of priority."""


class RecheckComplete(BatchReply, frozen=True, tag="batch-recheck-complete"):
    """Which checks were started."""


class ReannounceComplete(BatchReply, frozen=True, tag="batch-reannounce-complete"):
    """Which items were announced."""


@operation("batchPause", http="POST /api/v1/downloads/pause", needs="pause_resume")
async def pause(request: BatchRequest, call: Call) -> PauseComplete:
    """Pause items; a client without pause stops them."""
    results = await run_batch(call, request.items, _pause)
    return PauseComplete(results=results, message=summary(results))


@operation("batchResume", http="POST /api/v1/downloads/resume", needs="pause_resume")
async def resume(request: BatchRequest, call: Call) -> ResumeComplete:
    """Let items run again, whatever held them."""
    results = await run_batch(call, request.items, _resume)
    return ResumeComplete(results=results, message=summary(results))


@operation("batchStop", http="POST /api/v1/downloads/stop", needs="pause_resume")
async def stop(request: BatchRequest, call: Call) -> StopComplete:
    """Stop items, releasing their file handles; a client without stop pauses them."""
    results = await run_batch(call, request.items, _stop)
    return StopComplete(results=results, message=summary(results))


class PriorityRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items, and their priority: a client without `veryLow`, `veryHigh` or `auto` takes the nearest it has."""

    items: Items
    priority: PriorityLevel


@operation("batchSetPriority", http="POST /api/v1/downloads/priority", needs="edit_downloads")
async def set_priority(request: PriorityRequest, call: Call) -> PriorityChanged:
    """Set the priority of items."""
    results = await run_batch(
        call,
        request.items,
        lambda instance, hashes: instance.call(Priority, lambda client: client.set_priority(hashes, request.priority)),
    )
    return PriorityChanged(results=results, message=summary(results))


@operation("batchRecheck", http="POST /api/v1/downloads/recheck", needs="edit_downloads")
async def recheck(request: BatchRequest, call: Call) -> RecheckComplete:
    """Start checking the data again; the items show `checking`."""
    results = await run_batch(call, request.items, _recheck)
    return RecheckComplete(results=results, message=summary(results))


@operation("batchReannounce", http="POST /api/v1/downloads/reannounce", needs="edit_downloads")
async def reannounce(request: BatchRequest, call: Call) -> ReannounceComplete:
    """Ask the trackers of these items now."""
    results = await run_batch(
        call,
        request.items,
        lambda instance, hashes: instance.call(Reannounce, lambda client: client.reannounce(hashes)),
    )
    return ReannounceComplete(results=results, message=summary(results))


class OneRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One item."""

    file_hash: AnyHash
    instance_id: str | None = None

    def batch(self) -> BatchRequest:
        """Say the same as a batch of one."""
        return BatchRequest(items=[ItemRef(file_hash=self.file_hash, instance_id=self.instance_id)])


@operation("pauseDownload", needs="pause_resume")
async def pause_download(request: OneRequest, call: Call) -> PauseComplete:
    """Pause one item."""
    return await pause(request.batch(), call)


@operation("resumeDownload", needs="pause_resume")
async def resume_download(request: OneRequest, call: Call) -> ResumeComplete:
    """Let one item run again."""
    return await resume(request.batch(), call)


async def _pause(instance: Instance, hashes: list[str]) -> Outcome:
    if instance.has(Pause):
        return await instance.call(Pause, lambda client: client.pause(hashes))
    return await instance.call(Stop, lambda client: client.stop(hashes))


async def _resume(instance: Instance, hashes: list[str]) -> Outcome:
    if instance.has(Pause):
        return await instance.call(Pause, lambda client: client.resume(hashes))
    return await instance.call(Stop, lambda client: client.resume(hashes))


async def _stop(instance: Instance, hashes: list[str]) -> Outcome:
    if instance.has(Stop):
        return await instance.call(Stop, lambda client: client.stop(hashes))
    return await instance.call(Pause, lambda client: client.pause(hashes))


async def _recheck(instance: Instance, hashes: list[str]) -> Outcome:
    return await instance.call(Recheck, lambda client: client.recheck(hashes))


async def _reannounce(instance: Instance, hashes: list[str]) -> Outcome:
    return await instance.call(Reannounce, lambda client: client.reannounce(hashes))
