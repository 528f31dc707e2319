"""What a move does on the disk: each phase a generator of the bytes that it has done since its last step.

Blocks; each step runs in a worker thread. Every phase may be begun again wherever it was cut off, and does then what is
left of it. No file is ever overwritten, and none is deleted unless another one of its size lies where it belongs.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from ..disk import Path, below, exists, folder, prune, size_of
from ..errors import ClientFailed
from . import faults
from .plan import Phase, Plan, PlannedFile

CHUNK = 4 << 20
NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS)
Steps = Generator[int, None, None]


def copy(plan: Plan) -> Steps:
    """Make a second one of every file in the staging folder: by another name for it, else a copy that was compared."""
    with folder(plan.source_folder, own=plan.own) as source:
        for file in plan.files:
            _check_size(source, plan.source_folder, file)
        _wipe(plan.staging, plan.files)
        with folder(plan.staging, own=True, make=True) as staging:
            for file in plan.files:
                yield from _second(source, staging, file)
            _sync_folders(staging, plan.files)
    faults.reached("copied")


def place(plan: Plan) -> Steps:
    """Put everything from the staging folder to its place."""
    with folder(plan.target_folder, own=plan.multi, make=True) as target:
        with _there(plan.staging) as staging:
            yield from _shift_all(staging, plan.staging, target, plan.target_folder, plan.files, "placing")
        _sync_folders(target, plan.files)
    _sync_above(plan.target_folder)
    _wipe(plan.staging, ())
    faults.reached("placed")


def set_aside(plan: Plan) -> Steps:
    """Take everything away from the old place that does not stay there, so that nobody finds it twice."""
    going = _going(plan)
    if going:
        with folder(plan.attic, own=True, make=True) as attic:
            with _there(plan.source_folder, own=plan.own) as source:
                yield from _shift_all(source, plan.source_folder, attic, plan.attic, going, "setting aside")
            _sync_folders(attic, going)
    faults.reached("set aside")


def leave(plan: Plan) -> Steps:
    """Delete what was set aside, and the folders that this emptied."""
    with _there(plan.attic) as attic, folder(plan.target_folder, own=plan.multi) as target:
        for file in _in(attic, _going(plan)):
            _check_size(target, plan.target_folder, file)
            _unlink(attic, file.path)
            faults.reached("leaving")
            yield 0
        _prune(attic, plan)
    _remove_folder(plan.attic)
    with _there(plan.source_folder, own=plan.own) as source:
        _prune(source, plan)
    if plan.own:
        _remove_folder(plan.source_folder)
    faults.reached("left")


def put_back(plan: Plan) -> Steps:
    """Undo `set_aside`."""
    with _there(plan.attic) as attic:
        here = _in(attic, _going(plan))
        if here:
            with folder(plan.source_folder, own=plan.own, make=True) as source:
                yield from _shift_all(attic, plan.attic, source, plan.source_folder, here, "putting back")
                _sync_folders(source, here)
        _prune(attic, plan)
    _remove_folder(plan.attic)
    faults.reached("put back")


def take_back(plan: Plan) -> Steps:
    """Undo `place`: what is not in the staging folder any more was placed by us."""
    with _there(plan.target_folder, own=plan.multi) as target:
        if target is not None:
            with folder(plan.staging, own=True, make=True) as staging:
                placed = [file for file in plan.files if size_of(target, file.path) == file.size]
                ours = [file for file in placed if not _foreign(staging, target, file.path)]
                yield from _shift_all(target, plan.target_folder, staging, plan.staging, ours, "taking back")
        _prune(target, plan)
    if plan.multi:
        _remove_folder(plan.target_folder)
    faults.reached("taken back")


def discard(plan: Plan) -> Steps:
    """Undo `copy`: delete what is in the staging folder, but for what does not lie at the old place any more."""
    with _there(plan.staging) as staging, _there(plan.source_folder, own=plan.own) as source:
        kept = _in(source, plan.files)
        for file in _in(staging, plan.files):
            if file in kept:
                _unlink(staging, file.path)
                faults.reached("discarding")
                yield 0
    _wipe(plan.staging, ())
    faults.reached("discarded")


STEPS = {
    Phase.COPYING: copy,
    Phase.PLACING: place,
    Phase.ASIDE: set_aside,
    Phase.LEAVING: leave,
    Phase.PUTTING_BACK: put_back,
    Phase.TAKING_BACK: take_back,
    Phase.DISCARDING: discard,
}
"""What each phase does on the disk; `telling` is done with the client."""


def _going(plan: Plan) -> list[PlannedFile]:
    return [file for file in plan.files if not file.stays]


def _check_size(base: int, where: str, file: PlannedFile) -> None:
    if size_of(base, file.path) != file.size:
        raise ClientFailed(f"{os.path.join(where, *file.path)} is not there any more, or has another size")


# -- a second one of a file


def _second(source: int, staging: int, file: PlannedFile) -> Steps:
    name = file.path[-1]
    with below(source, file.path[:-1]) as inner, below(staging, file.path[:-1], make=True) as outer:
        try:
            os.link(name, name, src_dir_fd=inner, dst_dir_fd=outer, follow_symlinks=False)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            yield from _copy(inner, outer, name, file)
        else:
            faults.reached("copying")
            yield file.size


def _copy(source: int, target: int, name: str, file: PlannedFile) -> Steps:
    """Copy a file, put it on the disk, and read both again: what was written is what lies there."""
    reading = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=source)
    try:
        before = os.fstat(reading)
        writing = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=target)
        try:
            written = hashlib.blake2b()
            while chunk := os.read(reading, CHUNK):
                written.update(chunk)
                _write(writing, chunk)
                faults.reached("copying")
                yield len(chunk)
            os.fchmod(writing, stat.S_IMODE(before.st_mode))
            with suppress(PermissionError):  # only root can: others own what they write
                os.fchown(writing, before.st_uid, before.st_gid)
            os.utime(writing, ns=(before.st_atime_ns, before.st_mtime_ns))
            os.fsync(writing)
            os.posix_fadvise(writing, 0, 0, os.POSIX_FADV_DONTNEED)  # so that it is read from the disk, if it is one
            yield 0
            read = yield from _hash(writing)
        finally:
            os.close(writing)
        after = os.fstat(reading)
    finally:
        os.close(reading)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or after.st_size != file.size:
        raise ClientFailed(f"{os.fsdecode(name)} was changed while it was copied")
    if read != written.digest():
        raise ClientFailed(f"What was read of the copy of {os.fsdecode(name)} is not what was written: a failing disk?")


def _write(handle: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _hash(handle: int) -> Generator[int, None, bytes]:
    found = hashlib.blake2b()
    os.lseek(handle, 0, os.SEEK_SET)
    while chunk := os.read(handle, CHUNK):
        found.update(chunk)
        yield 0
    return found.digest()


# -- from one folder to another one of the same file system


def _shift_all(
    start: int | None, start_name: str, end: int, end_name: str, files: Sequence[PlannedFile], point: str
) -> Steps:
    """Bring files from one base folder to another; what is there already was brought before the program was cut off."""
    for file in files:
        if start is None or size_of(start, file.path) is None:
            _check_size(end, end_name, file)
            continue
        _check_size(start, start_name, file)
        _shift(start, end, end_name, file.path)
        faults.reached(point)
        yield 0


def _shift(start: int, end: int, end_name: str, path: Path) -> None:
    name = path[-1]
    with below(start, path[:-1]) as inner, below(end, path[:-1], make=True) as outer:
        try:
            os.link(name, name, src_dir_fd=inner, dst_dir_fd=outer, follow_symlinks=False)
        except FileExistsError:
            if not _same(inner, outer, name):
                raise ClientFailed(f"{os.path.join(end_name, *path)} is there already") from None
        except OSError as error:
            if error.errno == errno.EXDEV or error.errno not in NO_LINKS:
                raise
            if exists(outer, (name,)):
                raise ClientFailed(f"{os.path.join(end_name, *path)} is there already") from None
            os.rename(name, name, src_dir_fd=inner, dst_dir_fd=outer)
            return
        os.unlink(name, dir_fd=inner)


def _same(folder_a: int, folder_b: int, name: str) -> bool:
    one, two = (os.stat(name, dir_fd=each, follow_symlinks=False) for each in (folder_a, folder_b))
    return (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino)


def _foreign(staging: int, target: int, path: Path) -> bool:
    """Say whether ours still waits in the staging folder, so that what lies at the place is somebody else's."""
    if not exists(staging, path):
        return False
    with below(staging, path[:-1]) as inner, below(target, path[:-1]) as outer:
        return not _same(inner, outer, path[-1])


