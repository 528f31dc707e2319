"""`amutorrent api`: the guide to the API, as this install has it."""

import json

import click

from ..operations.host_operations import HOST_OPERATIONS
from ..plugins import load_plugins
from ..routes import HOST_ROUTES
from .options import plugin_options


@click.command()
@click.option("--openapi", is_flag=True, help="Print the OpenAPI document instead.")
@plugin_options
def api(openapi: bool, no_plugins: bool, without: tuple[str, ...]) -> None:
    """Print the guide to the API as Markdown: every operation, those of plugins included."""
    from ..web.guide import as_markdown, guide  # late: Quart is slow to import
    from ..web.openapi import describe

    found = load_plugins(
        enabled=not no_plugins, blocked=without, host_operations=HOST_OPERATIONS, host_routes=HOST_ROUTES
    )
    document = describe((*HOST_OPERATIONS, *found.operations))
    click.echo(json.dumps(document, indent=2) if openapi else as_markdown(guide(document)).rstrip("\n"))
