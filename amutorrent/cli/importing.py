"""`amutorrent import-legacy`: what the program before this one left."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ..accounts.passwords import Passwords
from ..logs import Redaction, quietly
from ..plugins import load_plugins
from ..settings import ClientTypes, Settings
from .options import data_dir_option, json_option, read_settings
from .output import clean
from .running import run

if TYPE_CHECKING:
    from ..legacy import FileReport, Report

MOST_LINES = 20


@click.command("import-legacy")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would be taken over, and change nothing.")
@data_dir_option
@json_option
def import_legacy(folder: Path, dry_run: bool, data_dir: Path | None, as_json: bool) -> None:
    """Take over the data folder of the aMuTorrent that ran on Node, and say what could not be.

    Stop both programs first. The old folder is only read, what is here already stays as it is, and a second run takes
    only what is new.
    """
    settings = read_settings(data_dir)
    redaction = Redaction(settings.secrets)
    with quietly(redaction):
        found = load_plugins()
        types = ClientTypes(found.client_types, found.unavailable)
        settings.resolve_clients(types.provided, types.unavailable)
        report = run(_import, folder, settings, types, dry_run)
    if as_json:
        click.echo(redaction(msgspec.json.format(msgspec.json.encode(report)).decode()))
        return
    for line in _lines(report):
        click.echo(redaction(clean(line)))


async def _import(folder: Path, settings: Settings, types: ClientTypes, dry_run: bool) -> "Report":
    from ..legacy import import_legacy as take  # late: SQLAlchemy is slow to import

    return await take(folder, settings, types, Passwords().hash, dry_run=dry_run)


def _lines(report: "Report") -> list[str]:
    lines = ["Nothing was changed: this is what would be done."] if report.dry_run else []
    for each in report.files:
        lines += _of_file(each)
    return lines


def _of_file(file: "FileReport") -> list[str]:
    head = f"{file.name}: {file.read} read, {file.taken} taken over, {file.known} here already"
    lines = [head, *(f"  {note}" for note in file.notes)]
    lines += [f"  left: {each}" for each in file.skipped[:MOST_LINES]]
    if len(file.skipped) > MOST_LINES:
        lines.append(f"  left: {len(file.skipped) - MOST_LINES} more (--json lists them)")
    return lines
