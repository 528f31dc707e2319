"""Wrong settings: all of them are told at once, in words, and nothing is overwritten."""

import json
import os
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amutorrent.errors import SettingsError
from amutorrent.settings import ClientTypes, Settings

from .conftest import TYPES, UNAVAILABLE


def failure(folder, environ=MappingProxyType({}), **flags):
    """Give the message of what is wrong."""
    before = folder.config.read_bytes() if folder.config.exists() else None
    with pytest.raises(SettingsError) as caught:
        folder.read(environ, **flags)
    assert (folder.config.read_bytes() if folder.config.exists() else None) == before
    return caught.value.message


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"port": 70000}, "server.port is 70000 ({file}): it should be less than or equal to 65535"),
        ({"port": "x"}, 'server.port is "x" ({file}): it should be a whole number'),
        ({"logLevel": "loud"}, "server.logLevel is \"loud\" ({file}): it should be 'error', 'warn', 'info' or 'debug'"),
        ({"portt": 1}, "server.portt ({file}): there is no such setting; did you mean port?"),
        ({"log_level": "info"}, "server.log_level ({file}): there is no such setting; did you mean logLevel?"),
        ({"host": "example.org"}, 'server.host is "example.org" ({file}): it should be an address, such as 127.0.0.1'),
        ({"basePath": "/a/../b"}, 'server.basePath is "/a/../b" ({file}): it should be a path such as /amutorrent'),
        ({"allowedHosts": ["http://x"]}, "server.allowedHosts is a list ({file}): each should be a host name"),
        ({"allowedHosts": "x"}, 'server.allowedHosts is "x" ({file}): it should be a list, [...]'),
        ({"a\nb": 1}, "server.'a\\nb' ({file}): there is no such setting"),
        ([], "server is a list ({file}): it should be an object, {{...}}"),
    ],
)
def test_a_wrong_value_names_key_value_origin_and_what_is_right(folder, server, said):
    message = failure(folder.write({"server": server}))
    assert message.startswith("Wrong setting: " + said.format(file=folder.config))
    assert "\n" not in message


def test_the_origin_is_the_variable_or_the_flag(folder):
    said = failure(folder, {"AMUTORRENT_SERVER__PORT": "abc", "AMUTORRENT_SERVER__ALLOWED_HOSTS": "[1"}, log_level="x")
    assert 'server.port is "abc" (AMUTORRENT_SERVER__PORT): it should be a whole number' in said
    assert 'server.allowedHosts (AMUTORRENT_SERVER__ALLOWED_HOSTS): it should be JSON, such as ["a", "b"]' in said
    assert 'server.logLevel is "x" (--log-level)' in said
    assert said.startswith("3 wrong settings:\n")


WIDE = ["0.0.0.0", "::", "192.168.1.2", "fe80::1"]
LOOPBACK = ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost"]
OFF = {"server": {"auth": {"enabled": False}}}


@pytest.mark.parametrize("host", WIDE)
def test_a_wide_address_without_authentication_is_refused_with_the_reason(folder, host):
    said = failure(folder.write(OFF), host=host)
    assert f"authentication is off, and other machines reach {host}, so everyone would be an admin" in said
    assert said.startswith("Wrong setting: server.auth is an object")
    allowed = {"server": {"auth": {"enabled": False, "allowInsecure": True}}}
    assert folder.write(allowed).read(host=host).server.host == host
    assert folder.write({}).read(host=host).server.host == host


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_loopback_address_is_accepted(folder, host):
    assert folder.write(OFF).read(host=host).server.host == host.strip("[]")


@pytest.mark.parametrize(
    ("server", "said"),
    [
        ({"trustedProxies": ["nas"]}, "server.trustedProxies is a list"),
        ({"trustedProxies": ["10.0.0.0/40"]}, "an address or a network, such as 192.168.1.2"),
        ({"auth": {"trustedProxy": {"enabled": True}}}, "trustedProxy.usernameHeader is required"),
        (
            {"auth": {"trustedProxy": {"enabled": True, "usernameHeader": "Remote-User"}}},
            "trustedProxy needs server.trustedProxies",
        ),
        ({"auth": {"trustedProxy": {"usernameHeader": "Remote User:"}}}, "the name of a header"),
        ({"auth": {"trustedProxy": {"defaultCapabilities": ["fly"]}}}, "there is no permission 'fly'"),
        (
            {"auth": {"trustedProxy": {"defaultCapabilities": ["edit_all_downloads"]}}},
            "edit_all_downloads needs view_all_downloads as well",
        ),
    ],
)
def test_who_is_believed_has_to_be_said_exactly(folder, server, said):
    assert said in failure(folder.write({"server": server}))


def test_all_problems_of_host_and_clients_are_told_at_once(folder):
    folder.write(
        {
            "server": {"port": 0},
            "clients": [
                {"type": "demo", "port": "x", "color": "red"},
                {"type": "demi", "host": "a"},
                {"host": "a"},
                7,
            ],
        }
    )
    with pytest.raises(SettingsError) as caught:
        Settings(folder.path, environ={}, types=ClientTypes(TYPES, UNAVAILABLE))
    problems = caught.value.details["problems"]
    said = [problem.split(" ")[0] for problem in problems]
    expected = ["clients.0.color", "clients.0.host", "clients.0.port", "clients.1.type", "clients.2.type"]
    assert sorted(said) == [*expected, "clients.3", "server.port"]
    assert "those found are broken, demo; did you mean demo?" in caught.value.message


