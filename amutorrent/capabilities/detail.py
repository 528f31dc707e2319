"""What can be asked of one item, and of the client itself."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

from ..model import FileEntry, Limits, Peer, Pieces, TrackerState
from .base import Capability


class Trackers(Capability):
    """Report trackers: `Item.trackers`, and their states on demand."""

    @abstractmethod
    async def trackers(self, hash: str) -> Sequence[TrackerState]:
        """Ask for the trackers of an item, in the client's order."""


class Peers(Capability):
    """Report the peers of an item."""

    @abstractmethod
    async def peers(self, hash: str) -> Sequence[Peer]:
        """Ask for the peers that an item has now."""


class PieceMap(Capability):
    """Report which pieces of an item are there."""

    @abstractmethod
    async def pieces(self, hash: str) -> Pieces | None:
        """Ask for the pieces; None while the client does not know them (a magnet without metadata)."""


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
