"""Move the data of items to a folder. Source: http-api 7.

The reply says what was begun; how it goes stands in the item, and how it ended is a message to everybody who sees it.
"""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from ..capabilities import Outcome
from ..errors import AmutorrentError, InvalidRequest
from ..instances import Instance
from ..model import camel
from ..paths import Destination
from .batch import run_batch, summary
from .call import Call
from .control import BatchReply
from .declare import operation
from .permissions import unmovable
from .requests import ItemResult, Items, checked_path

Target = Callable[[Instance], Destination]


class MoveRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """1-1000 items, and the folder that their data goes to, as their client sees it."""

    items: Items
    dest_path: Annotated[str, Meta(min_length=1)]


class MoveComplete(BatchReply, frozen=True, tag="batch-move-complete"):
    """Which moves were begun; `skipped`: the data is there already."""


@operation("batchMoveFiles", http="POST /api/v1/downloads/move", needs="edit_downloads")
async def move(request: MoveRequest, call: Call) -> MoveComplete:
    """Begin to move the data of items to a folder; their category stays."""
    path = checked_path(request.dest_path, "destPath")
    mover = Mover(call, lambda instance: Destination(path, instance.paths().local(path)))
    results = mover.marked(await run_batch(call, request.items, mover.begin))
    return MoveComplete(results=results, message=f"{summary(results, 'Moving {}/{} files')} to {path}")


class Mover:
    """Begins the moves of one request."""

    def __init__(self, call: Call, target: Target) -> None:
        self._call, self._target = call, target
        self._there: set[tuple[str | None, str]] = set()

    async def begin(self, instance: Instance, hashes: list[str]) -> Outcome:
        """Begin to move what can be moved; the outcome of what lies there already is good, too."""
        outcome: dict[str, AmutorrentError | None] = {}
        able = []
        for hash in hashes:
            item = self._call.catalogue.plain((instance.id, hash))
            obstacle = unmovable(instance, item) if item is not None else None
            if obstacle is None:
                able.append(hash)
            else:
                outcome[hash] = obstacle
        destination = self._target(instance)
        if not destination.client:
            nowhere = InvalidRequest("Neither the category nor the client names a folder", field="categoryName")
            return {**outcome, **dict.fromkeys(able, nowhere)}
        answers = await self._call.moves.begin(instance, able, destination, self._call.user)
        for hash, answer in answers.items():
            if answer is False:
                self._there.add((instance.id, hash))
            outcome[hash] = answer if isinstance(answer, AmutorrentError) else None
        return outcome

    def marked(self, results: list[ItemResult]) -> list[ItemResult]:
        """Mark those whose data is there already."""
        return [
            replace(each, skipped=True) if each.success and (each.instance_id, each.file_hash) in self._there else each
            for each in results
        ]


def still(call: Call, instance: Instance, hash: str) -> AmutorrentError | None:
    """Give the error of what cannot be done to an item whose data is being moved; None: it is not."""
    try:
        call.moves.check_still((instance.id, hash))
    except AmutorrentError as error:
        return error
    return None