def test_a_secret_is_never_shown(folder):
    folder.write({"clients": [{"type": "demo", "host": "a", "password": ["hunter2"]}]})
    assert "clients.0.password is hidden here" in failure(folder)
    assert "hunter2" not in failure(folder)
    folder.write({"clients": [{"type": "demo", "host": "a", "pasword": "hunter2"}]})
    assert "clients.0.pasword" in failure(folder)
    assert "hunter2" not in failure(folder)


def test_a_secret_file_that_cannot_be_read_is_named(folder):
    folder.write({"clients": [{"type": "demo", "host": "a"}]})
    said = failure(folder, {"AMUTORRENT_CLIENTS__0__PASSWORD_FILE": "/nowhere/x"})
    assert said == (
        "Wrong setting: clients.0.password (AMUTORRENT_CLIENTS__0__PASSWORD_FILE): "
        "cannot read the file /nowhere/x: No such file or directory"
    )


def test_a_gap_between_entries_is_named(folder):
    said = failure(folder, {"AMUTORRENT_CLIENTS__1__TYPE": "demo"})
    assert "clients.1 (AMUTORRENT_CLIENTS__1__TYPE): there is no clients.0 before it" in said


def test_the_same_id_twice_is_an_error(folder):
    said = failure(folder.write({"clients": [{"type": "demo", "host": "a"}] * 2}))
    assert 'clients.1.id is "demo-a-8080"' in said


@pytest.mark.parametrize("id", ["a b", "a/b", "a\n", ""])
def test_a_wrong_id_is_an_error(folder, id):
    assert "clients.0.id is" in failure(folder.write({"clients": [{"type": "demo", "host": "a", "id": id}]}))


def test_an_address_that_makes_no_id_asks_for_one(folder):
    said = failure(folder.write({"clients": [{"type": "demo", "host": "a b"}]}))
    assert "clients.0.id" in said
    folder.write({"clients": [{"type": "demo", "host": "a b", "id": "mine"}]})
    assert folder.read().clients[0].id == "mine"


def test_an_instance_of_a_plugin_that_is_not_there_stays_with_the_reason(folder):
    folder.write({"clients": [{"type": "gone", "host": "a", "port": 1, "name": "Old"}, {"type": "broken"}]})
    gone, broken = folder.read().clients
    assert (gone.id, gone.name, gone.error, gone.settings) == ("gone-a-1", "Old", UNAVAILABLE["gone"], None)
    assert (broken.error, broken.settings) == ("The plugin for broken failed; see the log", None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a":\n  [1,}', "line 2 column 6: Expecting value"),
        (b"", "line 1 column 1: Expecting value"),
        (b'{"a": 1}\n\n {', "line 3 column 2: Extra data"),
        (b'{\n "a": "\xff"}', "line 2 column 8: this is not UTF-8 text"),
        (b"[]", "it should be a JSON object"),
        (b'{"a": NaN}', "NaN is not a JSON value"),
        (b'{"clients": [], "clients": []}', 'the key "clients" stands twice in one object'),
        (b'{"a": "\\ud800"}', "half of a character"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "Exceeds the limit"),
        (b'{"version": "2.0"}', "written by a newer version"),
        (b'{"version": 1}', "it should be text"),
        (b'{"_env_file": "x", "__pydantic_self__": 1, "self": 1}', "there is no such setting"),
    ],
)
def test_a_file_that_is_no_config_is_told_with_its_place(folder, content, said):
    message = failure(folder.write(content))
    assert said in message
    assert str(folder.config) in message


def test_a_file_that_may_not_be_read_is_an_error(folder):
    folder.config.mkdir()
    with pytest.raises(SettingsError, match=r"Cannot read .*config\.json: Is a directory"):
        folder.read()


def test_a_byte_order_mark_is_no_error(folder):
    assert folder.write(b'\xef\xbb\xbf{"server": {"port": 5}}').read().server.port == 5


KEYS = ["version", "server", "host", "port", "clients", "plugins", "type", "demo", "broken", "id", "password", "logs"]
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(KEYS)
    | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=12,
)
sections = st.fixed_dictionaries(
    {},
    optional={
        "version": st.sampled_from(["1.0", "1.7"]) | json_values,
        "server": json_values,
        "plugins": json_values,
        "clients": st.lists(
            st.fixed_dictionaries(
                {}, optional={"type": st.sampled_from(["demo", "broken", "gone"]) | json_values, "host": json_values}
            )
            | json_values,
            max_size=3,
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(content=json_values | sections)
def test_any_json_gives_settings_or_a_clear_error(folder, content):
    folder.write(content)
    before, stat = folder.config.read_bytes(), os.stat(folder.config)
    found = folder.outcome()
    if isinstance(found, SettingsError):
        assert "config.json" in found.message
        assert all("\n" not in problem for problem in found.details.get("problems", []))
    else:
        assert 1 <= found.server.port <= 65535
        assert len({each.id for each in found.clients}) == len(found.clients)
    assert folder.config.read_bytes() == before
    assert os.stat(folder.config).st_mtime_ns == stat.st_mtime_ns


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(cut=st.integers(0, 200), junk=st.binary(max_size=4))
def test_a_damaged_file_never_breaks_more_than_the_message(folder, cut, junk):
    good = json.dumps({"server": {"port": 5}, "clients": [{"type": "demo", "host": "a"}]}).encode()
    folder.write(good[:cut] + junk + good[cut + 1 :])
    found = folder.outcome()
    assert isinstance(found, Settings) or "config.json" in found.message
