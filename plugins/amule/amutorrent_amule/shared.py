"""Shared files: scanning, rating, comments. Source: amule-ec 6 (Shared files)."""

from collections.abc import Sequence
from typing import Final

import trio

from amutorrent import ClientFailed, FileComment, FileRatingComment, RefreshShared, SharedFiles

from .codes import Op, T
from .daemon import Daemon
from .tags import hash16, text, uint

HOUR_S: Final = 3600


class Shared(SharedFiles, RefreshShared, FileRatingComment):
    """What concerns files that are offered to others."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def refresh_shared(self) -> None:
        """Let the daemon scan its folders; it answers at once, and reads new files in the background."""
        await self._daemon.command(Op.SHAREDFILES_RELOAD)

    async def refresh_regularly(self, hours: int) -> None:
        """Do that every so many hours, until cancelled; 0 is never."""
        while hours:
            await trio.sleep(hours * HOUR_S)
            await self.refresh_shared()

    async def set_rating_comment(self, hash: str, rating: int, comment: str) -> None:
        """Set both, and read them back: the daemon says the same whether it has done it or not."""
        daemon = self._daemon
        await daemon.file(hash)
        tags = text(T.KNOWNFILE_COMMENT, comment), uint(T.KNOWNFILE_RATING, rating)
        await daemon.command(Op.SHARED_FILE_SET_COMMENT, hash16(T.KNOWNFILE, hash), *tags)
        await daemon.refresh()
        file = await daemon.file(hash)
        if (file.rating, file.comment) != (rating, comment):
            raise ClientFailed(f"aMule does not keep a rating and comment of {file.name}: it is not shared yet")

    async def comments(self, hash: str) -> Sequence[FileComment]:
        """Give what those say who have the file too; known as long as they are connected."""
        await self._daemon.fresh(1)
        return (await self._daemon.file(hash)).comments
