"""Where the data of a torrent lies, as its own paths on this machine. Blocks; runs in worker threads.

Only what is certain is given: a path that the daemon cannot spell, and that nothing here proves, is an error.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amutorrent import ClientFailed, DataFile, ItemData

from .bencode import Path
from .spelling import Metainfo, matches, metainfo, unsure


@dataclass(frozen=True)
class Told:
    """What the daemon says of a torrent's data. `done`: bytes that it has of it; `meta`: still only a magnet."""

    hash: str
    name: str
    directory: str
    multi: bool
    meta: bool
    done: int
    paths: tuple[Path, ...]
    running: bool = False
    complete: bool = False
    sizes: tuple[int, ...] = ()

    @property
    def root(self) -> str:
        """The file, or the folder of several files, as the daemon spells it."""
        return self.directory if self.multi else f"{self.directory.rstrip('/')}/{self.name}"

    def whole_paths(self) -> set[str]:
        """Give all its files as the daemon spells them."""
        return {"/".join((self.directory.rstrip("/"), *path)) for path in self.paths}


def find(told: Told, session: str, kept: set[str], local_path: Callable[[str], str] = str) -> ItemData:
    """Find the data; files in `kept` (as the daemon spells them) are needed by others. Raises `ClientFailed`."""
    if not told.directory.startswith("/"):
        raise ClientFailed(f"rTorrent keeps {told.name} in {told.directory!r}, which is no absolute path")
    found = metainfo(session, told.hash)
    true = _paths(told, found)
    name = found.name if found is not None and matches(found.name, told.name) else told.name
    base = _folder(local_path(told.directory.rstrip("/") or "/"), name if told.multi else None)
    own = told.multi and os.path.basename(base) == name
    spelled = ["/".join((told.directory.rstrip("/"), *path)) for path in told.paths]
    sizes = told.sizes or (0,) * len(true)
    files = [DataFile(path, size, each in kept) for path, size, each in zip(true, sizes, spelled, strict=True)]
    if told.done and not os.path.isdir(base):
        raise ClientFailed(
            f"rTorrent keeps its data in {base}, which is not here: only where both see the same folders it can be"
            " moved or deleted"
        )
    return ItemData(
        folder=base,
        files=() if told.meta else files,
        name=name,
        multi=told.multi,
        own=own,
        whole=told.complete and not told.meta,
        running=told.running,
    )


def _paths(told: Told, found: Metainfo | None) -> Sequence[Path]:
    if not any(unsure(part) for path in told.paths for part in path):
        return told.paths
    true = found.paths(list(told.paths)) if found is not None else None
    if true is None:
        raise ClientFailed(
            "rTorrent does not spell out the names of its files, and its session folder, which has them, is not"
            " visible here: nothing was touched"
        )
    return true


def _folder(directory: str, own_name: str | None) -> str:
    """Give the folder that is meant, where the daemon cannot spell it: the only one whose name could be so reported."""
    path = "/"
    parts = [part for part in directory.split("/") if part]
    for number, part in enumerate(parts):
        if own_name is not None and number == len(parts) - 1 and matches(own_name, part):
            part = own_name
        elif unsure(part):
            part = _only_one(path, part)
        path = os.path.join(path, part)
    return path


def _only_one(parent: str, reported: str) -> str:
    try:
        found = [name for name in os.listdir(parent) if matches(name, reported)]
    except OSError:
        found = []
    if len(found) > 1:
        raise ClientFailed(f"Which folder rTorrent means by {os.path.join(parent, reported)} is not certain from here")
    return found[0] if found else reported
