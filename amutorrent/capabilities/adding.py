"""How downloads come in."""

from abc import abstractmethod
from collections.abc import Sequence

from msgspec import Struct

from ..links import Ed2kLink, Magnet
from ..metafile import Metafile
from .base import Capability, Outcome


class AddOptions(Struct, frozen=True, kw_only=True):
    """How to add. `category` None: no category; `save_path` None: the category's or the client's; `paused`: wait."""

    category: str | None = None
    save_path: str | None = None
    paused: bool = False


class AddMagnet(Capability):
    """Add magnet links."""

    @abstractmethod
    async def add_magnets(self, magnets: Sequence[Magnet], options: AddOptions) -> Outcome:
        """Add them, and answer for each hash only when it stands in the client's list (a `Conflict` if it did)."""


class AddTorrentFile(Capability):
    """Add torrent files."""

    @abstractmethod
    async def add_torrent_file(self, file: Metafile, options: AddOptions) -> None:
        """Add it, and return when it stands in the client's list. Raises `Conflict` if it was there already."""


class AddEd2kLink(Capability):
    """Add ED2K file links."""

    @abstractmethod
    async def add_ed2k_links(self, links: Sequence[Ed2kLink], options: AddOptions) -> Outcome:
        """Add them, and answer for each hash."""


class CustomSavePath(Capability):
    """Take `AddOptions.save_path`. Has no method of its own."""
