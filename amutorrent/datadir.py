"""The data directory: one folder, one daemon. Source: data-model 12."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import StartError


class DataDirectory:
    """Where config.json, the database, the secrets and the logs lie."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def config_path(self) -> Path:
        """The settings."""
        return self.path / "config.json"

    @property
    def logs_path(self) -> Path:
        """The folder of the log files, unless the settings name another."""
        return self.path / "logs"

    @property
    def plugins_path(self) -> Path:
        """Where each plugin has a folder of its own, for what its clients keep."""
        return self.path / "plugins"

    def create(self) -> None:
        """Make the folder, for its owner only. Raises `StartError`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StartError(f"Cannot create the data directory {self.path}: {error.strerror or error}") from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other daemon out for as long as the context lasts. Raises `StartError` if one is in.

        The lock goes with the process, however it ends.
        """
        self.create()
        lock = FileLock(self.path / "lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
            give(Path(lock.lock_file), self.path.stat())
        except Timeout as error:
            raise StartError(
                f"The data directory {self.path} is in use by another daemon: stop it, or choose another --data-dir"
            ) from error
        except OSError as error:
            raise StartError(f"Cannot write in the data directory {self.path}: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()


def give(file: Path, owner: os.stat_result) -> None:
    """Give a file that root made to another owner: what is done as root is done for the user of the daemon."""
    if os.geteuid() == 0:
        with suppress(PermissionError):  # a network's disk has its own mind about who root is
            os.chown(file, owner.st_uid, owner.st_gid, follow_symlinks=False)
