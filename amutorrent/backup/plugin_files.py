"""The files that plugins keep in `plugins/` of the data directory, as parts of a backup, and back again.

A part is named `plugins/` and the path below that folder. SQLite databases are copied as they are at one moment,
whoever writes meanwhile, and without their journals; of any other file a copy counts during which it did not change.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from .archive import PLUGINS, Archive

TRIES = 5
BUSY_S = 5
MAGIC = b"SQLite format 3\0"
JOURNALS = ("-wal", "-shm", "-journal")


def gather(plugins: Path, folder: Path) -> tuple[dict[str, Path], tuple[Path, ...]]:
    """Copy all files into `folder`, which is empty; gives the copies by the names of parts, and what has none.

    None has what a plugin keeps for itself alone, or never stops to change, or has a name that is no text.
    """
    parts: dict[str, Path] = {}
    left_out: list[Path] = []
    for source in _files(plugins):
        copy = folder / str(len(parts))
        if _named(source) and _copy(source, copy):
            parts[PLUGINS + source.relative_to(plugins).as_posix()] = copy
        elif source.exists():  # not one that went meanwhile
            left_out.append(source)
    return parts, tuple(left_out)


def unpack(archive: Archive, folder: Path) -> bool:
    """Write the files of a backup below a new folder; gives whether there are any."""
    names = [each for each in archive.manifest.parts if each.startswith(PLUGINS)]
    folder.mkdir(mode=0o700)
    for name in names:
        target = folder / PurePosixPath(name).relative_to(PLUGINS)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        archive.extract(name, target)
    return bool(names)


def _files(plugins: Path) -> Iterator[Path]:
    """Give the files below a folder; the folder of a plugin may be a link to another disk."""
    for top in sorted(plugins.iterdir()) if plugins.is_dir() else ():
        yield from [top] if top.is_file() else sorted(_below(top))


def _below(top: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(top):
        for each in (Path(folder, name) for name in names):
            if each.is_file() and not _is_journal(each):
                yield each


def _is_journal(file: Path) -> bool:
    of = next((file.with_name(file.name.removesuffix(tail)) for tail in JOURNALS if file.name.endswith(tail)), None)
    return of is not None and _is_database(of)


def _is_database(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _named(file: Path) -> bool:
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return False
    return True


def _copy(source: Path, target: Path) -> bool:
    try:
        return _copy_database(source, target) if _is_database(source) else _copy_file(source, target)
    except PermissionError:
        return False


def _copy_database(source: Path, target: Path) -> bool:
    try:
        with closing(sqlite3.connect(target)) as copy, closing(sqlite3.connect(source, timeout=BUSY_S)) as opened:
            opened.execute("BEGIN")
            opened.execute("SELECT 1 FROM sqlite_master").fetchone()  # `backup` waits for ever for what is locked
            opened.backup(copy)
    except sqlite3.Error:  # locked for as long as the plugin runs, or damaged
        target.unlink(missing_ok=True)
        return False
    return True


def _copy_file(source: Path, target: Path) -> bool:
    for _ in range(TRIES):
        try:
            before = _state(source)
            shutil.copyfile(source, target)
            if _state(source) == before:
                return True
        except FileNotFoundError:
            break
    target.unlink(missing_ok=True)
    return False


def _state(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns
