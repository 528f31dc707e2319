"""`amutorrent plugins`: which plugins there are."""

import json
import logging

import click
import msgspec

from ..model import PluginInfo
from ..plugins import load_plugins
from .options import json_option, plugin_options
from .output import clean, columns


@click.group()
def plugins() -> None:
    """Look at the plugins."""


@plugins.command("list")
@json_option
@plugin_options
def list_(as_json: bool, no_plugins: bool, without: tuple[str, ...]) -> None:
    """List the plugins that were found: version, state, and what each contributes."""
    logging.getLogger("amutorrent.plugins").setLevel(logging.CRITICAL)  # the reasons stand in the list
    table = load_plugins(enabled=not no_plugins, blocked=without).table
    if as_json:
        click.echo(json.dumps({"plugins": msgspec.to_builtins(table)}, indent=2))
    elif not table:
        click.echo("No plugin is installed.")
    else:
        heads = ["NAME", "VERSION", "API", "STATE", "CONTRIBUTES, OR WHY NOT"]
        for line in columns(heads, [_row(each) for each in table]):
            click.echo(line)


def _row(info: PluginInfo) -> list[str]:
    what = clean(info.reason) if info.reason else _contributes(info)
    return [clean(info.name), clean(info.version), info.api_version or "-", info.state, what]


def _contributes(info: PluginInfo) -> str:
    provides = info.provides
    named = {
        "client types": provides.client_types,
        "operations": provides.operations,
        "surfaces": provides.surfaces,
        "services": provides.services,
    }
    return "; ".join(f"{what} {', '.join(names)}" for what, names in named.items() if names) or "nothing"
