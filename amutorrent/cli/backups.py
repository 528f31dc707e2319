"""`amutorrent backup` and `amutorrent restore`: what the host keeps, in one file."""

import json
import os
from pathlib import Path

import click

from .. import __version__
from ..datadir import DataDirectory
from ..errors import InvalidRequest
from ..logs import Redaction, quietly
from ..settings import find_data_dir
from .options import data_dir_option, json_option, read_settings
from .output import clean, size

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@file_argument
@click.option("--replace", is_flag=True, help="Replace the file if there is one.")
@data_dir_option
@json_option
def backup(file: Path, replace: bool, data_dir: Path | None, as_json: bool) -> None:
    """Write the database, the settings, the secret and the files of plugins into one file.

    A daemon may run at the same time. The file is for its owner only: it holds the passwords of your clients.
    """
    from ..backup import make_backup  # late: SQLAlchemy is slow to import
    from ..store import locate

    settings = read_settings(data_dir)
    if not settings.data_dir.is_dir():
        raise InvalidRequest(f"There is no data directory {settings.data_dir}", field="data-dir")
    with quietly(Redaction(settings.secrets)):
        place = locate(settings.database_url, settings.data_dir)
        made = make_backup(DataDirectory(settings.data_dir), place, file, program=__version__, replace=replace)
    parts = {name: part.size for name, part in made.manifest.parts.items()}
    if as_json:
        told = {"file": str(made.path), "size": made.size, "revision": made.manifest.revision, "parts": parts}
        told["leftOut"] = [str(each) for each in made.left_out]
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(clean(f"The backup {made.path} was made ({size(made.size)}):"))
    for name, length in parts.items():
        click.echo(f"  {name} ({size(length)})")
    for each in made.left_out:
        click.echo(clean(f"  not in it: {each} (cannot be copied now: try it with the daemon stopped)"))


@click.command()
@file_argument
@click.option("--keep-config", is_flag=True, help="Leave the settings that are there, and restore all the rest.")
@data_dir_option
@json_option
def restore(file: Path, keep_config: bool, data_dir: Path | None, as_json: bool) -> None:
    """Put what a backup holds in the place of what the data directory holds.

    Stop the daemon first. The backup is tried before anything is touched, and what was there is kept beside it.
    Everybody has to sign in again; API keys go on working.
    """
    from ..backup import restore_backup  # late: SQLAlchemy is slow to import

    directory = DataDirectory(find_data_dir(data_dir, os.environ))
    with quietly(Redaction(())):
        done = restore_backup(directory, file, os.environ, keep_config=keep_config)
    if as_json:
        told = {"madeAt": done.manifest.made_at, "database": done.database, "kept": [str(each) for each in done.kept]}
        click.echo(json.dumps(told, indent=2))
        return
    click.echo(clean(f"The backup of {done.manifest.made_at} is restored; the database is {done.database}."))
    for each in done.kept:
        click.echo(clean(f"  kept what was there: {each}"))
