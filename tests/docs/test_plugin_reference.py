"""The reference of the plugin API says what the code says: every name, every signature, every field, every error."""

import inspect
from typing import get_args

import pytest
from docs.declarations import declaration, fields
from docs.markdown import blocks, rows, sections

import amutorrent
from amutorrent import AmutorrentError, Capability, hookspecs
from amutorrent.events import EventName

REFERENCE = sections("plugin-reference.md")
NAMES = [*hookspecs.HOOKS, *amutorrent.__all__]
EVENTS = get_args(EventName)
CLASSES = {name: each for name in amutorrent.__all__ if inspect.isclass(each := getattr(amutorrent, name))}
CAPABILITIES = [name for name, each in CLASSES.items() if issubclass(each, Capability) and each is not Capability]
ERRORS = [name for name, each in CLASSES.items() if issubclass(each, AmutorrentError) and each is not AmutorrentError]


def test_every_name_has_its_heading_and_no_other_has():
    assert sorted(REFERENCE) == sorted([*NAMES, *EVENTS])


@pytest.mark.parametrize("name", NAMES)
def test_signatures_are_the_codes(name):
    written = "".join(block.text for block in blocks(REFERENCE[name]) if block.language == "python")
    assert written.rstrip("\n") == declaration(name)


@pytest.mark.parametrize("name", [name for name in NAMES if fields(name)])
def test_fields_are_the_codes(name):
    assert [(row[0].strip("`"), row[1].strip("`")) for row in rows(REFERENCE[name])] == fields(name)
    assert all(row[2] for row in rows(REFERENCE[name])), "every field says what it means"


@pytest.mark.parametrize("name", CAPABILITIES)
def test_capabilities_say_their_name_on_the_wire(name):
    assert f"On the wire: `{CLASSES[name].capability}`." in REFERENCE[name]


def test_the_table_of_errors_is_the_codes():
    written = {row[0].partition("]")[0].strip("["): row[1:3] for row in rows(REFERENCE["AmutorrentError"])}
    assert written == {
        name: [", ".join(f"`{code}`" for code in [each.code, *sorted(each.codes)]), str(each.status)]
        for name in ERRORS
        if (each := CLASSES[name])
    }


@pytest.mark.parametrize("name", [*NAMES, *EVENTS])
def test_nothing_stands_without_a_word(name):
    assert REFERENCE[name].strip()
