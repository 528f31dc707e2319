"""What one move is to do, fixed before it begins, and kept word for word until it has ended."""

import os
import secrets
from enum import StrEnum

from msgspec import Struct

from ..disk import DataFile, ItemData, Path

Names = tuple[bytes, ...]
"""The names that lead to a file, as they are on the disk: they need not be text."""


class Phase(StrEnum):
    """How far a move has come; each begins when the one before it is done and is on the disk.

        copying -> placing -> aside -> telling -> leaving -> (done)
           |          |         |         |
           v          v         v         v
        discarding <- taking back <- putting back -> ... -> (failed)

    Until `leaving` begins, everything is also at the old place, or can be put back there.
    """

    COPYING = "copying"
    PLACING = "placing"
    ASIDE = "aside"
    TELLING = "telling"
    LEAVING = "leaving"
    PUTTING_BACK = "putting back"
    TAKING_BACK = "taking back"
    DISCARDING = "discarding"


NEXT = {
    Phase.COPYING: Phase.PLACING,
    Phase.PLACING: Phase.ASIDE,
    Phase.ASIDE: Phase.TELLING,
    Phase.TELLING: Phase.LEAVING,
    Phase.PUTTING_BACK: Phase.TAKING_BACK,
    Phase.TAKING_BACK: Phase.DISCARDING,
}
UNDO = {
    Phase.COPYING: Phase.DISCARDING,
    Phase.PLACING: Phase.TAKING_BACK,
    Phase.ASIDE: Phase.PUTTING_BACK,
    Phase.TELLING: Phase.PUTTING_BACK,
}


class PlannedFile(Struct, frozen=True, array_like=True):
    """One file: where it lies below the base folder, its bytes, and whether it stays at the old place, too."""

    names: Names
    size: int
    stays: bool = False

    @property
    def path(self) -> Path:
        """The names as Python has them."""
        return tuple(map(os.fsdecode, self.names))


class Plan(Struct, frozen=True, kw_only=True):
    """Move these files from one base folder below another one.

    `own` and `multi`: the old and the new base folder are the item's own. `destination` is the folder that was asked
    for, as the client sees it. Two folders of a name of their own hold what is not at its place yet, or not any more:
    `staging` beside the new base folder, `attic` beside the old one.
    """

    source: bytes
    target: bytes
    files: tuple[PlannedFile, ...]
    own: bool
    multi: bool
    running: bool
    destination: str
    token: str

    @property
    def size(self) -> int:
        """All bytes."""
        return sum(file.size for file in self.files)

    @property
    def source_folder(self) -> str:
        """The old base folder."""
        return os.fsdecode(self.source)

    @property
    def target_folder(self) -> str:
        """The new base folder."""
        return os.fsdecode(self.target)

    @property
    def staging(self) -> str:
        """Where files are until all of them are there."""
        return self._beside(self.target_folder, self.multi, "new")

    @property
    def attic(self) -> str:
        """Where files are that are no longer at the old place, until the client knows the new one."""
        return self._beside(self.source_folder, self.own, "old")

    def _beside(self, base: str, own: bool, what: str) -> str:
        return os.path.join(os.path.dirname(base) if own else base, f".amutorrent-{self.token}.{what}")


def target_of(data: ItemData, folder: str) -> str:
    """Give the base folder that data has when it lies in this folder."""
    return os.path.join(folder, data.name) if data.multi else folder


def make_plan(data: ItemData, present: list[DataFile], folder: str, destination: str) -> Plan:
    """Plan the move of what is there into a folder of this machine, which the client calls `destination`."""
    return Plan(
        source=os.fsencode(data.folder),
        target=os.fsencode(target_of(data, folder)),
        files=tuple(PlannedFile(tuple(map(os.fsencode, each.path)), each.size, each.needed) for each in present),
        own=data.own,
        multi=data.multi,
        running=data.running,
        destination=destination,
        token=secrets.token_hex(8),
    )
