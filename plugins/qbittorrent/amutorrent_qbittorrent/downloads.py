"""What can be done to torrents that are there."""

from collections.abc import Sequence

from amutorrent import (
    ApiDeletesFiles,
    ClientFailed,
    InvalidRequest,
    MoveActiveDownloads,
    MoveData,
    NativeMove,
    Outcome,
    Reannounce,
    Recheck,
    Remove,
    RemoveWithFiles,
    Rename,
    Stop,
)

from .daemon import Daemon, not_found
from .failures import Refusal


class Downloads(
    Stop,
    Remove,
    RemoveWithFiles,
    ApiDeletesFiles,
    Rename,
    Recheck,
    Reannounce,
    MoveData,
    NativeMove,
    MoveActiveDownloads,
):
    """Start, stop, remove, rename, check, announce and move. One call each, whatever the number of items."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def stop(self, hashes: Sequence[str]) -> Outcome:
        """Stop them (up to 4.x: `pause`, which is the same)."""
        return await self._daemon.act(self._daemon.dialect.stop, hashes)

    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Start them."""
        return await self._daemon.act(self._daemon.dialect.start, hashes)

    async def remove(self, hashes: Sequence[str]) -> Outcome:
        """Remove them and keep their data."""
        return await self._daemon.act("torrents/delete", hashes, deleteFiles="false")

    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Remove them; the daemon deletes the files that belong to them."""
        return await self._daemon.act("torrents/delete", hashes, deleteFiles="true")

    async def rename(self, hash: str, name: str) -> None:
        """Set the name that is shown; the files keep theirs."""
        try:
            await self._daemon.call("torrents/rename", {"hash": self._daemon.id_of(hash), "name": name})
        except Refusal as error:
            if error.http_status == 404:
                raise not_found(hash) from error
            if error.http_status == 409:
                raise InvalidRequest(
                    f"qBittorrent does not take this name: {error.message}", field="newName"
                ) from error
            raise

    async def recheck(self, hashes: Sequence[str]) -> Outcome:
        """Start checking their data."""
        return await self._daemon.act("torrents/recheck", hashes)

    async def reannounce(self, hashes: Sequence[str]) -> Outcome:
        """Announce them to their trackers now."""
        return await self._daemon.act("torrents/reannounce", hashes)

    async def move(self, hashes: Sequence[str], destination: str) -> Outcome:
        """Start moving their data. The daemon creates the folder, and refuses one that it cannot write to."""
        try:
            return await self._daemon.act("torrents/setLocation", hashes, location=destination)
        except Refusal as error:
            raise ClientFailed(f"qBittorrent cannot move to {destination}: {error.message}") from error
