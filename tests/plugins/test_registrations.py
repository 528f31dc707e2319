"""A hook that fails, or that registers what is none, quarantines its plugin with all that it registered."""

from types import ModuleType

import pytest
from quart import Blueprint

from amutorrent import Client, Pause

from .makers import action, assert_quarantined, blueprint, client_type, load, operations, services, surfaces, types

# -- the hooks themselves


def test_a_misspelt_hook(caplog, plugin):
    def register_client_type(register):
        raise AssertionError

    assert_quarantined(caplog, plugin("broken", register_client_type), "register_client_type", "the hooks are")


def test_a_hook_with_an_unknown_argument(caplog, plugin):
    def register_client_types(register, daemon):
        raise AssertionError

    assert_quarantined(caplog, plugin("broken", register_client_types), "daemon", "register_client_types")


def test_a_hook_that_is_async(caplog, plugin):
    async def register_client_types(register):
        raise AssertionError

    assert_quarantined(caplog, plugin("broken", register_client_types), "register_client_types", "async")


def test_a_hook_that_raises_after_registering_twice(caplog, plugin):
    def register_operations(register):
        register(action("one", "POST /api/v1/one"))
        register(action("two", "POST /api/v1/two"))
        raise RuntimeError("then the disk was full")

    broken = plugin("broken", types(client_type("broken")), register_operations)
    assert_quarantined(caplog, broken, "RuntimeError: then the disk was full")


def test_a_hook_that_uses_the_host_already(caplog, plugin):
    from amutorrent import Host

    def register_surfaces(register, host):
        register(blueprint(f"with{len(list(host.catalogue.items()))}"))

    plugins = load(plugin("early", register_surfaces), host_for=lambda name: Host(name, lambda: None))
    assert plugins.unavailable == {"early": "The daemon is still starting: keep `host`, and use it later"}


# -- what they register


class Unfinished(Pause):
    """Has `pause`, but no `resume`."""

    async def pause(self, hashes):
        return {}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (client_type("broken", Pause), "Broken does not implement pause, resume"),
        (client_type("broken", part_types=(Unfinished,)), "Unfinished does not implement resume"),
        (client_type("broken", poll=Client.poll), "Broken does not implement poll"),
        (client_type("Broken"), "the client type 'Broken' is not lower-case letters and digits"),
        (client_type("bro-ken"), "is not lower-case letters and digits"),
        (client_type("brökén"), "is not lower-case letters and digits"),
        (client_type(""), "is not lower-case letters and digits"),
        (client_type("broken", label=None), "Broken has no label"),
        (client_type("broken", Settings=dict), "Broken.Settings is not a subclass of ClientSettings"),
        (dict, "is not a subclass of Client"),
        (None, "None is not a subclass of Client"),
    ],
)
def test_a_client_type_that_is_none(caplog, plugin, kind, reason):
    assert_quarantined(caplog, plugin("broken", types(kind)), reason)


def test_an_operation_without_its_declaration(caplog, plugin):
    async def plain(request, call):
        raise AssertionError

    assert_quarantined(caplog, plugin("broken", operations(plain)), "plain", "is not made with @operation")


def test_a_surface_is_public_if_it_says_so(plugin):
    def register_surfaces(register, host):
        register(blueprint("closed", "/closed"))
        register(blueprint("open", "/open"), public=True)

    plugins = load(plugin("both", register_surfaces))
    assert [each.name for each in plugins.surfaces] == ["closed", "open"]
    assert plugins.public_surfaces == {"open"}


def prefixed(prefix):
    return Blueprint("open", __name__, url_prefix=prefix)


async def know(scope):
    return False


def test_a_public_surface_may_have_a_door_of_its_own(plugin):
    def register_surfaces(register, host):
        register(prefixed("/open/"), public=True, door=know)

    assert load(plugin("doored", register_surfaces)).doors == {"/open": know}


@pytest.mark.parametrize(
    ("surface", "options", "reason"),
    [
        (prefixed("/open"), {"door": know}, "only a public surface"),
        (prefixed(None), {"door": know, "public": True}, "needs a url_prefix"),
        (prefixed("/open"), {"door": lambda scope: True, "public": True}, "is not an async function"),
        (prefixed("/open"), {"door": 7, "public": True}, "is not an async function"),
    ],
)
def test_a_door_that_does_not_fit(caplog, plugin, surface, options, reason):
    def register_surfaces(register, host):
        register(surface, **options)

    assert_quarantined(caplog, plugin("broken", register_surfaces), reason)


@pytest.mark.parametrize("surface", [None, "routes", Blueprint, ModuleType("routes")])
def test_a_blueprint_that_is_none(caplog, plugin, surface):
    assert_quarantined(caplog, plugin("broken", surfaces(surface)), "is not a Quart blueprint")


@pytest.mark.parametrize("service", [None, 7])
def test_a_service_that_is_no_function(caplog, plugin, service):
    assert_quarantined(caplog, plugin("broken", services(service)), "is not an async function")
