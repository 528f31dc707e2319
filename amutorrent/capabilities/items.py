"""What can be done to items that are there."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from ..disk import ItemData
from ..model import PriorityLevel
from .base import Capability, Outcome


class Pause(Capability):
    """Pause and resume items, keeping their connections and file handles ready."""

    @abstractmethod
    async def pause(self, hashes: Sequence[str]) -> Outcome:
        """Pause these items; one that is paused already counts as done."""

    @abstractmethod
    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Let these items run again, whatever held them; one that runs already counts as done."""


class Stop(Capability):
    """Stop items, releasing file handles (ED2K: sources), and resume them."""

    @abstractmethod
    async def stop(self, hashes: Sequence[str]) -> Outcome:
        """Stop these items; one that is stopped already counts as done."""

    @abstractmethod
    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Let these items run again, whatever held them; one that runs already counts as done."""


class Remove(Capability):
    """Take items off the client's list."""

    @abstractmethod
    async def remove(self, hashes: Sequence[str]) -> Outcome:
        """Remove these items and keep their data."""


class RemoveWithFiles(Capability):
    """Take items off the list together with their data."""

    @abstractmethod
    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Remove these items, and the data that is theirs and nobody else's."""


class Rename(Capability):
    """Give an item another name."""

    @abstractmethod
    async def rename(self, hash: str, name: str) -> None:
        """Set the display name (ED2K: the file's). `name` has 1-255 characters and no path separator."""


class Priority(Capability):
    """Set the priority of items."""

    @abstractmethod
    async def set_priority(self, hashes: Sequence[str], priority: PriorityLevel) -> Outcome:
        """Set it. A client without `veryLow`, `veryHigh` or `auto` takes the nearest; without `off` it raises."""


class Recheck(Capability):
    """Check data on disk again."""

    @abstractmethod
    async def recheck(self, hashes: Sequence[str]) -> Outcome:
        """Start the check; it shows as status `checking`."""


class Reannounce(Capability):
    """Ask the trackers now."""

    @abstractmethod
    async def reannounce(self, hashes: Sequence[str]) -> Outcome:
        """Announce these items to their trackers."""


class Tags(Capability):
    """Keep tags on items."""

    @abstractmethod
    async def change_tags(self, hashes: Sequence[str], add: Sequence[str], remove: Sequence[str]) -> Outcome:
        """Add and remove tags; unknown ones are created. A tag has 1-100 characters and no comma."""


class SetCategory(Capability):
    """Put items into a category."""

    @abstractmethod
    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Set the category, creating it in the client if need be; None takes it away. Moves no data of itself."""


class Categories(Capability):
    """Keep category definitions in the client. The list itself comes with `Changes.categories`.

    `Default` is none of them: it means no category. Asked to make one of that name, a client raises `InvalidRequest`.
    """

    @abstractmethod
    async def create_category(self, name: str, path: str) -> None:
        """Create it; `path` is "" for none. Raises `Conflict` if there is one of that name."""

    @abstractmethod
    async def rename_category(self, name: str, new_name: str) -> None:
        """Rename it; its items follow. Raises `NotFound` if there is none, `Conflict` if `new_name` is taken."""

    @abstractmethod
    async def update_category(self, name: str, path: str) -> None:
        """Set its path; no change is no error. Raises `NotFound` if there is none."""

    @abstractmethod
    async def delete_category(self, name: str) -> None:
        """Delete it; its items fall to no category. One that is not there is no error."""


class MoveData(Capability):
    """Move the data of items to another folder."""

    @abstractmethod
    async def move(self, hashes: Sequence[str], destination: str) -> Outcome:
        """Start the move to this absolute path, as the client sees it; the items show status `moving`."""


class MovedByHost(Capability):
    """Have the host move the data of items: for a client that cannot move it, instead of `MoveData`.

    The host copies, compares, and keeps what it does over a crash; the client says where the data lies, lets go of it,
    and learns where it lies then. After a crash each of these may be asked again.
    """

    capability: ClassVar[str] = "moveData"

    @abstractmethod
    async def data_of(self, hash: str) -> ItemData:
        """Say where the data of an item lies on this machine. Raises what speaks against moving it now."""

    @abstractmethod
    async def check_destination(self, folder: str) -> None:
        """Raise if the client could not use data in this folder, as it sees it."""

    @abstractmethod
    async def release(self, hash: str) -> None:
        """Let go of the data: nothing of the client writes to it until `settle`."""

    @abstractmethod
    async def settle(self, hash: str, folder: str | None, running: bool) -> None:
        """Take the data up in this folder, as the client sees it, and let the item run if it was `running`.

        None: the data is where it was. Returns when the client itself names the new place.
        """
