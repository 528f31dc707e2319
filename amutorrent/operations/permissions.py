"""Checks before a delete or a move: what would speak against it. They change nothing. Source: http-api 7."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal, TypeVar

import trio
from msgspec import Meta, Struct

from ..capabilities import (
    ApiDeletesFiles,
    CancelDeletesFiles,
    MoveActiveDownloads,
    MoveData,
    MovedByHost,
    NativeMove,
)
from ..errors import AmutorrentError, Unsupported
from ..instances import Instance
from ..model import DEFAULT, Item, camel
from ..paths import Destination
from ..places import Look, Sight, in_container, look_at_data, look_at_destination, same_place
from .call import Call
from .declare import operation
from .requests import ItemRef, checked_path

AT_ONCE = 4
LOOK_S = 10.0
"""A disk that answers no sooner counts as one that does not answer."""

R = TypeVar("R")
Checked = Annotated[list[ItemRef], Meta(max_length=1000)]
MoveReason = Literal[
    "ok", "same_path", "not_found", "no_path", "no_dest_path", "dest_error", "source_error", "unsupported"
]


class CheckRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """0-1000 items."""

    items: Checked


class DeletePermission(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """Whether the data of one item can be deleted; `path` is where it lies, as this program sees it."""

    file_hash: str
    can_delete: bool
    reason: Sight
    instance_id: str | None = None
    path: str | None = None
    message: str | None = None


class DeletePermissions(Struct, frozen=True, kw_only=True, rename=camel, tag="delete-permissions"):
    """A result per item, in request order."""

    results: list[DeletePermission]
    is_docker: bool


@operation("checkDeletePermissions", http="POST /api/v1/permissions/delete", needs="remove_downloads", changes=False)
async def check_delete(request: CheckRequest, call: Call) -> DeletePermissions:
    """Say of each item whether its data can be deleted from here."""
    results = await _each(request.items, lambda ref: _check_delete(call, ref))
    return DeletePermissions(results=results, is_docker=in_container())


async def _check_delete(call: Call, ref: ItemRef) -> DeletePermission:
    try:
        instance, item = _found(call, ref)
    except AmutorrentError as error:
        return _deletable(ref, ref.instance_id, Look("not_found", error.message))
    if instance.has(ApiDeletesFiles) or (instance.has(CancelDeletesFiles) and not item.complete):
        return _deletable(ref, instance.id, Look("managed"))
    if not item.path:
        return _deletable(ref, instance.id, Look("no_path"))
    path = instance.paths().local(item.path)
    found = await _look(look_at_data, path) or Look("error", "The disk does not answer")
    return _deletable(ref, instance.id, found, path)


def _deletable(ref: ItemRef, instance_id: str | None, look: Look, path: str | None = None) -> DeletePermission:
    return DeletePermission(
        file_hash=ref.file_hash.lower(),
        can_delete=look.sight in ("ok", "managed"),
        reason=look.sight,
        instance_id=instance_id,
        path=path,
        message=look.message,
    )


class MoveCheckRequest(CheckRequest, frozen=True, kw_only=True, rename=camel):
    """0-1000 items, and the category whose folder they would go to; "" and `Default` are none."""

    category_name: str


class MoveToCheckRequest(CheckRequest, frozen=True, kw_only=True, rename=camel):
    """0-1000 items, and the folder that they would go to, as their client sees it."""

    dest_path: str


class MovePermission(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """Whether the data of one item can be moved.

    `sourcePath` is where it lies and `targetPath` the folder that it goes to, both as this program sees them.
    """

    file_hash: str
    can_move: bool
    reason: MoveReason
    instance_id: str | None = None
    source_path: str | None = None
    target_path: str | None = None
    message: str | None = None


class MoveAnswer(Struct, frozen=True, kw_only=True, rename=camel):
    """A result per item, in request order; `canMove`: at least one of them can."""

    results: list[MovePermission]
    can_move: bool
    dest_path: str | None
    dest_error: str | None
    is_docker: bool


class MovePermissions(MoveAnswer, frozen=True, tag="move-permissions"):
    """What speaks against moving items to the folder of a category."""


class MoveToPermissions(MoveAnswer, frozen=True, tag="move-to-permissions"):
    """What speaks against moving items to a folder."""


M = TypeVar("M", bound=MoveAnswer)


@operation("checkMovePermissions", http="POST /api/v1/permissions/move", needs="move_files", changes=False)
async def check_move(request: MoveCheckRequest, call: Call) -> MovePermissions:
    """Say of each item whether its data can be moved to the folder of a category. An unknown category is no error."""
    category = call.catalogue.categories.get(request.category_name or DEFAULT)
    if category is None:
        error = f"There is no category {request.category_name!r}"
        check = MoveCheck(call, lambda instance: Destination("", ""), error)
        return await check.answer(MovePermissions, request.items, None)
    check = MoveCheck(call, lambda instance: instance.paths().destination(category))
    return await check.answer(MovePermissions, request.items, category.path or None)


@operation("checkMoveToPermissions", http="POST /api/v1/permissions/move-to", needs="edit_downloads", changes=False)
async def check_move_to(request: MoveToCheckRequest, call: Call) -> MoveToPermissions:
    """Say of each item whether its data can be moved to a folder."""
    path = checked_path(request.dest_path, "destPath")
    check = MoveCheck(call, lambda instance: Destination(path, instance.paths().local(path)))
    return await check.answer(MoveToPermissions, request.items, path)


class MoveCheck:
    """One check of moves; each folder is looked at once."""

    def __init__(self, call: Call, target: Callable[[Instance], Destination], error: str | None = None) -> None:
        self._call, self._target, self._error = call, target, error
        self._folders: dict[str, str | None] = {}
        self._refusals: dict[tuple[str, str], str | None] = {}

    async def answer(self, kind: type[M], items: Sequence[ItemRef], dest_path: str | None) -> M:
        """Look at all items, and put the reply together."""
        results = await _each(items, self._one)
        errors = [each.message for each in results if each.reason in ("dest_error", "no_dest_path")]
        return kind(
            results=results,
            can_move=any(each.can_move for each in results),
            dest_path=dest_path,
            dest_error=self._error or next(filter(None, errors), None),
            is_docker=in_container(),
        )

    async def _one(self, ref: ItemRef) -> MovePermission:
        try:
            instance, item = _found(self._call, ref)
        except AmutorrentError as error:
            return _movable(ref, ref.instance_id, "not_found", message=error.message)
        source = instance.paths().local(item.path) if item.path else None
        target = self._target(instance)
        reason, message = await self._reason(instance, item, source, target)
        return _movable(ref, instance.id, reason, source, target.local, message)

    async def _reason(
        self, instance: Instance, item: Item, source: str | None, target: Destination
    ) -> tuple[MoveReason, str | None]:
        if (obstacle := unmovable(instance, item)) is not None:
            return "unsupported", obstacle.message
        if not target.client:
            return "no_dest_path", self._error or "Neither the category nor the client names a folder"
        if item.path is None or source is None:
            return "no_path", None
        if instance.has(NativeMove):
            return ("same_path" if _parent(item.path) == target.client.rstrip("/") else "ok"), None
        if await _look(same_place, _parent(source), target.local):
            return "same_path", None
        look = await _look(look_at_data, source)
        if look is None or look.sight != "ok":
            return "source_error", (look and look.message) or f"{source} is not visible or not writable from here"
        error = await self._refusal(instance, target.client) or await self._look_at_folder(target.local)
        return ("dest_error" if error else "ok"), error

    async def _refusal(self, instance: Instance, folder: str) -> str | None:
        """Ask the client, once, whether it could use data there at all."""
        if not instance.moved_by_host:
            return None
        if (instance.id, folder) not in self._refusals:
            self._refusals[instance.id, folder] = await _asked(instance, folder)
        return self._refusals[instance.id, folder]

    async def _look_at_folder(self, folder: str) -> str | None:
        if folder not in self._folders:
            self._folders[folder] = await _look(look_at_destination, folder, otherwise=f"{folder} does not answer")
        return self._folders[folder]


async def _asked(instance: Instance, folder: str) -> str | None:
    try:
        await instance.call(MovedByHost, lambda client: client.check_destination(folder))
    except AmutorrentError as error:
        return error.message
    return None


def unmovable(instance: Instance, item: Item) -> AmutorrentError | None:
    """Say why the data of an item cannot be moved at all; None: it can."""
    if not instance.has(MoveData):
        return Unsupported(MoveData.capability)
    if not item.complete and not instance.has(MoveActiveDownloads):
        return Unsupported(
            MoveActiveDownloads.capability, f"{instance.config.name} moves what is complete, and this is not"
        )
    return None


def _movable(
    ref: ItemRef,
    instance_id: str | None,
    reason: MoveReason,
    source: str | None = None,
    target: str = "",
    message: str | None = None,
) -> MovePermission:
    return MovePermission(
        file_hash=ref.file_hash.lower(),
        can_move=reason in ("ok", "same_path"),
        reason=reason,
        instance_id=instance_id,
        source_path=source,
        target_path=target or None,
        message=message,
    )


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def _found(call: Call, ref: ItemRef) -> tuple[Instance, Item]:
    """Find an item that the caller may change; another one does not exist here."""
    instance, entry = call.changing(ref.file_hash, ref.instance_id)
    return instance, entry.item


async def _each(items: Sequence[ItemRef], check: Callable[[ItemRef], Awaitable[R]]) -> list[R]:
    """Check some items at a time, since each may wait for a disk; the results are in the order of the items."""
    results: dict[int, R] = {}
    limit = trio.Semaphore(AT_ONCE)

    async def one(number: int, item: ItemRef) -> None:
        async with limit:
            results[number] = await check(item)

    async with trio.open_nursery() as nursery:
        for number, item in enumerate(items):
            nursery.start_soon(one, number, item)
    return [results[number] for number in range(len(items))]


async def _look(look: Callable[..., R], *args: object, otherwise: R | None = None) -> R | None:
    """Look at a disk in a worker thread; one that does not answer in time is left behind, and `otherwise` holds."""
    with trio.move_on_after(LOOK_S):
        return await trio.to_thread.run_sync(look, *args, abandon_on_cancel=True, limiter=_threads)
    return otherwise


_threads = trio.CapacityLimiter(AT_ONCE)
