"""Looks into folders of this machine, for people who choose a path: allowed ones only. Source: http-api 13.

What a link leads to counts, not where it lies: a folder is opened step by step without following any, after it was
resolved, so that nothing can be swapped in between. All of it blocks: run it in a worker thread.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath

from msgspec import UNSET, Struct, UnsetType

from ..errors import AmutorrentError, Forbidden, InvalidRequest, NotFound
from ..model import camel

MOST = 5000
"""So many names of each kind are listed."""
MOST_SEEN = 100_000
"""So many names of a folder are looked at."""
SYSTEM = tuple(
    map(
        PurePosixPath,
        [
            "/bin",
            "/boot",
            "/dev",
            "/etc",
            "/lib",
            "/lib32",
            "/lib64",
            "/libx32",
            "/proc",
            "/run",
            "/sbin",
            "/sys",
            "/usr",
            "/var/run",
        ],
    )
)
MEDIA = PurePosixPath("/run/media")
"""Disks that people plug in lie there."""


class Folder(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """One folder: the names of the folders in it, and of the files if asked for, sorted.

    `parent` null: it is one of the roots. `more`: there are more names than are listed.
    """

    path: str
    parent: str | None
    directories: list[str]
    writable: bool
    files: list[str] | UnsetType = UNSET
    more: bool = False


class Roots:
    """The folders that may be looked into, with all below them."""

    def __init__(self, roots: Sequence[str]) -> None:
        self.first = _tidy(roots[0]) if roots else None
        written = {_tidy(each) for each in roots}
        self._roots = written | {PurePosixPath(os.path.realpath(each)) for each in written}

    def allow(self, path: PurePosixPath) -> bool:
        """Say whether a path lies below a root, and in no hidden or system folder below that."""
        return any(self._below(root, path) for root in self._roots)

    def _below(self, root: PurePosixPath, path: PurePosixPath) -> bool:
        if not path.is_relative_to(root):
            return False
        if any(part.startswith(".") for part in path.relative_to(root).parts):
            return False
        if path.is_relative_to(MEDIA):
            return True
        return not any(path.is_relative_to(each) and not root.is_relative_to(each) for each in SYSTEM)


def browse(roots: Sequence[str], path: str, include_files: bool) -> Folder:
    """List a folder; "" is the first root.

    Raises `InvalidRequest` for a path that is none, `Forbidden` (`path_not_allowed`), `NotFound`.
    """
    allowed = Roots(roots)
    asked = _checked(path) if path else allowed.first
    if asked is None or not allowed.allow(asked):
        raise _not_allowed()
    with _failures():
        real = PurePosixPath(os.path.realpath(asked, strict=True))
        if not allowed.allow(real):
            raise _not_allowed()
        with _opened(real) as folder:
            directories, files, more = _names(folder, real, allowed, include_files)
            writable = os.access(".", os.W_OK | os.X_OK, dir_fd=folder)
    parent = asked.parent
    return Folder(
        path=str(asked),
        parent=str(parent) if parent != asked and allowed.allow(parent) else None,
        directories=sorted(directories, key=str.casefold)[:MOST],
        files=sorted(files, key=str.casefold)[:MOST] if include_files else UNSET,
        writable=writable,
        more=more or len(directories) > MOST or len(files) > MOST,
    )


def _names(folder: int, real: PurePosixPath, allowed: Roots, include_files: bool) -> tuple[list[str], list[str], bool]:
    """List the names of folders and of files; what cannot be sent or may not be seen is left out."""
    directories: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= MOST_SEEN:
                return directories, files, True
            if entry.name.startswith(".") or not _sendable(entry.name):
                continue
            if _is_folder(entry):
                if allowed.allow(_target(entry, real)):
                    directories.append(entry.name)
            elif include_files:
                files.append(entry.name)
    return directories, files, False


def _target(entry: "os.DirEntry[str]", real: PurePosixPath) -> PurePosixPath:
    path = real / entry.name
    return PurePosixPath(os.path.realpath(path)) if entry.is_symlink() else path


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle, or to a share that is away
        return False


def _sendable(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)


@contextmanager
def _opened(path: PurePosixPath) -> Iterator[int]:
    """Open a folder without following a link on the way."""
    step = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    passing = getattr(os, "O_PATH", os.O_RDONLY) | step
    descriptor = os.open("/", os.O_RDONLY | step if path == PurePosixPath("/") else passing)
    try:
        for number, part in enumerate(path.parts[1:], 2):
            last = number == len(path.parts)
            inner = os.open(part, os.O_RDONLY | step if last else passing, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except AmutorrentError:
        raise
    except PermissionError as error:
        raise Forbidden("The daemon may not read this folder", code="path_not_allowed") from error
    except OSError as error:
        raise NotFound("There is no such folder") from error


def _checked(path: str) -> PurePosixPath:
    if not path.startswith("/") or "\0" in path or ".." in path.split("/") or not _sendable(path):
        raise InvalidRequest("This should be an absolute path without '..'", field="path")
    return _tidy(path)


def _tidy(path: str) -> PurePosixPath:
    return PurePosixPath("/" + path.strip("/"))


def _not_allowed() -> Forbidden:
    return Forbidden("This folder may not be looked into (directories.browse)", code="path_not_allowed")
