"""What can be done to torrents that are there."""

from collections.abc import Sequence
from typing import Final

import libtorrent as lt
from msgspec.structs import replace

from amutorrent import (
    AmutorrentError,
    ApiDeletesFiles,
    ClientFailed,
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

from .data import delete_rest, first_in, needed_by_others
from .engine import Engine
from .loading import FLAGS
from .places import checked_folder
from .torrents import Torrent

NO_SUCH_FILE: Final = 2
"""ENOENT: what was to be deleted is not there, which is as good."""


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
    """Start, stop, remove, rename, check, announce and move."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def stop(self, hashes: Sequence[str]) -> Outcome:
        """Stop them: files are closed, and peers hung up on."""
        outcome = await self._engine.each(hashes, _hold)
        kept = await self._engine.change(hashes, lambda facts: replace(facts, running=False))
        return {**kept, **outcome}

    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Start them. That they run is kept first: after a crash, what runs is checked."""
        outcome = await self._engine.change(hashes, lambda facts: replace(facts, running=True))
        return {**outcome, **await self._engine.each(hashes, self._run)}

    def _run(self, torrent: Torrent) -> None:
        torrent.missing = False
        torrent.handle.clear_error()
        torrent.handle.unset_flags(FLAGS.stop_when_ready)
        torrent.handle.resume()
        self._engine.mark(torrent.hash)

    async def remove(self, hashes: Sequence[str]) -> Outcome:
        """Remove them and keep their data."""
        outcome = await self._engine.each(hashes, lambda torrent: None)
        await self._engine.remove([hash for hash, error in outcome.items() if error is None])
        return outcome

    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Remove them, and delete the files that no other torrent of the list has, too."""
        outcome = await self._engine.each(hashes, lambda torrent: None)
        there = [hash for hash, error in outcome.items() if error is None]
        shared = await needed_by_others(self._engine, there)
        gone = await self._engine.remove(there, with_files=[hash for hash in there if hash not in shared])
        for hash, leaving in gone.items():
            if leaving.error and leaving.code != NO_SUCH_FILE:
                outcome[hash] = ClientFailed(f"It is off the list, but its files are not deleted: {leaving.error}")
        for hash, data in shared.items():
            outcome[hash] = await delete_rest(self._engine, data)
        return outcome

    async def rename(self, hash: str, name: str) -> None:
        """Set the name that is shown; the files keep theirs."""
        raise_for(hash, await self._engine.change([hash], lambda facts: replace(facts, name=name)))

    async def recheck(self, hashes: Sequence[str]) -> Outcome:
        """Start checking their data; one that is stopped is stopped again afterwards."""
        return await self._engine.each(hashes, self._recheck)

    def _recheck(self, torrent: Torrent) -> None:
        torrent.recheck()
        self._engine.mark(torrent.hash)

    async def reannounce(self, hashes: Sequence[str]) -> Outcome:
        """Announce them to their trackers, and to the DHT, now."""
        return await self._engine.each(hashes, self._announce)

    def _announce(self, torrent: Torrent) -> None:
        torrent.handle.force_reannounce(0, -1, lt.reannounce_flags_t.ignore_min_interval)
        if self._engine.settings.dht and not torrent.private:
            torrent.handle.force_dht_announce()

    async def move(self, hashes: Sequence[str], destination: str) -> Outcome:
        """Start moving their data. What stands at the new place already is never written over.

        Where to is kept first: after a crash in the middle the move goes on.
        """
        folder = checked_folder(destination, "destPath")
        outcome = await self._engine.each(hashes, lambda torrent: None)
        taken: set[str] = set()
        for hash in [hash for hash, error in outcome.items() if error is None]:
            if self._engine.find(hash).missing:  # where it is now is kept again once it has been resumed
                outcome[hash] = ClientFailed("It cannot be moved: its files are missing. Resume it first")
            elif there := await self._engine.run_sync(first_in, folder, self._engine.find(hash), taken):
                outcome[hash] = ClientFailed(f"It cannot be moved: {there} is there already, or comes with another")
        free = [hash for hash, error in outcome.items() if error is None]
        await self._engine.change(free, lambda facts: replace(facts, moving_to=folder))

        def start(torrent: Torrent) -> None:
            torrent.move_error = None
            torrent.handle.move_storage(folder, lt.move_flags_t.fail_if_exist)

        return {**outcome, **await self._engine.each(free, start)}


def _hold(torrent: Torrent) -> None:
    torrent.handle.unset_flags(FLAGS.stop_when_ready)
    torrent.handle.pause()


def raise_for(hash: str, outcome: Outcome) -> None:
    """Raise what is wrong with the one hash that something was done to."""
    error: AmutorrentError | None = outcome.get(hash)
    if error is not None:
        raise error
