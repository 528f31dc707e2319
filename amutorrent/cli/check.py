"""`amutorrent check`: can every configured client be reached, and logged in to? Can the database be used?"""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
import trio

from ..instances.trial import Trial, try_client
from ..logs import Redaction, quietly
from ..plugins import Plugins, load_plugins
from ..settings import Settings
from ..watchdog import Workers
from .options import data_dir_option, json_option, plugin_options, read_settings
from .output import clean
from .running import run

if TYPE_CHECKING:
    from ..store import StoreTrial

DATABASE_S = 15.0


@click.command()
@data_dir_option
@json_option
@plugin_options
def check(data_dir: Path | None, as_json: bool, no_plugins: bool, without: tuple[str, ...]) -> None:
    """Connect to every configured client, look at the database, and say what is wrong where that fails.

    Ends with 1 if something failed. Nothing is changed; a daemon may run at the same time.
    """
    settings = read_settings(data_dir, plugins=not no_plugins, without=frozenset(without))
    redaction = Redaction(settings.secrets)
    with quietly(redaction):
        found = load_plugins(enabled=not no_plugins, blocked=without)
        settings.resolve_clients(found.client_types, found.unavailable)
        trials, database = run(_try_all, settings, found)
    if as_json:
        tried = {"clients": msgspec.to_builtins(trials), "database": msgspec.to_builtins(database)}
        click.echo(redaction(json.dumps(tried, indent=2)))
    else:
        _print(trials, database, redaction)
    raise SystemExit(1 if "failed" in [database.result, *(each.result for each in trials)] else 0)


async def _try_all(settings: Settings, plugins: Plugins) -> "tuple[list[Trial], StoreTrial]":
    """Try all at the same time; gives them in the order of the settings."""
    trials: dict[int, Trial] = {}
    databases: list[StoreTrial] = []
    workers = Workers()

    async def database() -> None:
        databases.append(await _try_database(settings))

    async def one(number: int) -> None:
        config = settings.clients[number]
        run_sync = workers.runner(config.type, trio.CapacityLimiter(2))
        log = logging.getLogger(f"amutorrent.client.{config.type}")
        trials[number] = await try_client(config, plugins.client_types.get(config.type), log, run_sync)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(database)
        for number in range(len(settings.clients)):
            nursery.start_soon(one, number)
    return [trials[number] for number in sorted(trials)], databases[0]


async def _try_database(settings: Settings) -> "StoreTrial":
    from ..store import locate, no_answer, try_store  # late: SQLAlchemy is slow to import

    place = locate(settings.database_url, settings.data_dir)
    with trio.move_on_after(DATABASE_S):
        return await trio.to_thread.run_sync(try_store, place, abandon_on_cancel=True)
    return no_answer(place)


def _print(trials: list[Trial], database: "StoreTrial", redaction: Redaction) -> None:
    if not trials:
        click.echo("No client is configured.")
    for lines in (*map(_lines, trials), _database_lines(database)):
        for line in lines:
            click.echo(redaction(clean(line)))


def _database_lines(trial: "StoreTrial") -> list[str]:
    if trial.result != "ok":
        return [f"FAILED  database: {trial.message}"]
    known = [f"revision {trial.revision}"] if trial.revision else []
    return [f"ok      database: {trial.name} ({'; '.join([*known, *filter(None, [trial.message])])})"]


def _lines(trial: Trial) -> list[str]:
    if trial.result == "ok":
        can = ", ".join(trial.capabilities)
        return [f"ok      {trial.id}: {trial.type} {trial.version} ({trial.seconds:.1f} s)", f"        can: {can}"]
    if trial.result == "skipped":
        return [f"skipped {trial.id}: {trial.message}"]
    return [f"FAILED  {trial.id}: {trial.cause}", f"        {trial.message}"]
