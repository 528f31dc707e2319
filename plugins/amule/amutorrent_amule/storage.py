"""Where complete files lie, and their moves: aMule finds a file again where it scans. Source: amule-ec 6.

A file that was moved keeps its name, size and time, by which aMule knows it without hashing it anew. Only folders that
it scans will do: those of its categories, its default folder, and what `shareddir.dat` lists.
"""

from collections.abc import Sequence
from typing import Final

import trio

from amutorrent import (
    ClientFailed,
    InvalidRequest,
    ItemData,
    MovedByHost,
    MoveSharedForCategoryChange,
)

from .codes import Op
from .daemon import Daemon
from .downloads import data_of
from .labels import same
from .mirror import is_complete
from .shareddir import SharedDirFile

LEAST_S: Final = 60
BYTES_PER_S: Final = 5 << 20
"""If it does hash a file anew, it takes so long."""
LOOK_AGAIN_S: Final = 0.5
SCAN_AGAIN_S: Final = 10


class Storage(MovedByHost, MoveSharedForCategoryChange):
    """Moves of files that are complete; what is not goes to the folder of its category when it is."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def data_of(self, hash: str) -> ItemData:
        """Say where a complete file lies."""
        file = await self._daemon.file(hash)
        if not is_complete(file):
            raise ClientFailed(f"{file.name} is not complete yet: aMule keeps its parts")
        return data_of(file, self._daemon.services.local_path)

    async def check_destination(self, folder: str) -> None:
        """See that aMule scans this folder."""
        daemon = self._daemon
        await daemon.refresh()
        known = [daemon.labels.default_path, *(label.path for label in daemon.labels.all)]
        if any(each and same(each, folder) for each in known) or await self._is_listed(folder):
            return
        raise InvalidRequest(
            f"aMule does not share {folder}: it would not find the file there. Its shared folders and those of its"
            " categories will do",
            field="destPath",
        )

    async def release(self, hash: str) -> None:
        """Need nothing: it writes to no complete file."""
        await self._daemon.file(hash)

    async def settle(self, hash: str, folder: str | None, running: bool) -> None:
        """Let it scan until it lists the file in this folder."""
        daemon, began = self._daemon, trio.current_time()
        wanted, scanned, size = folder, float("-inf"), 0
        while True:
            if trio.current_time() - scanned >= SCAN_AGAIN_S:
                await daemon.command(Op.SHAREDFILES_RELOAD)
                scanned = trio.current_time()
            await daemon.refresh()
            file = daemon.mirror.find(hash)
            if file is not None and (wanted is None or same(file.folder, wanted)):
                daemon.moved.add(hash)
                return
            size = max(size, file.size if file is not None else 0)
            if trio.current_time() - began > LEAST_S + size / BYTES_PER_S:
                raise ClientFailed(f"aMule does not list {hash} in {folder or 'its old folder'}")
            await trio.sleep(LOOK_AGAIN_S)

    async def _is_listed(self, folder: str) -> bool:
        path = self._daemon.settings.shared_dir_dat_path
        if not path:
            return False
        lines: Sequence[bytes] = await self._daemon.services.run_sync(SharedDirFile(path).lines)
        return any(same(line.decode("utf-8", "surrogateescape"), folder) for line in lines)
