"""A small disk of its own, so that it can be full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from amutorrent.testing.programs import missing


class Disk:
    """A folder on a disk of a few MiB."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, spare: int = 0) -> None:
        """Leave no byte free but `spare`."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue
        os.truncate(self._ballast, self._ballast.stat().st_size - spare)

    def grow(self, mib: int) -> None:
        """Make the disk bigger."""
        subprocess.run(["mount", "-o", f"remount,size={mib}m", str(self.path)], check=True)

    def free(self) -> None:
        """Make room."""
        self._ballast.unlink()


@contextmanager
def tmpfs(path: Path, mib: int = 8) -> Iterator[Disk]:
    """Mount one for as long as the context lasts. Only root can: else a test fails in CI, and is skipped elsewhere."""
    path.mkdir(parents=True)
    if os.getuid() != 0:
        missing("only root can mount a tmpfs")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode != 0:
        missing(f"no tmpfs can be mounted here: {mounted.stderr.strip()}")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)
