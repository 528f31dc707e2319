"""The loader against plugins that misbehave: each is quarantined alone, says why, and leaves nothing behind."""

import logging
import sys
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest
from msgspec import Struct
from quart import Blueprint

from amutorrent import PLUGIN_API, Changes, Client, ClientSettings, Pause, Probe, hookimpl, operation
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins
from amutorrent.routes import HOST_ROUTES

EXAMPLE = EntryPoint("example", "amutorrent_example", "amutorrent")


@pytest.fixture
def plugin():
    """Makes plugins: a module with these functions as its hooks, behind an entry point."""
    with ExitStack() as stack:

        def make(name, *hooks, api=PLUGIN_API):
            module = ModuleType(f"made_for_a_test_{name}")
            if api is not None:
                module.PLUGIN_API = api
            for hook in hooks:
                setattr(module, hook.__name__, hookimpl(hook))
            sys.modules[module.__name__] = module
            stack.callback(sys.modules.pop, module.__name__)
            return EntryPoint(name, module.__name__, "amutorrent")

        yield make


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Makes plugins out of source text."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name, text):
        module = f"written_for_a_test_{name}"
        (tmp_path / f"{module}.py").write_text(text)
        return EntryPoint(name, module, "amutorrent")

    yield make
    for module in [each for each in sys.modules if each.startswith("written_for_a_test_")]:
        del sys.modules[module]


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


def test_the_example_loads_as_a_third_partys_plugin_does(caplog):
    plugins = load()
    (info,) = plugins.table
    assert (info.name, info.state, info.reason, info.api_version) == ("example", "loaded", None, "1.0")
    assert info.bundled is False
    assert (info.provides.client_types, info.provides.operations) == (["example"], ["fastForward"])
    assert plugins.unavailable == {}
    assert caplog.records == []


# -- the module itself


