"""What a client does of itself, so that a check or a dialog can say it beforehand. None has a method."""

from .base import Capability


class NativeMove(Capability):
    """The client moves data itself: move checks skip the disk."""


class ApiDeletesFiles(Capability):
    """The client deletes data itself: the delete check answers `managed`."""


class MoveActiveDownloads(Capability):
    """Incomplete items can be moved."""


class CategoryChangeAutoMoves(Capability):
    """Changing the category of an active item relocates it."""


class MoveSharedForCategoryChange(Capability):
    """Changing the category of a shared file moves it."""


class RemoveSharedMustDeleteFiles(Capability):
    """A shared file goes only together with its data."""


class CancelDeletesFiles(Capability):
    """Removing an incomplete item drops its partial data."""
