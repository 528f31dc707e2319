"""Deleting and moving the data of torrents, which the daemon does not do itself. Source: rtorrent 5."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

import trio

from amutorrent import (
    AmutorrentError,
    ClientFailed,
    Conflict,
    ItemData,
    MoveActiveDownloads,
    MoveData,
    Outcome,
    RemoveWithFiles,
    delete_data,
)

from . import disk
from .calls import Call, Value, call
from .daemon import Daemon
from .downloads import step
from .mirror import Mirror
from .moves import Move, Moves
from .pace import Pace
from .place import Told, find
from .spelling import Spellings
from .text import checked_folder

CLOSING_S = 2.0


class Storage(RemoveWithFiles, MoveData, MoveActiveDownloads):
    """Works on the files where both, the daemon and we, see the same folders; says so where we do not."""

    def __init__(self, daemon: Daemon, mirror: Mirror, spellings: Spellings, moves: Moves, pace: Pace) -> None:
        self._daemon, self._mirror, self._moves, self._pace = daemon, mirror, moves, pace
        self._spellings = spellings

    async def remove_with_files(self, hashes: Sequence[str]) -> Outcome:
        """Close them, delete their files, and take them off the list: in this order, so that it can be tried again."""
        return await self._daemon.when_checked(hashes, lambda free: self._each(free, self._remove))

    async def move(self, hashes: Sequence[str], destination: str) -> Outcome:
        """Start moving their data; what forbids it is answered at once, what goes wrong later stands in the item."""
        target = checked_folder(destination, "destination")
        return await self._daemon.when_checked(
            hashes, lambda free: self._each(free, lambda hash: self._begin(hash, target))
        )

    async def _each(self, hashes: Iterable[str], work: Callable[[str], Awaitable[None]]) -> Outcome:
        outcome: dict[str, AmutorrentError | None] = {}
        for hash in dict.fromkeys(hashes):
            try:
                await work(hash)
                outcome[hash] = None
            except AmutorrentError as error:
                outcome[hash] = error
            except OSError as error:
                outcome[hash] = _on_disk(error)
        return outcome

    async def _remove(self, hash: str) -> None:
        if self._moves.under_way(hash):
            raise Conflict(f"The data of {hash} is being moved")
        told = await self._told(hash)
        data = await self._find(told)
        await self._close(hash)
        try:
            await self._run(delete_data, data)
        except AmutorrentError:
            await self._restart(told)
            raise
        await self._daemon.ask(hash, call("d.erase", hash.upper()))

    async def _find(self, told: Told) -> ItemData:
        kept = await self._needed_by_others(told)
        local_path = self._daemon.services.local_path
        return await self._daemon.services.run_sync(find, told, self._spellings.session, kept, local_path)

    async def _begin(self, hash: str, destination: str) -> None:
        if self._moves.under_way(hash):
            raise Conflict(f"The data of {hash} is being moved already")
        told = await self._told(hash)
        if told.meta:
            raise Conflict(f"{hash} has no data yet: what it holds is still to be learnt")
        place = await self._find(told)
        base = f"{destination.rstrip('/')}/{place.name}" if told.multi else destination
        if base == place.folder:
            return
        files = await self._run(_preflight, place, base, told.multi)
        move = self._moves.begin(hash, len(files), sum(files.values()))
        removable = [file.path for file in place.files if not file.needed]
        carrier = _Carrier(place, base, told.multi, list(files), removable, move, self._run)
        self._daemon.services.nursery.start_soon(self._carry, told, destination, carrier)

    async def _carry(self, told: Told, destination: str, carrier: "_Carrier") -> None:
        """Move in the background: nothing at the old place goes before everything is at the new one."""
        hash = told.hash
        try:
            await self._close(hash)
            await carrier.place()
            await self._daemon.ask(hash, call("d.directory.set", hash.upper(), destination))
        except (AmutorrentError, OSError) as error:
            await carrier.undo()
            carrier.move.error = (_on_disk(error) if isinstance(error, OSError) else error).message
            self._daemon.services.log.warning("%s could not be moved: %s", hash, carrier.move.error)
        except BaseException:
            with trio.move_on_after(CLOSING_S, shield=True):
                await carrier.undo()
                await self._restart(told)
            raise
        else:
            await carrier.leave()
            self._moves.end(hash)
        await self._restart(told)

    async def _restart(self, told: Told) -> None:
        if told.running:
            await self._pace.wait([told.hash])
            await self._daemon.act([told.hash], step("d.start"))

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

    async def _run(self, function: Callable[..., Value], *args: object) -> Value:
        return await self._daemon.services.run_sync(function, *args)


class _Carrier:
    """Carries the files of one move."""

    def __init__(
        self,
        place: ItemData,
        base: str,
        multi: bool,
        paths: Sequence[tuple[str, ...]],
        removable: Sequence[tuple[str, ...]],
        move: Move,
        run: Callable[..., Awaitable[Value]],
    ) -> None:
        self.move = move
        self._place, self._base, self._multi, self._paths = place, base, multi, paths
        self._removable, self._run = removable, run
        self._placed: list[tuple[str, ...]] = []

    async def place(self) -> None:
        """Put everything at the new place."""
        with (
            disk.folder(self._place.folder, self._place.own) as source,
            disk.folder(self._base, self._multi, make=True) as target,
        ):
            for path in self._paths:
                self.move.current = "/".join(path).encode("utf-8", "replace").decode()
                steps = disk.Placing(source, target, path).steps()
                try:
                    while (size := await self._run(next, steps, None)) is not None:
                        self.move.done += size
                finally:
                    steps.close()
                self._placed.append(path)
                self.move.moved += 1

    async def undo(self) -> None:
        """Take away what was put at the new place."""
        await self._run(disk.delete, self._base, self._multi, self._placed)

    async def leave(self) -> None:
        """Take away what is left at the old place."""
        await self._run(disk.delete, self._place.folder, self._place.own, self._removable)


def path_of(reported: Value) -> tuple[str, ...]:
    """Read the path of a file, told as a list or with slashes."""
    return tuple(reported) if isinstance(reported, list) else tuple(str(reported).split("/"))


def _preflight(place: ItemData, base: str, multi: bool) -> dict[tuple[str, ...], int]:
    """Give the files that are there, with their sizes. Raises `Conflict` where the new place is taken."""
    with disk.folder(place.folder, place.own) as source:
        paths = [file.path for file in place.files]
        sizes = {path: size for path in paths if (size := disk.size_of(source, path)) is not None}
    try:
        with disk.folder(base, multi) as target:
            taken = [path for path in sizes if disk.exists(target, path)]
    except FileNotFoundError:
        taken = []
    if taken:
        raise Conflict(
            f"{base} has a {'/'.join(taken[0])!r} already: nothing was moved".encode("utf-8", "replace").decode()
        )
    return sizes


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _on_disk(error: OSError) -> ClientFailed:
    where = error.filename if isinstance(error.filename, str) else ""
    return ClientFailed(
        f"The files could not be changed: {error.strerror} {where}".encode("utf-8", "replace").decode().strip()
    )
