"""Makes what a plugin registers, and loads plugins beside the example, which has to stay untouched."""

# imported as `.makers`: an absolute `plugins` is the folder of the bundled plugins as well

import logging
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint

from msgspec import Struct
from quart import Blueprint

from amutorrent import Changes, Client, ClientSettings, Probe, operation
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins
from amutorrent.routes import HOST_ROUTES

EXAMPLE = EntryPoint("example", "amutorrent_example", "amutorrent")


def client_type(name, *bases, **attributes):
    @classmethod
    @asynccontextmanager
    async def connect(cls, settings, services):
        yield cls()

    async def probe(self):
        return Probe(version="1")

    async def poll(self):
        return Changes()

    body = {"type": name, "label": name, "network": "bittorrent", "Settings": ClientSettings}
    body |= {"open": connect, "probe": probe, "poll": poll} | attributes
    return type(name.title(), (Client, *bases), body)


class Nothing(Struct):
    pass


class Reply(Struct, tag="reply"):
    pass


def action(name, http=None):
    async def handler(request: Nothing, call) -> Reply:
        """Do nothing."""
        return Reply()

    return operation(name, http=http)(handler)


def blueprint(name, *rules, methods=("GET",)):
    made = Blueprint(name, __name__)
    for number, rule in enumerate(rules):
        made.add_url_rule(rule, f"e{number}", lambda: "", methods=list(methods))
    return made


def types(*kinds):
    def register_client_types(register):
        for kind in kinds:
            register(kind)

    return register_client_types


def operations(*functions):
    def register_operations(register):
        for function in functions:
            register(function)

    return register_operations


def surfaces(*blueprints):
    def register_surfaces(register, host):
        for each in blueprints:
            register(each)

    return register_surfaces


def services(*functions):
    def register_services(register):
        for each in functions:
            register(each)

    return register_services


def load(*entry_points, **options):
    return load_plugins(
        entry_points=[EXAMPLE, *entry_points],
        host_operations=HOST_OPERATIONS,
        host_routes=HOST_ROUTES,
        **options,
    )


def assert_quarantined(caplog, entry_point, *reasons):
    """Load it beside the example: it stands in the table with its reason, and nothing of it is there."""
    caplog.clear()
    plugins = load(entry_point)
    table = {each.name: each for each in plugins.table}
    broken, example = table[entry_point.name], table["example"]
    assert broken.state == "quarantined"
    for reason in reasons:
        assert reason in broken.reason
    assert broken.provides.client_types == broken.provides.operations == broken.provides.surfaces == []
    assert list(plugins.contributions) == ["example"]
    assert plugins.unavailable == {entry_point.name: broken.reason}
    assert example.state == "loaded"
    assert example.reason is None
    assert plugins.client_types.keys() == {"example"}
    assert [each.action for each in plugins.operations] == ["fastForward"]
    (line,) = caplog.records
    assert line.levelno == logging.ERROR
    assert line.getMessage() == f"plugin {entry_point.name} is quarantined: {broken.reason}"
    return broken
