"""`amutorrent arr-check`: why is it not imported? Asks a running daemon; the plugin qbcompat answers."""

import json
from collections.abc import Iterator
from typing import Any

import click

from ..errors import NotFound
from .asking import ask
from .options import daemon_options, json_option
from .output import clean, columns

PATH = "/api/v1/arr/check"
FINE = frozenset({"ok", "incomplete", "handing_over"})

Row = dict[str, Any]
"""A part of the answer. Any: JSON."""


@click.command("arr-check")
@daemon_options
@click.option("--hash", metavar="H", help="Only the download with this hash.")
@click.option("--category", metavar="C", help="Only the downloads of this category.")
@click.option("--requests", is_flag=True, help="Show the last requests of each program, and what was answered.")
@json_option
def arr_check(
    url: str, api_key: str | None, hash: str | None, category: str | None, requests: bool, as_json: bool
) -> None:
    """Say of each download what keeps Sonarr, Radarr and the like from importing it.

    Ends with 1 if something is in the way of one.
    """
    query = {name: value for name, value in (("hash", hash), ("category", category)) if value is not None}
    try:
        found = ask(url, PATH, query, api_key)
    except NotFound:
        raise NotFound(f"{url} has no {PATH}: is the plugin qbcompat loaded there?") from None
    if as_json:
        click.echo(json.dumps(found, indent=2))
    else:
        for line in _lines(found, requests):
            click.echo(line)
    raise SystemExit(0 if all(each["reason"] in FINE for each in found["data"]) else 1)


def _lines(found: Row, requests: bool) -> Iterator[str]:
    rows = sorted(found["data"], key=lambda each: (each["reason"] in FINE, each["name"]))
    yield from _downloads(rows)
    for row in rows:
        if row["reason"] not in FINE:
            yield ""
            yield from map(clean, _trouble(row))
    yield ""
    yield from _programs(found["apps"])
    if requests:
        for app in found["apps"]:
            yield ""
            yield clean(f"{app['agent']} at {app['address']}, the last request first:")
            yield from (clean(f"  {_time(each['at'])}  {_request(each)}") for each in app["requests"])


def _downloads(rows: list[Row]) -> Iterator[str]:
    if not rows:
        yield "There are no downloads that the programs see."
        return
    cells = [[*map(clean, _cells(row))] for row in rows]
    yield from columns(["DOWNLOAD", "CATEGORY", "CLIENT", "TOLD", "RESULT"], cells)


def _cells(row: Row) -> list[str]:
    client, told = row["client"], row["told"]
    says = f"{client['status']} {client['progress']:.0f} %{', away' if client['stale'] else ''}" if client else "-"
    return [row["name"], row["category"] or "-", says, told["state"] if told else "-", row["reason"]]


def _trouble(row: Row) -> Iterator[str]:
    client, told, path = row["client"], row["told"], row["path"]
    yield f"{row['name']}: {row['message']}"
    yield f"  its client:   {row['instanceId'] or 'none yet'}, {(client and client['path']) or 'path unknown'}"
    yield f"  told:         {told['content_path'] + ', ' + told['state'] if told else 'nothing, since nobody asked'}"
    if path is not None:
        there = "readable" if path["readable"] else "not readable" if path["exists"] else "not there"
        yield f"  seen here:    {path['local']}, {there}"
    yield f"  asked for by: {', '.join(row['askedBy']) or 'nobody'}"


def _programs(apps: list[Row]) -> Iterator[str]:
    if not apps:
        yield "No program has asked for anything since the daemon started."
        return
    cells = [
        [
            app["agent"] or "-",
            app["address"],
            ", ".join(app["categories"]) or "-",
            _request(app["requests"][0]) if app["requests"] else "-",
        ]
        for app in apps
    ]
    yield from columns(["PROGRAM", "ADDRESS", "CATEGORIES", "LAST REQUEST"], [[*map(clean, each)] for each in cells])


def _request(asked: Row) -> str:
    return f"{asked['request']}: {asked['status']} {asked['answer']}".rstrip()


def _time(text: str) -> str:
    return text[:19].replace("T", " ")
