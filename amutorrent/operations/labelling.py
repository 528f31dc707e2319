"""Category, tags and name of items. Source: http-api 7."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from ..capabilities import (
    CategoryChangeAutoMoves,
    MoveSharedForCategoryChange,
    Outcome,
    Rename,
    SetCategory,
    Tags,
)
from ..errors import InvalidRequest
from ..instances import Instance
from ..model import DEFAULT, Category, camel
from .batch import UNANSWERED, checked, run_batch, summary
from .call import Call
from .control import BatchReply
from .declare import operation
from .moving import Mover
from .requests import AnyHash, ItemRef, Items, category_by_id, category_for

Tag = Annotated[str, Meta(min_length=1, max_length=100, pattern="^[^,]*$", description="no comma")]


class CategoryRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items; `categoryName` "" or `Default` takes the category away; `moveFiles` moves the data, too."""

    items: Items
    category_name: str
    move_files: bool = False


class CategoryChanged(BatchReply, frozen=True, tag="batch-category-changed"):
    """What became of a change of category."""


@operation("batchSetFileCategory", http="POST /api/v1/downloads/category", needs="assign_categories")
async def set_category(request: CategoryRequest, call: Call) -> CategoryChanged:
    """Put items into a category, an unknown one being created if the caller may do that.

    With `moveFiles` their data begins to move to its folder, as by `batchMoveFiles`. Where the category of shared files
    is the folder that they lie in, they always move, and are in the category when they lie there.
    """
    category = await category_for(call, request.category_name)
    change = Change(call, category, move_files=request.move_files)
    results = await run_batch(call, request.items, change.make)
    return CategoryChanged(results=results, message=summary(results, "Changed category for {}/{} files"))


class Change:
    """One change of category."""

    def __init__(self, call: Call, category: Category | None, *, move_files: bool) -> None:
        self._call, self._move_files = call, move_files
        self._name = category.name if category else None
        default = call.catalogue.categories.get(DEFAULT)
        assert default is not None, "it is always there"
        target = category or default
        self._has_folder = category is None or bool(category.path)
        """Whether files can be in the category by lying in its folder."""
        self._mover = Mover(call, lambda instance: instance.paths().destination(target))

    async def make(self, instance: Instance, hashes: list[str]) -> Outcome:
        """Make it in one instance."""
        by_folder = [hash for hash in hashes if self._goes_by_folder(instance, hash)]
        others = [hash for hash in hashes if hash not in by_folder]
        outcome = dict(await self._mover.begin(instance, by_folder)) if by_folder else {}
        if others:
            name = self._name
            set_there = await instance.call(SetCategory, lambda client: client.set_category(others, name))
            outcome |= checked(instance, set_there)
        if self._move_files:
            going = [hash for hash in others if outcome.get(hash, UNANSWERED) is None and self._moves(instance, hash)]
            outcome |= await self._mover.begin(instance, going) if going else {}
        return outcome

    def _goes_by_folder(self, instance: Instance, hash: str) -> bool:
        item = self._call.catalogue.plain((instance.id, hash))
        shared = item is not None and item.shared and item.complete
        return shared and self._has_folder and instance.has(MoveSharedForCategoryChange)

    def _moves(self, instance: Instance, hash: str) -> bool:
        """Say whether data is to be moved; that of an active item may go to the folder by itself."""
        item = self._call.catalogue.plain((instance.id, hash))
        return item is None or item.complete or not instance.has(CategoryChangeAutoMoves)


class FileCategoryRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One item, and the integer id of a category (0 = `Default`)."""

    file_hash: AnyHash
    category_id: int
    instance_id: str | None = None


@operation("setFileCategory", needs="assign_categories")
async def set_file_category(request: FileCategoryRequest, call: Call) -> CategoryChanged:
    """Put one item into a category, moving no files."""
    category = category_by_id(call, request.category_id)
    item = ItemRef(file_hash=request.file_hash, instance_id=request.instance_id)
    return await set_category(CategoryRequest(items=[item], category_name=category.name), call)


class TagsRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items, and the tags to add and to remove; one of the two lists is not empty."""

    items: Items
    add: list[Tag] = []
    remove: list[Tag] = []


class TagsChanged(BatchReply, frozen=True, tag="batch-tags-changed"):
    """What became of a change of tags."""


@operation("batchSetTags", http="POST /api/v1/downloads/tags", needs="assign_categories")
async def change_tags(request: TagsRequest, call: Call) -> TagsChanged:
    """Add and remove tags; unknown ones are created."""
    if not request.add and not request.remove:
        raise InvalidRequest("Name at least one tag to add or to remove", field="add")
    add, remove = _trimmed(request.add, "add"), _trimmed(request.remove, "remove")
    results = await run_batch(
        call,
        request.items,
        lambda instance, hashes: instance.call(Tags, lambda client: client.change_tags(hashes, add, remove)),
    )
    return TagsChanged(results=results, message=summary(results))


def _trimmed(tags: Sequence[str], field: str) -> list[str]:
    trimmed = [tag.strip() for tag in tags]
    if not all(trimmed):
        raise InvalidRequest("A tag is not blank", field=field)
    return trimmed


class RenameRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One item and its new name: 1-255 characters, no path separator."""

    file_hash: AnyHash
    new_name: str
    instance_id: str | None = None


class RenameComplete(Struct, frozen=True, kw_only=True, rename=camel, tag="rename-complete"):
    """An item that was renamed."""

    success: bool
    file_hash: str
    instance_id: str
    new_name: str


@operation("renameFile", http="POST /api/v1/downloads/rename", needs="rename_files")
async def rename(request: RenameRequest, call: Call) -> RenameComplete:
    """Give an item another name. Torrents: the name shown, their files keep theirs; ED2K: the file itself."""
    name = request.new_name.strip()
    if not 1 <= len(name) <= 255 or name in (".", "..") or any(c in name for c in "/\\\0"):
        raise InvalidRequest("A name has 1-255 characters, no '/', no '\\', and is not '.' or '..'", field="newName")
    instance, entry = call.changing(request.file_hash, request.instance_id)
    call.moves.check_still((instance.id, entry.item.hash))
    await instance.call(Rename, lambda client: client.rename(entry.item.hash, name))
    instance.poke()
    if (history := call.host.history_if_kept) is not None:
        await history.recorder.renamed((instance.id, entry.item.hash), name)
    return RenameComplete(success=True, file_hash=entry.item.hash, instance_id=instance.id, new_name=name)
