"""Parts of the live list, asked for by themselves: downloads, shared files, stats. Source: websocket 4.1 and 6."""

from typing import TypeVar

from msgspec import Struct

from ..catalogue import DOWNLOADS, SHARED, Listing, View
from ..model import WireItem
from ..peering import Peering, Upload
from .call import Call
from .declare import Prepared, operation
from .overview import Stats
from .requests import Nothing

SEES_SHARED = "view_shared"
SEES_UPLOADS = "view_uploads"
S = TypeVar("S", bound=Struct)


class DownloadsUpdate(Struct, frozen=True, kw_only=True, tag="downloads-update"):
    """The items that are not complete."""

    data: list[WireItem]


class SharedUpdate(Struct, frozen=True, kw_only=True, tag="shared-update"):
    """The items that are offered to others."""

    data: list[WireItem]


class UploadsUpdate(Struct, frozen=True, kw_only=True, tag="uploads-update"):
    """The peers of all items that upload, each with its item."""

    data: list[Upload]


class StatsUpdate(Struct, frozen=True, kw_only=True, tag="stats-update"):
    """Speeds and state of all instances."""

    data: Stats


class Listed(Prepared[S]):
    """A part of the list as a class of readers sees it, rendered when it is sent."""

    def __init__(self, view: View, listing: Listing) -> None:
        self._view, self._listing = view, listing

    @property
    def etag(self) -> str:
        """Name the revision."""
        return f"{self._listing.type}-{self._view.etag}"

    def body(self) -> bytes:
        """Join the cached bytes of the items."""
        return self._view.listing(self._listing)


class Uploads(Prepared[UploadsUpdate]):
    """The uploads that a class of readers sees, as far as they are known when this is sent."""

    def __init__(self, peering: Peering, view: View) -> None:
        self._peering, self._view = peering, view

    @property
    def etag(self) -> str:
        """Name the bytes by themselves: they are few."""
        return f"uploads-{hash(self.body()):x}"

    def body(self) -> bytes:
        """Join what the clients answered."""
        return self._peering.uploads(self._view)


class StatsNow(Prepared[StatsUpdate]):
    """The stats, rendered when they are sent."""

    def __init__(self, view: View) -> None:
        self._view = view

    @property
    def etag(self) -> str:
        """Name the revision."""
        return f"stats-{self._view.etag}"

    def body(self) -> bytes:
        """Encode them."""
        return self._view.stats()


@operation("getDownloads", changes=False)
async def downloads(request: Nothing, call: Call) -> Prepared[DownloadsUpdate]:
    """List the items that are not complete."""
    await call.instances.refresh()
    return Listed(call.catalogue.view(call.user), DOWNLOADS)


@operation("getShared", needs=SEES_SHARED, changes=False)
async def shared(request: Nothing, call: Call) -> Prepared[SharedUpdate]:
    """List the items that are offered to others."""
    await call.instances.refresh()
    return shared_by(call.catalogue.view(call.user))


def shared_by(view: View) -> Prepared[SharedUpdate]:
    """Give what a class of readers sees of the shared items."""
    return Listed(view, SHARED)


@operation("getUploadingQueue", needs=SEES_UPLOADS, changes=False)
async def uploads(request: Nothing, call: Call) -> Prepared[UploadsUpdate]:
    """List the peers that items are sent to, or that wait for them. Waits at most 3 s for clients that are slow."""
    await call.peering.refresh()
    return Uploads(call.peering, call.catalogue.view(call.user))


@operation("getStats", changes=False)
async def stats(request: Nothing, call: Call) -> Prepared[StatsUpdate]:
    """Read the speeds and the state of all instances."""
    await call.instances.refresh()
    return StatsNow(call.catalogue.view(call.user))
