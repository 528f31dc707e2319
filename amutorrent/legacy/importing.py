"""Taking over a whole folder: in one transaction, settings last, and again as often as one likes."""

import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from ..datadir import DataDirectory
from ..errors import InvalidRequest
from ..settings import ClientTypes, Settings
from ..store import Place, locate
from ..store.copying import holds_tables, snapshot, sqlite_place, writing_to
from ..store.intake import Intake
from .accounts import Owners, take_accounts, take_single_password
from .categories import read_json, take_categories
from .configuration import OldSettings, changes
from .downloads import take_hashes, take_history, tell_moves
from .metrics import take_metrics
from .reading import Source, opened
from .report import FileReport, Report

NETWORKS = {"amule": "ed2k"} | dict.fromkeys(("rtorrent", "qbittorrent", "deluge", "transmission"), "bittorrent")
"""The client types of the old program."""
FILES = ("config.json", "categories.json", "users.db", "history.db", "metrics.db", "hashes.db", "move_ops.db")
Hash = Callable[[str], Awaitable[str]]


class _Undone(Exception):
    """A trial ends: nothing of it is to stay."""


async def import_legacy(
    folder: Path,
    settings: Settings,
    types: ClientTypes,
    hash_password: Hash,
    *,
    dry_run: bool = False,
) -> Report:
    """Take over what a data folder of the old program holds, and say what was taken and what could not be.

    What is here already stays as it is. Blocks; use it in a command. Raises `InvalidRequest` if there is nothing of
    that program, `StartError` while a daemon runs here, `StorageUnavailable`; nothing has changed then.
    """
    if not any((folder / each).is_file() for each in FILES):
        raise InvalidRequest(f"{folder} holds no file of the program before this one, such as users.db", field="dir")
    directory, report = DataDirectory(settings.data_dir), Report(dry_run=dry_run)
    with directory.lock(), tempfile.TemporaryDirectory(prefix="amutorrent-legacy-") as name:
        work = _Import(folder, Path(name), report)
        said = report.of("config.json")
        tree = read_json(folder, said)
        old = OldSettings(tree)
        wanted = changes(old, settings, types, said) if tree is not None else {}
        single = await _single_password(old, hash_password)
        place = _trial(settings, Path(name)) if dry_run else locate(settings.database_url, settings.data_dir)
        with suppress(_Undone), writing_to(place) as connection:
            work.take(Intake(connection), old, single, said)
            if dry_run:
                raise _Undone
        if wanted and not dry_run:
            await settings.save(wanted)
    return report


async def _single_password(old: OldSettings, hash_password: Hash) -> str | None:
    """Give the hash of the older single password, which stood in clear or as a hash of bcrypt."""
    from ..accounts.legacy import is_legacy, is_usable

    found = old.part("server", "auth").get("password")
    if not isinstance(found, str) or not found:
        return None
    if is_legacy(found) and is_usable(found):
        return found
    return await hash_password(found)


def _trial(settings: Settings, folder: Path) -> Place:
    """Give a copy of the database, or an empty one where there is none."""
    place, copy = locate(settings.database_url, settings.data_dir), folder / "trial.db"
    if holds_tables(place):
        snapshot(place, copy)
    return sqlite_place(copy)


class _Import:
    """One run over all files."""

    def __init__(self, folder: Path, workshop: Path, report: Report) -> None:
        self._folder = folder
        self._workshop = workshop
        self._report = report

    def take(self, intake: Intake, old: OldSettings, single: str | None, config: FileReport) -> None:
        """Take over all but the settings."""
        take_categories(self._folder, intake, self._report.of("categories.json"))
        owners = Owners()
        with self._opened("users.db") as source:
            if source is not None:
                owners = take_accounts(source, intake)
        take_single_password(old.part("server", "auth"), intake, single, config)
        categories: Mapping[str, str] = {}
        with self._opened("hashes.db") as source:
            if source is not None:
                categories = take_hashes(source)
        with self._opened("history.db") as source:
            if source is not None:
                take_history(source, intake, owners, categories, old.names)
        with self._opened("metrics.db") as source:
            if source is not None:
                take_metrics(source, intake, NETWORKS, int(time.time() * 1000))
        with self._opened("move_ops.db") as source:
            if source is not None:
                tell_moves(source)
        self._tell_notifications()

    def _opened(self, name: str) -> AbstractContextManager[Source | None]:
        return opened(self._folder, self._report.of(name), self._workshop)

    def _tell_notifications(self) -> None:
        if not (self._folder / "notifications.json").is_file():
            return
        report = self._report.of("notifications.json")
        services = (read_json(self._folder, report) or {}).get("services")
        if isinstance(services, list) and services:
            report.skip(f"{len(services)} services", "notifications have no counterpart here")