def test_a_module_that_is_not_there(caplog):
    entry_point = EntryPoint("absent", "made_for_no_test", "amutorrent")
    assert_quarantined(caplog, entry_point, "ModuleNotFoundError: No module named 'made_for_no_test'")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def broken(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit('no licence')", "SystemExit: no licence"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_a_module_that_cannot_be_imported(caplog, source, text, reason):
    broken = assert_quarantined(caplog, source("broken", text), reason)
    assert broken.api_version is None
    assert caplog.records[0].exc_info, "an accident is logged with its traceback"


def test_an_interrupt_at_import_is_the_persons_own(source):
    with pytest.raises(KeyboardInterrupt):
        load(source("interrupted", "raise KeyboardInterrupt"))


@pytest.mark.parametrize("api", [None, 1, "1.0", (1,), (1, 0, 0), (1, "0"), [1, 0], (True, 0)])
def test_no_usable_plugin_api(caplog, plugin, api):
    broken = assert_quarantined(caplog, plugin("broken", api=api), "PLUGIN_API", "(1, 0)")
    assert broken.api_version is None


@pytest.mark.parametrize("api", [(99, 0), (0, 9), (PLUGIN_API[0], PLUGIN_API[1] + 1)])
def test_another_version_of_the_api(caplog, plugin, api):
    reason = f"it was written for plugin API {api[0]}.{api[1]}; this host has 1.0"
    broken = assert_quarantined(caplog, plugin("broken", types(client_type("broken")), api=api), reason)
    assert broken.api_version == f"{api[0]}.{api[1]}"


def test_a_second_plugin_of_a_name_is_not_even_imported(caplog, plugin, source):
    first = plugin("twice", types(client_type("twice")))
    plugins = load(first, source("twice", "raise RuntimeError('imported')"))
    states = [(each.name, each.state) for each in plugins.table]
    assert states == [("example", "loaded"), ("twice", "loaded"), ("twice", "quarantined")]
    assert plugins.table[2].reason == "another plugin of the name twice was found first"
    assert plugins.client_types.keys() == {"example", "twice"}


# -- its hooks


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


# -- what it registers


class Unfinished(Pause):
    """Has `pause`, but no `resume`."""

    async def pause(self, hashes):
        return {}


async def no_poll(self):
    return Changes()


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


# -- clashes; each plugin here also registers something that fits, to see that it goes too


@pytest.mark.parametrize(
    ("hooks", "reasons"),
    [
        ([types(client_type("example"))], ["client type 'example'", "by example"]),
        ([operations(action("fastForward"))], ["operation 'fastForward'", "by example"]),
        ([operations(action("batchPause"))], ["operation 'batchPause'", "by the host"]),
        ([operations(action("own", "POST /api/v1/downloads/pause"))], ["/api/v1/downloads/pause", "of the host"]),
        ([operations(action("own", "GET /api/item/files/{other}"))], ["{other}", "{hash} of the host"]),
        ([operations(action("own", "GET /api/item/files/all"))], ["/api/item/files/all", "of the host"]),
        ([operations(action("own", "POST /api/v1/example/fast-forward"))], ["fast-forward of example"]),
        ([surfaces(blueprint("own", "/health"))], ["GET /health clashes with /health of the host"]),
        ([surfaces(blueprint("own", "/<path:rest>"))], ["GET /<path:rest>", "of the host"]),
        ([types(client_type("own"), client_type("own"))], ["client type 'own'", "by itself"]),
        ([operations(action("own"), action("own"))], ["operation 'own'", "by itself"]),
        ([surfaces(blueprint("own", "/a"), blueprint("own", "/b"))], ["surface 'own'", "by itself"]),
        ([surfaces(blueprint("own", "/a/<int:id>", "/a/<name>"))], ["GET /a/<name>", "of itself"]),
        ([operations(action("own", "GET /own")), surfaces(blueprint("own", "/own"))], ["GET /own", "of itself"]),
    ],
)
def test_what_clashes_is_refused_with_both_owners(caplog, plugin, hooks, reasons):
    names = {hook.__name__ for hook in hooks}
    fitting = types(client_type("fits")) if "register_client_types" not in names else services(no_poll)
    assert_quarantined(caplog, plugin("zclash", *hooks, fitting), *reasons)


def test_routes_that_differ_in_method_or_length_do_not_clash(plugin):
    made = plugin(
        "fits",
        operations(action("own", "PUT /api/v1/downloads/pause"), action("more", "POST /api/v1/downloads/pause/more")),
        surfaces(blueprint("own", "/own", methods=["POST"]), blueprint("other", "/own")),
    )
    plugins = load(made)
    assert [each.state for each in plugins.table] == ["loaded", "loaded"]
    assert plugins.table[1].provides.surfaces == ["own", "other"]


def test_the_first_by_name_wins_and_the_second_is_named_with_it(caplog, plugin):
    late, early = plugin("late", types(client_type("same"))), plugin("early", types(client_type("same")))
    plugins = load(late, early)
    assert plugins.unavailable == {"late": "its client type 'same' is already registered by early"}
    assert plugins.client_types["same"].__name__ == "Same"


# -- what is switched off


def test_a_blocked_plugin_is_not_imported(caplog, source):
    plugins = load(source("blocked", "raise RuntimeError('imported')"), blocked=["blocked"])
    (blocked, example) = plugins.table
    assert (blocked.name, blocked.state, example.state) == ("blocked", "off", "loaded")
    assert blocked.reason
    assert "written_for_a_test_blocked" not in sys.modules
    assert caplog.records == []


def test_safe_mode_imports_no_plugin(source):
    plugins = load(source("left", "raise RuntimeError('imported')"), enabled=False)
    assert [each.state for each in plugins.table] == ["off", "off"]
    assert "written_for_a_test_left" not in sys.modules
    assert plugins.client_types == plugins.contributions == {}
    assert plugins.operations == plugins.surfaces == plugins.services == []
