"""A plugin's module is imported if it is wanted and fits; one that cannot be imported is quarantined alone."""

import sys
from importlib.metadata import EntryPoint

import pytest

from amutorrent import PLUGIN_API

from .makers import assert_quarantined, client_type, load, types


def test_the_example_loads_as_a_third_partys_plugin_does(caplog):
    plugins = load()
    (info,) = plugins.table
    assert (info.name, info.state, info.reason, info.api_version) == ("example", "loaded", None, "1.0")
    assert info.bundled is False
    assert (info.provides.client_types, info.provides.operations) == (["example"], ["fastForward"])
    assert plugins.unavailable == {}
    assert caplog.records == []


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