# -- folders


@contextmanager
def _there(base: str, *, own: bool = True) -> Iterator[int | None]:
    """Open a base folder; None if it is not there."""
    try:
        opened = folder(base, own=own)
        handle = opened.__enter__()
    except FileNotFoundError:
        yield None
        return
    try:
        yield handle
    finally:
        opened.__exit__(None, None, None)


def _in(base: int | None, files: Sequence[PlannedFile]) -> list[PlannedFile]:
    """List those that lie in a base folder."""
    return [file for file in files if base is not None and size_of(base, file.path) is not None]


def _prune(base: int | None, plan: Plan) -> None:
    if base is not None:
        prune(base, [file.path for file in plan.files])


def _unlink(base: int | None, path: Path) -> None:
    assert base is not None, "a file was found in it"
    with below(base, path[:-1]) as inner:
        os.unlink(path[-1], dir_fd=inner)


def _wipe(base: str, files: Iterable[PlannedFile]) -> None:
    """Delete a folder of our own with these files, and its folders; anything else in it stays."""
    with _there(base) as handle:
        if handle is not None:
            for file in _in(handle, list(files)):
                _unlink(handle, file.path)
            prune(handle, _folders_in(handle))
    _remove_folder(base)


def _folders_in(base: int) -> list[Path]:
    """List the ways to all folders in a folder of ours, so that the empty ones go."""
    found: list[Path] = []
    for root, folders, _, _ in os.fwalk(".", dir_fd=base):
        at = tuple(part for part in root.split("/") if part != ".")
        found += [(*at, each, "") for each in folders]
    return found


def _remove_folder(path: str) -> None:
    with suppress(OSError):  # not empty: what is in it is somebody else's
        os.rmdir(path)


def _sync_folders(base: int, files: Iterable[PlannedFile]) -> None:
    os.fsync(base)
    for each in {file.path[:depth] for file in files for depth in range(1, len(file.path))}:
        with below(base, each) as inner:
            os.fsync(inner)


def _sync_above(path: str) -> None:
    """Put the names of a folder and of those above it on the disk: they may be new."""
    while path not in ("/", ""):
        path = os.path.dirname(path)
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
