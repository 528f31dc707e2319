"""The command itself: its subcommands, and how errors end it."""

from typing import NoReturn

import click

from .. import __version__
from ..errors import AmutorrentError, SettingsError
from .api import api
from .arr_check import arr_check
from .check import check
from .completion import completion
from .plugins import plugins
from .serve import serve
from .users import users
from .watch import watch

WRONG_SETTINGS = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="amutorrent")
def cli() -> None:
    """One daemon, and one live list, over all of your download clients."""


for command in (serve, check, arr_check, watch, users, plugins, api, completion):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 wrong settings or arguments."""
    try:
        cli()
    except AmutorrentError as error:
        click.echo(f"amutorrent: {error.message}", err=True)
        raise SystemExit(WRONG_SETTINGS if isinstance(error, SettingsError) else 1) from None
    raise AssertionError("click exits by itself")
