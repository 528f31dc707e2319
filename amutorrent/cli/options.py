"""Options that several commands share, and the settings read with them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from ..errors import SettingsError
from ..settings import ClientTypes, Settings

F = TypeVar("F", bound=Callable[..., object])


def data_dir_option(command: F) -> F:
    """Add `--data-dir`."""
    return click.option(
        "--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Where settings, database and logs lie."
    )(command)


def plugin_options(command: F) -> F:
    """Add `--no-plugins` and `--without`."""
    command = click.option(
        "--without", metavar="NAME", multiple=True, help="Leave this plugin alone; may be given several times."
    )(command)
    return click.option("--no-plugins", is_flag=True, help="Load no plugin.")(command)


def daemon_options(command: F) -> F:
    """Add `--url` and `--api-key`: which running daemon is asked, and as whom."""
    command = click.option(
        "--api-key", metavar="K", envvar="AMUTORRENT_API_KEY", help="Key of the account to ask with."
    )(command)
    return click.option(
        "--url", metavar="U", envvar="AMUTORRENT_URL", default="http://127.0.0.1:4000", help="Where it listens."
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def read_settings(
    data_dir: Path | None,
    flags: dict[str, str | int | None] | None = None,
    *,
    plugins: bool = True,
    without: frozenset[str] = frozenset(),
) -> Settings:
    """Read the settings. Raises `SettingsError` with all that is wrong, in the entries of clients too."""
    try:
        return Settings(data_dir, flags=flags)
    except SettingsError as error:
        if "problems" not in error.details:
            raise
        from ..plugins import load_plugins

        found = load_plugins(enabled=plugins, blocked=without)
        return Settings(data_dir, flags=flags, types=ClientTypes(found.client_types, found.unavailable))
