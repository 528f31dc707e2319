"""Files that several torrents of the list have in common: they outlive the torrent that goes."""

import os
from collections.abc import Collection, Iterable, Mapping

from amutorrent import AmutorrentError, DataFile, ItemData, delete_data

from .engine import Engine
from .torrents import Torrent

Files = Mapping[str, int]
"""Path below the folder that the torrent was saved to -> bytes."""


async def needed_by_others(engine: Engine, hashes: Collection[str]) -> dict[str, ItemData]:
    """Give the data of those of these torrents whose files other torrents may have, too."""
    going = [torrent for hash in hashes if (torrent := engine.find(hash)).path]
    staying = [each for each in engine.torrents.values() if each.hash not in hashes and each.path]
    return await engine.run_sync(_needed, going, staying) if going and staying else {}


async def delete_rest(engine: Engine, data: ItemData) -> AmutorrentError | None:
    """Delete the files that nobody else has; give what is wrong."""
    try:
        await engine.run_sync(delete_data, data)
    except AmutorrentError as error:
        return error
    return None


def first_in(folder: str, torrent: Torrent, taken: set[str]) -> str | None:
    """Give the path of a file of a torrent that is in this folder already, and not because it lies there. Blocks.

    `taken`: paths that others are about to have; those of this torrent are added if all are free.
    """
    if os.path.normpath(folder) == os.path.normpath(torrent.save_path):
        return None
    paths = [os.path.join(folder, path) for path in _files(torrent)]
    found = next((path for path in paths if path in taken or os.path.lexists(path)), None)
    if found is None:
        taken.update(paths)
    return found


def overlap(one: str, other: str) -> bool:
    """Say if one of two paths lies in the other, or is the same."""
    mine, theirs = f"{one}/", f"{other}/"
    return mine.startswith(theirs) or theirs.startswith(mine)


def _needed(going: Iterable[Torrent], staying: Iterable[Torrent]) -> dict[str, ItemData]:
    places = [(os.path.realpath(each.path), each) for each in staying if each.path]
    found = {}
    for torrent in going:
        place = os.path.realpath(torrent.path or "")
        if others := [each for theirs, each in places if overlap(place, theirs)]:
            found[torrent.hash] = _data(torrent, others)
    return found


def _real(torrent: Torrent, path: str) -> str:
    """Say where a file is: two torrents may spell its folder differently."""
    return os.path.realpath(os.path.join(torrent.save_path, path))


def _data(torrent: Torrent, others: Iterable[Torrent]) -> ItemData:
    needed = {_real(each, path) for each in others for path in _files(each)}
    files = [
        DataFile(tuple(path.split("/")), size, _real(torrent, path) in needed) for path, size in _files(torrent).items()
    ]
    layout = torrent.layout
    assert layout is not None, "it has a path"
    return ItemData(
        folder=torrent.save_path, files=files, name=layout.path, multi=layout.several, whole=False, running=False
    )


def _files(torrent: Torrent) -> Files:
    info = torrent.handle.torrent_file()
    if info is None:
        return {}
    files = info.layout()
    real = [number for number in range(files.num_files()) if not files.file_flags(number) & files.flag_pad_file]
    return {files.file_path(number): files.file_size(number) for number in real}
