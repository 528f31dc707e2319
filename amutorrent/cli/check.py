"""`amutorrent check`: can every configured client be reached, and logged in to?"""

import json
import logging
from pathlib import Path

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


@click.command()
@data_dir_option
@json_option
@plugin_options
def check(data_dir: Path | None, as_json: bool, no_plugins: bool, without: tuple[str, ...]) -> None:
    """Connect to every configured client, and say what is wrong where that fails.

    Ends with 1 if a client failed. A daemon may run at the same time.
    """
    settings = read_settings(data_dir, plugins=not no_plugins, without=frozenset(without))
    redaction = Redaction(settings.secrets)
    with quietly(redaction):
        found = load_plugins(enabled=not no_plugins, blocked=without)
        settings.resolve_clients(found.client_types, found.unavailable)
        trials = run(_try_all, settings, found)
    if as_json:
        click.echo(redaction(json.dumps({"clients": msgspec.to_builtins(trials)}, indent=2)))
    else:
        _print(trials, redaction)
    raise SystemExit(1 if any(each.result == "failed" for each in trials) else 0)


async def _try_all(settings: Settings, plugins: Plugins) -> list[Trial]:
    """Try all at the same time; gives them in the order of the settings."""
    trials: dict[int, Trial] = {}
    workers = Workers()

    async def one(number: int) -> None:
        config = settings.clients[number]
        run_sync = workers.runner(config.type, trio.CapacityLimiter(2))
        log = logging.getLogger(f"amutorrent.client.{config.type}")
        trials[number] = await try_client(config, plugins.client_types.get(config.type), log, run_sync)

    async with trio.open_nursery() as nursery:
        for number in range(len(settings.clients)):
            nursery.start_soon(one, number)
    return [trials[number] for number in sorted(trials)]


def _print(trials: list[Trial], redaction: Redaction) -> None:
    if not trials:
        click.echo("No client is configured.")
    for trial in trials:
        for line in _lines(trial):
            click.echo(redaction(clean(line)))


def _lines(trial: Trial) -> list[str]:
    if trial.result == "ok":
        can = ", ".join(trial.capabilities)
        return [f"ok      {trial.id}: {trial.type} {trial.version} ({trial.seconds:.1f} s)", f"        can: {can}"]
    if trial.result == "skipped":
        return [f"skipped {trial.id}: {trial.message}"]
    return [f"FAILED  {trial.id}: {trial.cause}", f"        {trial.message}"]
