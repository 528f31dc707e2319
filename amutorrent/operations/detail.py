"""One item opened: its raw fields, trackers, peers, pieces and files, asked of the client now. Source: http-api 13."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Literal, TypeVar

import trio
from msgspec import Meta, Struct

from ..capabilities import Capability, FilePriority, FileRatingComment, Files, Peers, PieceMap, Trackers
from ..instances.connection import READ_S
from ..model import FileComment, FileEntry, Peer, Pieces, TrackerState, camel
from .call import Call
from .declare import operation
from .requests import AnyHash, require

C = TypeVar("C", bound=Capability)


class ItemRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One item; without `instanceId` the only instance that holds the hash."""

    hash: AnyHash
    instance_id: str | None = None


class ItemDetail(Struct, frozen=True, kw_only=True, rename=camel):
    """What a client says of one item; null where it lacks the capability."""

    hash: str
    instance_id: str
    raw: dict[str, Any]  # Any: the client's own fields
    trackers_detailed: Sequence[TrackerState] | None = None
    peers: Sequence[Peer] | None = None
    pieces: Pieces | None = None
    comments: Sequence[FileComment] | None = None


@operation("itemDetail", http="GET /api/item/detail/{hash}", socket=False)
async def item_detail(request: ItemRequest, call: Call) -> ItemDetail:
    """Ask a client for everything about one item."""
    instance, entry = call.holding(request.hash, request.instance_id)
    hash = entry.item.hash
    found: dict[str, Any] = {}

    async def read(name: str, kind: type[C], method: Callable[[C], Awaitable[object]]) -> None:
        if instance.has(kind):
            found[name] = await instance.call(kind, method, READ_S)

    async def read_raw() -> None:
        found["raw"] = await instance.ask(lambda client: client.raw(hash), READ_S)

    await _together(
        read_raw,
        lambda: read("trackers_detailed", Trackers, lambda client: client.trackers(hash)),
        lambda: read("peers", Peers, lambda client: client.peers(hash)),
        lambda: read("pieces", PieceMap, lambda client: client.pieces(hash)),
        lambda: read("comments", FileRatingComment, lambda client: client.comments(hash)),
    )
    return ItemDetail(hash=hash, instance_id=instance.id, **found)


async def _together(*tasks: Callable[[], Awaitable[None]]) -> None:
    """Run them at the same time; the first error ends all, and is raised as it is."""
    errors: list[Exception] = []
    async with trio.open_nursery() as nursery:

        async def guarded(task: Callable[[], Awaitable[None]]) -> None:
            try:
                await task()
            except Exception as error:  # raised below: out of a nursery it would come as a group
                errors.append(error)
                nursery.cancel_scope.cancel()

        for task in tasks:
            nursery.start_soon(guarded, task)
    if errors:
        raise errors[0]


class ItemFiles(Struct, frozen=True, kw_only=True, rename=camel):
    """The files of an item."""

    files: Sequence[FileEntry]


@operation("itemFiles", http="GET /api/item/files/{hash}", socket=False)
async def item_files(request: ItemRequest, call: Call) -> ItemFiles:
    """List the files of one item."""
    instance, entry = call.holding(request.hash, request.instance_id)
    return ItemFiles(files=await instance.call(Files, lambda client: client.files(entry.item.hash), READ_S))


class FilePriorityRequest(ItemRequest, frozen=True, kw_only=True, rename=camel):
    """Indexes of files of an item, and the priority for them: 0 off, 1 normal, 2 high."""

    files: Annotated[list[Annotated[int, Meta(ge=0)]], Meta(min_length=1, max_length=100_000)]
    priority: Literal[0, 1, 2]


class Done(Struct, frozen=True, kw_only=True, rename=camel):
    """It was done."""

    success: bool = True


@operation("setFilePriority", http="PUT /api/item/files/{hash}", needs="edit_downloads", socket=False)
async def set_file_priority(request: FilePriorityRequest, call: Call) -> Done:
    """Choose which files of an item to download, and in what order."""
    instance, entry = call.changing(request.hash, request.instance_id)
    require(instance, FilePriority)
    await instance.call(
        FilePriority,
        lambda client: client.set_file_priority(entry.item.hash, request.files, request.priority),
    )
    instance.poke()
    return Done()
