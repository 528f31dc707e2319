"""The file `shareddir.dat`: one folder in a line, each shared without those below it. Blocking: run in a thread.

Lines are bytes, as paths are. A line that is no absolute path (a comment, nonsense) is nobody's to lose: it stays
where it is, whatever happens around it.
"""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from amutorrent import Forbidden, InvalidRequest


@dataclass
class Expansion:
    """Folders with all that is below them, and what could not be read."""

    folders: list[bytes] = field(default_factory=list)
    unreachable: list[bytes] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """What a change did: the folders that are shared now, how many came and went, and warnings."""

    total: int
    added: int
    removed: int
    warnings: tuple[str, ...]


class SharedDirFile:
    """The file at a path. It need not be there, but its folder has to be reachable to write it."""

    def __init__(self, path: str) -> None:
        # what is written is put in the place of the file itself, not in that of a link to it
        self.path = Path(os.path.realpath(path))

    def exists(self) -> bool:
        """Say if it is there."""
        return self.path.is_file()

    def can_write(self) -> bool:
        """Say if it can be replaced; a file that is read-only itself can."""
        return os.access(self.path.parent, os.W_OK | os.X_OK) and (not self.path.exists() or self.path.is_file())

    def lines(self) -> list[bytes]:
        """Read its lines; none if it is not there. Raises `Forbidden` if it cannot be read."""
        try:
            return [line.rstrip(b"\r") for line in self.path.read_bytes().split(b"\n") if line.strip()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Forbidden(f"{self.path} cannot be read: {error.strerror}", code="path_not_allowed") from error

    def roots(self, configured: Sequence[str]) -> list[str]:
        """List the configured folders, and those lines that lie below no other folder, as text, sorted."""
        known = {trimmed(os.fsencode(each)) for each in configured}
        found = {trimmed(line) for line in self.lines() if is_path(line)}
        everything = known | found
        tops = known | {line for line in found if not everything.intersection(parents(line))}
        return sorted(map(text, tops))

    def share(self, roots: Sequence[str], dropped: Sequence[str]) -> Written:
        """Make these folders and all below them the shared ones, in place of `dropped` and all below those.

        Lines of other folders, of folders that cannot be reached now, and lines that are no path are kept. Raises
        `Forbidden` (`path_not_writable`).
        """
        if not self.can_write():
            raise Forbidden(f"{self.path} cannot be written: is its folder there?", code="path_not_writable")
        before, found = self.lines(), expand(map(os.fsencode, roots))
        old = {trimmed(os.fsencode(each)) for each in (*roots, *dropped)}
        lost = set(found.unreachable)
        kept = [line for line in before if not is_path(line) or not within(line, old) or within(line, lost)]
        after = list(dict.fromkeys([*kept, *found.folders, *found.unreachable]))
        if after != before:
            self._replace(b"".join(line + b"\n" for line in after))
        paths_before, paths_after = set(filter(is_path, before)), set(filter(is_path, after))
        return Written(
            total=len(paths_after),
            added=len(paths_after - paths_before),
            removed=len(paths_before - paths_after),
            warnings=tuple(found.warnings),
        )

    def _replace(self, data: bytes) -> None:
        """Write it beside itself, synced, and put it in its place, with the owner and the mode that it had."""
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                self._dress(name)
                os.replace(name, self.path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            raise Forbidden(f"{self.path} cannot be written: {error.strerror}", code="path_not_writable") from error

    def _dress(self, name: str) -> None:
        try:
            held = self.path.stat()
        except FileNotFoundError:
            os.chmod(name, 0o644)
            return
        os.chmod(name, stat.S_IMODE(held.st_mode))
        with suppress(PermissionError):
            os.chown(name, held.st_uid, held.st_gid)


def expand(roots: Iterable[bytes]) -> Expansion:
    """Find all folders below some folders, these included; a folder that links lead to twice is walked once."""
    found, seen = Expansion(), set[tuple[int, int]]()
    for root in roots:
        root = trimmed(root)
        if not os.path.isdir(root) or not os.access(root, os.R_OK | os.X_OK):
            found.unreachable.append(root)
            found.warnings.append(f"Cannot scan {text(root)}")
            continue
        found.folders += _walk(root, seen, found.warnings)
    return found


def _walk(root: bytes, seen: set[tuple[int, int]], warnings: list[str]) -> Iterator[bytes]:
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            held = os.stat(folder)
            if (held.st_dev, held.st_ino) in seen:
                continue
            seen.add((held.st_dev, held.st_ino))
            with os.scandir(folder) as entries:
                below = sorted((entry.path for entry in entries if entry.is_dir()), reverse=True)
        except OSError:
            warnings.append(f"Cannot scan {text(folder)}")
            continue
        if b"\n" in folder or b"\r" in folder:
            warnings.append(f"Cannot share {text(folder)!r}: its name has a line break")
            continue
        yield folder
        waiting += below


def checked_roots(directories: Sequence[str]) -> list[str]:
    """See that these can be shared folders. Raises `InvalidRequest` (field `directories`)."""
    for each in directories:
        if not each.startswith("/") or any(c in each for c in "\n\r\0"):
            raise InvalidRequest(f"{each!r} is no absolute path", field="directories")
    if not directories:
        raise InvalidRequest("Name at least one folder", field="directories")
    return list(dict.fromkeys(text(trimmed(os.fsencode(each))) for each in directories))


def reachable(path: str) -> bool:
    """Say if a folder can be read from here."""
    return os.path.isdir(path) and os.access(path, os.R_OK | os.X_OK)


def is_path(line: bytes) -> bool:
    """Say if a line is an absolute path, and so understood."""
    return line.startswith(b"/")


def trimmed(path: bytes) -> bytes:
    """Take the strokes at the end away."""
    return path.rstrip(b"/") or b"/"


def parents(path: bytes) -> Iterator[bytes]:
    """List the folders that a path lies below, the nearest first."""
    while (above := os.path.dirname(path)) != path:
        yield above
        path = above


def within(path: bytes, folders: Set[bytes]) -> bool:
    """Say if a path is one of some folders, or lies below it."""
    return trimmed(path) in folders or not folders.isdisjoint(parents(trimmed(path)))


def text(path: bytes) -> str:
    """Give a path as text that can be shown."""
    return path.decode("utf-8", "replace")
