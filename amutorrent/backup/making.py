"""Making a backup, while the daemon runs or not."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from ..accounts.accounts import SECRET as SECRET_FILE
from ..datadir import DataDirectory
from ..errors import InvalidRequest, StorageUnavailable
from ..store import Place
from ..store.copying import snapshot
from .archive import CONFIG, DATABASE, FORMAT, SECRET, Manifest, write_archive
from .plugin_files import gather

TRIES = 5


class Made(Struct, frozen=True, kw_only=True):
    """A backup that was made: where it lies, its size in bytes, and what it says of itself.

    `left_out`: files of plugins that could not be copied while they run, and are not in it.
    """

    path: Path
    size: int
    manifest: Manifest
    left_out: tuple[Path, ...] = ()


def make_backup(directory: DataDirectory, place: Place, target: Path, *, program: str, replace: bool = False) -> Made:
    """Write all that a daemon keeps into one file; takes as long as reading it. `program` is our version.

    Raises `InvalidRequest` if there is such a file already and it is not to be replaced, `StorageUnavailable`.
    """
    target = target.absolute()
    if target.is_dir():
        raise InvalidRequest(f"{target} is a folder: name the file that is to be made", field="file")
    if target.exists() and not replace:
        raise InvalidRequest(f"There is a file {target} already: name another, or say --replace", field="file")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:  # mode 0700
            manifest, left_out = _gather(directory, place, Path(folder), target, program)
    except OSError as error:
        raise StorageUnavailable(f"Cannot write the backup {target}: {error.strerror or error}") from error
    return Made(path=target, size=target.stat().st_size, manifest=manifest, left_out=left_out)


def _gather(
    directory: DataDirectory, place: Place, folder: Path, target: Path, program: str
) -> tuple[Manifest, tuple[Path, ...]]:
    """Take the settings as they were before and after the database: an instance that is renamed is so in both."""
    for number in range(TRIES):
        copy, before = folder / f"{number}.db", _read(directory.config_path)
        revision, numbers = snapshot(place, copy)
        if _read(directory.config_path) == before:
            break
        copy.unlink()
    else:
        raise StorageUnavailable("The settings changed again and again: try it later")
    # the secret after the database: it is made once, before the first account that needs it is
    found: dict[str, Path | bytes | None] = {
        DATABASE: copy,
        CONFIG: before,
        SECRET: _read(directory.path / SECRET_FILE),
    }
    (folder / "plugins").mkdir()
    files, left_out = gather(directory.plugins_path, folder / "plugins")
    facts = Manifest(
        format=FORMAT,
        program=program,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database=place.url.get_backend_name(),
        revision=revision,
        numbers=numbers,
    )
    parts = {**{name: each for name, each in found.items() if each is not None}, **files}
    return write_archive(target, parts, facts), left_out


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
