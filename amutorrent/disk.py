"""The data of items on this machine's disks: exactly the files of one item, and never through a symbolic link.

Blocks; runs in worker threads. Below a base folder every step is made from the folder before it, by its handle and
without following links, so that nobody can put a link in the way. Names are as `os.fsdecode` spells them, so bytes that
are no UTF-8 survive.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from .errors import AmutorrentError, ClientFailed, Forbidden

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
REFUSALS = (errno.EACCES, errno.EPERM, errno.EROFS)

Path = tuple[str, ...]
"""The names that lead from a base folder to a file."""


@dataclass(frozen=True)
class DataFile:
    """One file of an item: where it lies below the base folder, its bytes, and whether other items need it, too."""

    path: Path
    size: int
    needed: bool = False


@dataclass(frozen=True)
class ItemData:
    """Where the data of an item lies on this machine: files below a base folder.

    `own`: the base folder is the item's own, and goes with it; `multi`: the item has a folder called `name`, wherever
    it is. `whole`: every file must be there with its size; otherwise some may be missing, or shorter. `running`: the
    client has it running.
    """

    folder: str
    files: Sequence[DataFile]
    name: str = ""
    multi: bool = False
    own: bool = False
    whole: bool = True
    running: bool = False


def delete_data(data: ItemData) -> None:
    """Delete the files of an item but those that others need, and then the folders that this emptied. Blocks.

    Raises `ClientFailed` where one is not there, or is another one than is meant (nothing is deleted then), `Forbidden`
    where it may not be deleted. Of data that is not `whole`, files may be missing or shorter.
    """
    paths = [file.path for file in present(data) if not file.needed]
    with explained(data.folder), suppress(FileNotFoundError), folder(data.folder, own=data.own) as base:
        for path in paths:
            with below(base, path[:-1]) as inner:
                os.unlink(path[-1], dir_fd=inner)
        prune(base, [file.path for file in data.files])
        if data.own:
            with suppress(OSError):  # not empty: what is in it is somebody else's
                os.rmdir(data.folder)


def present(data: ItemData) -> list[DataFile]:
    """List the files that are there, with the sizes that they have. Raises as `delete_data`; changes nothing."""
    for file in data.files:
        checked(file.path)
    with explained(data.folder):
        try:
            with folder(data.folder, own=data.own) as base:
                found = [_looked_at(base, data, file) for file in data.files]
        except FileNotFoundError:
            if data.whole:
                raise ClientFailed(f"{data.folder} is not there, as this machine sees it") from None
            found = []
    return [file for file in found if file is not None]


def _looked_at(base: int, data: ItemData, file: DataFile) -> DataFile | None:
    size = size_of(base, file.path)
    if size is None and not data.whole and not exists(base, file.path):
        return None
    if size is None or size > file.size or (data.whole and size != file.size):
        where = "/".join((data.folder, *file.path))
        raise ClientFailed(f"{where} is not there, or is not the file that is meant (another size, or no plain file)")
    return DataFile(file.path, size, file.needed)


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what the file system says into errors of ours."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise on_disk(error, where) from error


def on_disk(error: OSError, where: str) -> AmutorrentError:
    """Say what the file system has against it."""
    message = f"{where}: {error.strerror}"
    if error.errno in REFUSALS:
        return Forbidden(message, code="path_not_writable")
    return ClientFailed(message)


def checked(path: Path) -> Path:
    """Give a path below a base back. Raises `ClientFailed` if it would lead elsewhere."""
    if not path or any(part in ("", ".", "..") or "/" in part or "\0" in part for part in path):
        raise ClientFailed(f"{'/'.join(path)!r} leads out of the folder of its item: nothing was touched")
    return path


@contextmanager
def folder(base: str, *, own: bool, make: bool = False) -> Iterator[int]:
    """Open a base folder; `own`: it is the item's own, and must not be a link. `make`: create it if need be."""
    if make:
        os.makedirs(os.path.dirname(base) if own else base, exist_ok=True)
        if own:
            with suppress(FileExistsError):
                os.mkdir(base)
    handle = os.open(base, FOLDER if own else FOLDER & ~os.O_NOFOLLOW)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def below(handle: int, folders: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """Open the folder that these names lead to."""
    opened = os.dup(handle)
    try:
        for name in folders:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(name, dir_fd=opened)
            inner = os.open(name, FOLDER, dir_fd=opened)
            os.close(opened)
            opened = inner
        yield opened
    finally:
        os.close(opened)


def size_of(base: int, path: Path) -> int | None:
    """Give the bytes of a regular file; None if there is none."""
    try:
        with below(base, path[:-1]) as inner:
            found = os.stat(path[-1], dir_fd=inner, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            return None
        raise
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def exists(base: int, path: Path) -> bool:
    """Say if anything is there, a link as well."""
    try:
        with below(base, path[:-1]) as inner:
            os.stat(path[-1], dir_fd=inner, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
    return True


def prune(base: int, paths: Sequence[Path]) -> None:
    """Take away the folders on these paths that are empty."""
    folders = {path[:depth] for path in paths for depth in range(1, len(path))}
    for each in sorted(folders, key=len, reverse=True):
        with suppress(OSError), below(base, each[:-1]) as inner:
            os.rmdir(each[-1], dir_fd=inner)
