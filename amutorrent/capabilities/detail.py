"""What can be asked of one item, and of the client itself."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import trio

from ..errors import AmutorrentError, NotFound
from ..model import FileEntry, Limits, Peer, Pieces, Segments, TrackerState
from .base import Capability

AT_ONCE = 10
"""So many items are asked about at the same time."""


class Trackers(Capability):
    """Report trackers: `Item.trackers`, and their states on demand."""

    @abstractmethod
    async def trackers(self, hash: str) -> Sequence[TrackerState]:
        """Ask for the trackers of an item, in the client's order."""


class Peers(Capability):
    """Report the peers of an item."""

    good_for_s: ClassVar[float] = 10.0
    """So long an answer is shown before the next one is asked for."""

    @abstractmethod
    async def peers(self, hash: str) -> Sequence[Peer]:
        """Ask for the peers that an item has now."""

    async def uploads(self, hashes: Sequence[str]) -> Mapping[str, Sequence[Peer]]:
        """Ask for the peers of the items that upload: `hashes` are those whose upload speed is not 0.

        Asks item by item, 10 at a time; override it where the client tells of all at once, then also of items that
        peers only wait for. An item that is gone meanwhile is left out.
        """
        found: dict[str, Sequence[Peer]] = {}
        errors: list[AmutorrentError] = []
        waiting = iter(hashes)

        async def ask() -> None:
            for hash in waiting:
                try:
                    found[hash] = await self.peers(hash)
                except NotFound:
                    continue
                except AmutorrentError as error:  # raised below: out of a nursery it would come as a group
                    errors.append(error)
                    nursery.cancel_scope.cancel()

        async with trio.open_nursery() as nursery:
            for _ in range(AT_ONCE):
                nursery.start_soon(ask)
        if errors:
            raise errors[0]
        return found


class PieceMap(Capability):
    """Report which pieces of an item are there."""

    @abstractmethod
    async def pieces(self, hash: str) -> Pieces | None:
        """Ask for the pieces; None while the client does not know them (a magnet without metadata)."""


class SegmentData(Capability):
    """Report which bytes of unfinished items are missing, and which are asked for."""

    @abstractmethod
    async def segments(self) -> Mapping[str, Segments]:
        """Give them for every item that has any. Asked every 2 s, while somebody looks at them."""


class Files(Capability):
    """List the files of an item."""

    @abstractmethod
    async def files(self, hash: str) -> Sequence[FileEntry]:
        """Ask for the files; empty while the client does not know them."""


class FilePriority(Capability):
    """Choose which files of an item to download."""

    @abstractmethod
    async def set_file_priority(self, hash: str, files: Sequence[int], priority: Literal[0, 1, 2]) -> None:
        """Set the priority (0 off, 1 normal, 2 high) of the files with these indexes."""


class SpeedLimits(Capability):
    """Limit the client's total speed. The limits in force come with `Changes.speed_limits`."""

    @abstractmethod
    async def set_speed_limits(
        self, download: int | None = None, upload: int | None = None, alternative: bool | None = None
    ) -> Limits:
        """Set what is not None, bytes/s, 0 = none, rounded down but never to 0, and return the limits now.

        Raises `Unsupported` for `alternative` where the client has no second set.
        """


class Logs(Capability):
    """Read the client's own log."""

    @abstractmethod
    async def log_lines(self) -> Sequence[str]:
        """Read the last lines, newest last."""
