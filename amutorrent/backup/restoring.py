"""Putting a backup in the place of what is there. Everything is tried first, and what was there is kept beside it.

A file is never missing in between: what was there gets a second name, and the new one takes over the first; the folder
of plugins is, for a moment. A restore that was cut short is simply done again.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from ..accounts.accounts import SECRET as SECRET_FILE
from ..accounts.keys import SECRET_BYTES
from ..datadir import DataDirectory, give
from ..errors import InvalidRequest, SettingsError, StorageUnavailable
from ..settings import CONFIG as CONFIG_FILE
from ..settings import Settings
from ..store import Place, locate
from ..store.copying import look_at_snapshot, pour, prepare, settle, snapshot
from .archive import CONFIG, DATABASE, SECRET, Archive, Manifest, opened, sync_folder
from .plugin_files import unpack

UNNAMED, BEFORE = ".restore-", "-before-restore-"


class Restored(Struct, frozen=True, kw_only=True):
    """What was done: the backup, the database that it is in now, and where what was there lies."""

    manifest: Manifest
    database: str
    kept: tuple[Path, ...]


def restore_backup(
    directory: DataDirectory, path: Path, environ: Mapping[str, str], *, keep_config: bool = False
) -> Restored:
    """Put a backup in the place of what a data directory holds; with `keep_config` all but its settings.

    Nothing has changed when this raises: `StartError` while a daemon runs there, `InvalidRequest` for a file that is
    no good backup, `StorageUnavailable`.
    """
    with opened(path) as archive, directory.lock():
        try:
            return _restore(directory, archive, environ, keep_config=keep_config)
        except OSError as error:
            raise StorageUnavailable(f"Cannot restore in {directory.path}: {error.strerror or error}") from error


def _restore(directory: DataDirectory, archive: Archive, environ: Mapping[str, str], *, keep_config: bool) -> Restored:
    _forget(directory.path)
    with _unnamed(directory.path) as name:
        folder = Path(name)
        taken = [part for part in (SECRET, CONFIG) if part in archive and not (part == CONFIG and keep_config)]
        for part in taken:
            archive.extract(part, folder / part)
        if SECRET in taken and (folder / SECRET).stat().st_size != SECRET_BYTES:
            raise InvalidRequest(f"The backup {archive.path} holds no proper secret", field="file")
        place = _place(directory, folder if CONFIG in taken else directory.path, environ, bare=not keep_config)
        homes = [(place.file or directory.config_path).parent, directory.plugins_path.resolve().parent]
        for home in {*homes} - {directory.path}:
            _forget(home)
        with ExitStack() as stack:  # each on the disk of that whose place it takes
            database, files = (Path(stack.enter_context(_unnamed(home))) for home in homes)
            database, files = database / DATABASE, files / "plugins"
            archive.extract(DATABASE, database)
            look_at_snapshot(database)
            return _put(directory, archive, place, folder, taken, database, files if unpack(archive, files) else None)


def _unnamed(home: Path) -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(dir=home, prefix=UNNAMED)  # mode 0700


def _place(directory: DataDirectory, settings_in: Path, environ: Mapping[str, str], *, bare: bool) -> Place:
    """Say where the database belongs by the settings that are going to count, which have to be right."""
    try:
        settings = Settings(settings_in, environ=environ)
    except SettingsError as error:
        whose = "of the backup" if bare else "that are there"
        raise InvalidRequest(f"The settings {whose} are wrong: {error.message}", field="config.json") from error
    return locate(settings.database_url, directory.path)


def _put(
    directory: DataDirectory,
    archive: Archive,
    place: Place,
    folder: Path,
    taken: list[str],
    database: Path,
    plugins: Path | None,
) -> Restored:
    folder_of_plugins = directory.plugins_path.resolve()
    swap = _Swap(directory.path, _stamp(directory.path, database.parent.parent, folder_of_plugins.parent))
    try:
        if plugins is not None:
            swap.folder(folder_of_plugins, plugins)
        if place.file is not None:
            swap.database(place.file, database)
        else:
            swap.keep_rows(place, directory.path / "amutorrent.db")
        for part, name in ((SECRET, SECRET_FILE), (CONFIG, CONFIG_FILE)):
            if part in taken:
                swap.file(directory.path / name, folder / part)
        if place.file is None:
            pour(database, place, archive.manifest.numbers)  # last: it cannot be taken back
        swap.seal()
    except BaseException:  # whatever ends it, Ctrl+C too: what was there comes back
        swap.undo()
        raise
    return Restored(manifest=archive.manifest, database=place.name, kept=tuple(swap.kept))


def _stamp(*folders: Path) -> str:
    """Give the time for the names of what is kept; none that is kept already has it."""
    now = datetime.now().strftime("%Y%m%d-%H%M%S")
    candidates = (f"{now}{tail}" for tail in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(each for each in candidates if not any([*folder.glob(f"*{BEFORE}{each}*")] for folder in folders))


class _Swap:
    """Puts new files in the place of old ones, which get another name; `undo` puts those back."""

    def __init__(self, directory: Path, stamp: str) -> None:
        self.kept: list[Path] = []
        self._directory, self._stamp = directory, stamp
        self._undoing: list[Callable[[], object]] = []
        self._folders: set[Path] = set()

    def file(self, place: Path, new: Path) -> None:
        """Let `new` take the place of a file."""
        place = place.resolve()
        old, owner = self._name(place), self._owner_of(place)
        give(new, owner)
        try:
            os.link(place, old)
        except FileNotFoundError:
            self._undoing.append(lambda: place.unlink(missing_ok=True))
        except OSError:  # a disk that knows no second names
            shutil.copy2(place, old)
            give(old, owner)
            self._keep(old, place)
        else:
            self._keep(old, place)
        os.replace(new, place)
        self._folders.add(place.parent)

    def folder(self, place: Path, new: Path) -> None:
        """Let `new` take the place of a folder."""
        owner = self._owner_of(place)
        for each in (new, *new.rglob("*")):
            give(each, owner)
        if place.exists():
            old = self._name(place)
            os.replace(place, old)
            self.kept.append(old)
            self._undoing.append(lambda: os.replace(old, place))
        self._undoing.append(lambda: shutil.rmtree(place, ignore_errors=True))
        os.replace(new, place)
        self._folders.add(place.parent)

    def database(self, place: Path, new: Path) -> None:
        """Let `new` take the place of an SQLite file: a journal of the old one must not be taken for its own."""
        place = place.resolve()
        settled = settle(place) if place.exists() else True
        for tail in () if settled else ("-wal", "-shm"):
            journal = place.with_name(place.name + tail)
            if journal.exists():
                aside = self._name(place).with_name(self._name(place).name + tail)
                os.replace(journal, aside)
                self._keep(aside, journal)
        for tail in ("-wal", "-shm") if settled else ():
            place.with_name(place.name + tail).unlink(missing_ok=True)
        self.file(place, new)

    def keep_rows(self, place: Place, like: Path) -> None:
        """Write what a server's database holds into a file; one that holds nothing of ours has nothing to keep."""
        copy = self._name(like)
        if prepare(place):
            snapshot(place, copy)
            give(copy, self._directory.stat())
            self.kept.append(copy)

    def _owner_of(self, place: Path) -> os.stat_result:
        """Say whose a file at this place is to be, by that which is there; else by the data directory."""
        return (place if place.exists() else self._directory).stat()

    def _name(self, place: Path) -> Path:
        return place.with_name(f"{place.stem}{BEFORE}{self._stamp}{place.suffix}")

    def _keep(self, old: Path, place: Path) -> None:
        def put_back() -> None:
            os.replace(old, place)
            old.unlink(missing_ok=True)  # renaming a file to another name of its own does nothing

        self.kept.append(old)
        self._undoing.append(put_back)

    def seal(self) -> None:
        """See that all names are on the disk."""
        for each in self._folders:
            sync_folder(each)

    def undo(self) -> None:
        """Put back what was there."""
        for each in reversed(self._undoing):
            each()


def _forget(folder: Path) -> None:
    """Take away what a restore that was killed left: it holds secrets."""
    for left in folder.glob(f"{UNNAMED}*"):
        shutil.rmtree(left, ignore_errors=True)
