"""Where the data of torrents lies, deleting it, and its moves, which the daemon does not make itself.

Source: rtorrent 5.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from amutorrent import (
    AmutorrentError,
    ClientFailed,
    Conflict,
    ItemData,
    MoveActiveDownloads,
    MovedByHost,
    Outcome,
    RemoveWithFiles,
    delete_data,
)

from .calls import Call, Value, call
from .daemon import Daemon
from .downloads import step
from .mirror import Mirror
from .pace import Pace
from .place import Told, find
from .spelling import Spellings
from .text import checked_folder


class Storage(RemoveWithFiles, MovedByHost, MoveActiveDownloads):
    """Works on the files where both, the daemon and we, see the same folders; says so where we do not."""

    def __init__(self, daemon: Daemon, mirror: Mirror, spellings: Spellings, pace: Pace) -> None:
        self._daemon, self._mirror, self._pace = daemon, mirror, pace
        self._spellings = spellings

    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Close them, delete their files, and take them off the list: in this order, so that it can be tried again."""
        return await self._daemon.when_checked(hashes, lambda free: self._each(free, self._remove))

    async def data_of(self, hash: str) -> ItemData:
        """Say which files are a torrent's, and which of them other torrents of the list have, too."""
        told = await self._told(hash)
        if told.meta:
            raise Conflict(f"{hash} has no data yet: what it holds is still to be learnt")
        return await self._find(told)

    async def check_destination(self, folder: str) -> None:
        """See that the daemon can be told this folder."""
        checked_folder(folder, "destPath")

    async def release(self, hash: str) -> None:
        """Stop and close it, when no check runs."""
        outcome = await self._daemon.when_checked([hash], lambda free: self._each(free, self._close))
        if (error := outcome.get(hash)) is not None:
            raise error

    async def settle(self, hash: str, folder: str | None, running: bool) -> None:
        """Set the folder, and let it run if it ran. It may be open by now: the daemon or a person started it."""
        if folder is not None:
            await self.release(hash)
            await self._daemon.ask(hash, call("d.directory.set", hash.upper(), checked_folder(folder, "destPath")))
            told = await self._told(hash)
            if told.root.rstrip("/").rpartition("/")[0] != folder.rstrip("/"):
                raise ClientFailed(f"rTorrent keeps {told.name} in {told.directory}, and not in {folder}")
        await self._restart(hash, running)

    async def _each(self, hashes: Iterable[str], work: Callable[[str], Awaitable[None]]) -> Outcome:
        outcome: dict[str, AmutorrentError | None] = {}
        for hash in dict.fromkeys(hashes):
            try:
                await work(hash)
                outcome[hash] = None
            except AmutorrentError as error:
                outcome[hash] = error
        return outcome

    async def _remove(self, hash: str) -> None:
        told = await self._told(hash)
        data = await self._find(told)
        await self._close(hash)
        try:
            await self._daemon.services.run_sync(delete_data, data)
        except AmutorrentError:
            await self._restart(hash, told.running)
            raise
        await self._daemon.ask(hash, call("d.erase", hash.upper()))

    async def _restart(self, hash: str, running: bool) -> None:
        if running:
            await self._pace.wait([hash])
            await self._daemon.act([hash], step("d.start"))

    async def _find(self, told: Told) -> ItemData:
        kept = await self._needed_by_others(told)
        local_path = self._daemon.services.local_path
        return await self._daemon.services.run_sync(find, told, self._spellings.session, kept, local_path)

    async def _close(self, hash: str) -> None:
        await self._pace.wait([hash])
        await self._daemon.ask(hash, call("d.stop", hash.upper()), call("d.close", hash.upper()))

    async def _told(self, hash: str) -> Told:
        target = hash.upper()
        fields = (
            *("d.name", "d.directory", "d.is_multi_file", "d.is_meta", "d.completed_bytes", "d.state"),
            *("d.complete", "d.hashing"),
        )
        name, directory, multi, meta, done, state, complete, hashing, files = await self._daemon.ask(
            hash, *(call(each, target) for each in fields), self._listing(target)
        )
        return Told(
            hash=hash,
            name=name,
            directory=directory,
            multi=bool(multi),
            meta=bool(meta),
            done=0 if meta else done,
            paths=tuple(path_of(path) for path, _ in files),
            running=bool(state),
            complete=bool(complete) and not hashing,
            sizes=tuple(max(0, size) for _, size in files),
        )

    def _listing(self, target: str) -> Call:
        field = "f.path_components=" if "f.path_components" in self._daemon.methods else "f.path="
        return Call("f.multicall", (target, "", field, "f.size_bytes="))

    async def _needed_by_others(self, told: Told) -> set[str]:
        """Give the files that other torrents of the list hold, too, as the daemon spells them."""
        needed: set[str] = set()
        for hash, row in self._mirror.rows.items():
            root = row.directory if row.is_multi_file else f"{row.directory.rstrip('/')}/{row.name}"
            if hash != told.hash and (_within(root, told.root) or _within(told.root, root)):
                try:
                    needed |= (await self._told(hash)).whole_paths()
                except AmutorrentError:  # it is gone by now
                    continue
        return needed


def path_of(reported: Value) -> tuple[str, ...]:
    """Read the path of a file, told as a list or with slashes."""
    return tuple(reported) if isinstance(reported, list) else tuple(str(reported).split("/"))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
