"""The pages for users say what the code says: every setting, every command, every option."""

import json
import re

import click
import pytest
from docs.markdown import DOCS, blocks, rows, sections
from pydantic import SecretStr

from amutorrent.cli.main import cli
from amutorrent.plugins import load_plugins
from amutorrent.settings import Settings
from amutorrent.settings.keys import part
from amutorrent.settings.model import ClientEntry, HostSettings

SETTINGS = (DOCS / "settings.md").read_text()
COMMANDS = sections("commands.md", level=2)
TYPES = load_plugins().client_types


def keys(model, prefix=""):
    """List the keys of a model with their defaults as JSON."""
    for name, field in model.model_fields.items():
        key = prefix + (field.alias or name)
        inner = part(field)
        if inner:
            yield from keys(inner, f"{key}.")
        else:
            yield key, field


def table(page, heading):
    """Give the table below a heading: key -> the other cells."""
    section = page.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {row[0].strip("`"): row[1:] for row in rows(section)}


def test_every_key_of_the_host_with_its_default():
    written = {key: json.loads(cells[0].strip("`")) for key, cells in table(SETTINGS, "The host's keys").items()}
    assert written == {key: as_json(field.default) for key, field in keys(HostSettings)}


def as_json(default):
    """Give a default as config.json would have it."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return list(default) if isinstance(default, tuple) else default


def test_every_key_of_every_client():
    assert table(SETTINGS, "Keys of every client").keys() == dict(keys(ClientEntry)).keys()


@pytest.mark.parametrize("name", [name for name in TYPES if name != "example"])
def test_every_key_of_a_client_type_stands_in_its_readme(name):
    readme = (DOCS.parent / "plugins" / name / "README.md").read_text()
    assert {row[0].strip("`") for row in rows(readme)} >= dict(keys(TYPES[name].Settings)).keys()


def test_the_example_file_is_taken(tmp_path):
    text = next(block.text for block in blocks(SETTINGS) if block.language == "json")
    (tmp_path / "config.json").write_text(text)
    settings = Settings(tmp_path)
    assert [each.name for each in settings.resolve_clients(TYPES, {})] == ["NAS"]


def commands(group=cli, prefix="amutorrent"):
    """List every command with its options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", [each.opts[0] for each in command.params if isinstance(each, click.Option)]


def test_every_command_has_its_heading():
    assert list(COMMANDS) == [name for name, _ in commands()]


@pytest.mark.parametrize(("name", "options"), [*commands()])
def test_every_option_of_a_command(name, options):
    assert sorted(row[0].strip("`") for row in rows(COMMANDS[name])) == sorted(options)


def test_every_picture_is_shown_by_the_page_of_the_web_ui():
    shown = set(re.findall(r"\]\(pictures/([\w.-]+)\)", (DOCS / "web-ui.md").read_text()))
    assert shown == {each.name for each in (DOCS / "pictures").iterdir()}
