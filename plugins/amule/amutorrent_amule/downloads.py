"""What can be done to downloads, and to the files that came of them. Source: amule-ec 6 (Downloads, Shared files)."""

import os
from collections.abc import Callable, Sequence
from typing import Final

import trio

from amutorrent import (
    AmutorrentError,
    CancelDeletesFiles,
    ClientFailed,
    DataFile,
    InvalidRequest,
    ItemData,
    Outcome,
    Pause,
    Priority,
    PriorityLevel,
    Remove,
    RemoveSharedMustDeleteFiles,
    RemoveWithFiles,
    Rename,
    Stop,
    delete_data,
)

from .codes import Op, T
from .daemon import Daemon, Refusal, not_found
from .mapping import path
from .mirror import is_complete
from .records import File
from .states import NUMBERS
from .tags import Tag, hash16, text, uint

LISTED_S: Final = 5
LOOK_AGAIN_S: Final = 0.2
UNKNOWN_FILE: Final = "FileHash not found"


class Downloads(
    Pause, Stop, Remove, RemoveWithFiles, RemoveSharedMustDeleteFiles, CancelDeletesFiles, Rename, Priority
):
    """Pause, stop, resume, remove, rename, priority. One request each, whatever the number of downloads."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def pause(self, hashes: Sequence[str]) -> Outcome:
        """Pause downloads; their sources are kept."""
        return await act(self._daemon, Op.PARTFILE_PAUSE, hashes)

    async def stop(self, hashes: Sequence[str]) -> Outcome:
        """Stop downloads; their sources are dropped."""
        return await act(self._daemon, Op.PARTFILE_STOP, hashes)

    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Let downloads run."""
        return await act(self._daemon, Op.PARTFILE_RESUME, hashes)

    async def remove(self, hashes: Sequence[str]) -> Outcome:
        """Cancel downloads, which deletes their partial data. A complete file is not taken off the list: see below."""
        return await act(self._daemon, Op.PARTFILE_DELETE, hashes)

    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Cancel downloads, and delete complete files from the disk: the daemon has no request for that itself."""
        files = await self._daemon.known(hashes)
        whole = {hash: file for hash, file in files.items() if file is not None and is_complete(file)}
        outcome = dict(await self.remove([hash for hash in files if hash not in whole]))
        for hash, file in whole.items():
            outcome[hash] = await self._delete(file)
        gone = [hash for hash in whole if outcome[hash] is None]
        missing = [hash for hash, file in whole.items() if hash not in gone and await self._is_missing(file)]
        if gone or missing:
            await self._daemon.command(Op.SHAREDFILES_RELOAD)
            await self._forget([*gone, *missing])
        # somebody took the file away before; where aMule does not find it either, all is as it was to be
        outcome |= {hash: None for hash in missing if self._daemon.mirror.find(hash) is None}
        return {hash: outcome[hash] for hash in files}

    async def _forget(self, gone: Sequence[str]) -> None:
        """See that files that are gone from the disk go from the list; where they stay, all is asked for anew."""
        daemon, end = self._daemon, trio.current_time() + LISTED_S
        while trio.current_time() < end:
            await daemon.refresh()
            if not any(map(daemon.mirror.find, gone)):
                return
            await trio.sleep(LOOK_AGAIN_S)
        await daemon.refresh(anew=True)

    async def rename(self, hash: str, name: str) -> None:
        """Give a file another name, on disk too once it is complete."""
        await self._daemon.file(hash)
        if "/" in name or "\\" in name or "\0" in name:
            raise InvalidRequest("The name of a file has no '/' and no '\\'", field="newName")
        try:
            await self._daemon.command(Op.RENAME_FILE, hash16(T.KNOWNFILE, hash), text(T.PARTFILE_NAME, name))
        except Refusal as error:
            if "not found" in error.said:
                raise not_found(hash) from error
            raise InvalidRequest(f"aMule does not take this name: {error.said}", field="newName") from error

    async def set_priority(self, hashes: Sequence[str], priority: PriorityLevel) -> Outcome:
        """Set the priority of downloads among each other, and that of complete files for uploading."""
        number = NUMBERS.get(priority)
        if number is None:
            raise InvalidRequest(f"aMule has no priority {priority!r} for a whole file", field="priority")
        files = await self._daemon.known(hashes)
        whole = [hash for hash, file in files.items() if file is not None and is_complete(file)]
        level = uint(T.PARTFILE_PRIO, number)
        outcome = dict(
            await act(self._daemon, Op.PARTFILE_PRIO_SET, [hash for hash in files if hash not in whole], level)
        )
        if whole:
            await self._daemon.command(Op.SHARED_SET_PRIO, *(hash16(T.PARTFILE, hash, level) for hash in whole))
        return {hash: outcome.get(hash) for hash in files}

    async def _is_missing(self, file: File) -> bool:
        """Say that there is nothing where a file lies, as this machine sees it."""
        where = path(file)
        if where is None or not file.folder.startswith("/"):
            return False
        return not await self._daemon.services.run_sync(os.path.lexists, self._daemon.services.local_path(where))

    async def _delete(self, file: File) -> AmutorrentError | None:
        try:
            await self._daemon.services.run_sync(delete_data, data_of(file, self._daemon.services.local_path))
        except AmutorrentError as error:
            return error
        return None


def data_of(file: File, local_path: Callable[[str], str]) -> ItemData:
    """Say where a complete file lies on this machine. Raises `ClientFailed` where that is not told."""
    if path(file) is None or not file.folder.startswith("/"):
        raise ClientFailed(f"aMule does not tell where {file.name} lies")
    return ItemData(local_path(file.folder.rstrip("/") or "/"), [DataFile((file.name,), file.size)], file.name)


def refusal(hash: str, file: File | None) -> AmutorrentError | None:
    """Say why something cannot be done to what is no download; None: it is one."""
    if file is None:
        return not_found(hash)
    if is_complete(file):
        return ClientFailed(f"{file.name} is complete: aMule shares it, and can only delete it with its data")
    return None


async def act(daemon: Daemon, op: Op, hashes: Sequence[str], *children: Tag) -> Outcome:
    """Do it to all downloads among them in one request, and answer honestly for the others."""
    files = await daemon.known(hashes)
    outcome: dict[str, AmutorrentError | None] = {hash: refusal(hash, file) for hash, file in files.items()}
    able = [hash for hash, error in outcome.items() if error is None]
    try:
        if able:
            await daemon.command(op, *(hash16(T.PARTFILE, hash, *children) for hash in able))
    except Refusal as error:
        if not error.said.startswith(UNKNOWN_FILE):
            raise
        # it stopped at one that has just gone; those before it are done, and doing it again harms nothing
        await daemon.refresh()
        if len([hash for hash in able if daemon.mirror.find(hash)]) == len(able):
            raise
        return await act(daemon, op, hashes, *children)
    return outcome
