"""The data of torrents on this machine's disks: exactly the files of one torrent, never through a symbolic link.

Blocks; runs in worker threads. Below a base folder every step is made from the folder before it, by its handle and
without following links, so that nobody can put a link in the way. Errors are `OSError`s.
"""

import errno
import os
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress

from .bencode import Path

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def checked(path: Path) -> Path:
    """Give a path below the base back. Raises `PermissionError` if it would lead elsewhere."""
    if not path or any(part in ("", ".", "..") or "/" in part or "\0" in part for part in path):
        raise PermissionError(errno.EPERM, "a path that leads out of the torrent's folder", "/".join(path))
    return path


@contextmanager
def folder(base: str, own: bool, *, make: bool = False) -> Iterator[int]:
    """Open the base folder; `own`: it is the torrent's own, and must not be a link. `make`: create it if need be."""
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


def delete(base: str, own: bool, paths: Sequence[Path]) -> None:
    """Delete these files as far as they are there, and then the folders that this emptied."""
    try:
        with folder(base, own) as handle:
            for path in map(checked, paths):
                _unlink(handle, path)
            _prune(handle, paths)
    except FileNotFoundError:
        return
    if own:
        with suppress(OSError):  # not empty: what is in it is somebody else's
            os.rmdir(base)


def _unlink(base: int, path: Path) -> None:
    if size_of(base, path) is None:
        return  # not there, or a link or folder of that name, which no torrent has made
    with below(base, path[:-1]) as inner, suppress(FileNotFoundError):
        os.unlink(path[-1], dir_fd=inner)


def _prune(base: int, paths: Sequence[Path]) -> None:
    folders = {path[:depth] for path in paths for depth in range(1, len(path))}
    for each in sorted(folders, key=len, reverse=True):
        with suppress(OSError), below(base, each[:-1]) as inner:
            os.rmdir(each[-1], dir_fd=inner)


class Placing:
    """Puts one file at its new place and leaves the old one: by a second name for it, else as a copy, in steps."""

    def __init__(self, source: int, target: int, path: Path) -> None:
        self._source, self._target, self._path = source, target, checked(path)

    def steps(self, chunk: int = 8 << 20) -> Generator[int, None, None]:
        """Do it, and say after each step how many bytes that was. Raises `FileExistsError` rather than overwrite."""
        name = self._path[-1]
        with below(self._source, self._path[:-1]) as source, below(self._target, self._path[:-1], make=True) as target:
            try:
                os.link(name, name, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                    raise
                yield from _copy(source, target, name, chunk)
            else:
                yield os.stat(name, dir_fd=target, follow_symlinks=False).st_size


def _copy(source: int, target: int, name: str, chunk: int) -> Generator[int, None, None]:
    reading = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=source)
    try:
        writing = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=target)
        try:
            while sent := os.sendfile(writing, reading, None, chunk):
                yield sent
            _finish(writing, os.fstat(reading))
        except BaseException:
            os.unlink(name, dir_fd=target)
            raise
        finally:
            os.close(writing)
    finally:
        os.close(reading)


def _finish(written: int, facts: os.stat_result) -> None:
    os.fchmod(written, stat.S_IMODE(facts.st_mode))
    os.utime(written, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    os.fsync(written)
