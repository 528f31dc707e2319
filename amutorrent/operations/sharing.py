"""Shared files: rating and comment, and the scan of the shared folders. Source: http-api 7 and 9."""

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from ..accounts import User
from ..capabilities import FileRatingComment, RefreshShared
from ..errors import InvalidRequest, Unsupported
from ..model import camel
from .call import Call
from .declare import Prepared, operation
from .listings import SEES_SHARED, SharedUpdate, shared_by
from .requests import AnyHash, InstanceChoice, require

NEXT_POLL_S = 10.0
"""So long the poll after a scan may take, before what is known is said."""

Rating = Annotated[int, Meta(ge=0, le=5, description="0 not rated, 1 fake, 2 poor, 3 fair, 4 good, 5 excellent")]


class RatingRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """One shared, complete item. Both are written together: what is left out is cleared."""

    file_hash: AnyHash
    comment: str = ""
    rating: Rating = 0
    instance_id: str | None = None


class RatingComplete(Struct, frozen=True, kw_only=True, rename=camel, tag="rating-comment-complete"):
    """An item that was rated and commented."""

    success: bool
    file_hash: str
    instance_id: str
    comment: str
    rating: int


@operation("setFileRatingComment", http="POST /api/v1/downloads/rating-comment", needs="set_comment")
async def set_rating_comment(request: RatingRequest, call: Call) -> RatingComplete:
    """Set rating and comment of a shared, complete item."""
    if "\0" in request.comment:
        raise InvalidRequest("A comment has no NUL", field="comment")
    instance, entry = call.changing(request.file_hash, request.instance_id)
    require(instance, FileRatingComment)
    item = entry.item
    if not (item.shared and item.complete):
        raise Unsupported(FileRatingComment.capability, "Only a file that is shared and complete can be rated")
    await instance.call(
        FileRatingComment,
        lambda client: client.set_rating_comment(item.hash, request.rating, request.comment),
    )
    instance.poke()
    return RatingComplete(
        success=True, file_hash=item.hash, instance_id=instance.id, comment=request.comment, rating=request.rating
    )


class SharedRefreshed(Struct, frozen=True, kw_only=True, rename=camel, tag="shared-files-refreshed"):
    """A client that scans its shared folders; what it finds comes as changes of items."""

    instance_id: str
    message: str = "Shared files refreshed"


@operation("reloadSharedFiles", http="POST /api/v1/amule/refresh-shared", needs=SEES_SHARED)
async def refresh_shared(request: InstanceChoice, call: Call) -> SharedRefreshed:
    """Let a client scan its shared folders again. On a socket `shared-update` follows, as the next poll finds it."""
    instance = call.instances.choose(request.instance_id, RefreshShared)
    await instance.call(RefreshShared, lambda client: client.refresh_shared())
    instance.poke()

    async def found(user: Callable[[], User]) -> Prepared[SharedUpdate]:
        await instance.polled_anew(NEXT_POLL_S)
        return shared_by(call.catalogue.view(user()))

    call.follow_up(found)
    return SharedRefreshed(instance_id=instance.id)
