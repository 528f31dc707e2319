"""Flag > environment > config.json > default, the same for every key."""

import logging
from pathlib import Path
from typing import Literal

import platformdirs
import pytest
from pydantic import BaseModel

from amutorrent.settings import PluginSettings, find_data_dir

GOLDEN = [
    # flag, variable, file -> host, port, level
    ({}, {}, {}, ("127.0.0.1", 4000, "info")),
    ({}, {}, {"port": 1, "host": "::1", "logLevel": "warn"}, ("::1", 1, "warn")),
    ({}, {"PORT": "2"}, {"port": 1, "host": "::1"}, ("::1", 2, "info")),
    ({"port": "3"}, {"PORT": "2", "LOG_LEVEL": "error"}, {"port": 1, "logLevel": "debug"}, ("127.0.0.1", 3, "error")),
    ({"log_level": "debug", "host": "localhost"}, {"HOST": "::1"}, {"port": 1}, ("localhost", 1, "debug")),
    ({}, {"PORT": ""}, {"port": 1}, ("127.0.0.1", 1, "info")),  # empty = not set
]


@pytest.mark.parametrize(("flags", "environ", "server", "expected"), GOLDEN)
def test_every_key_has_the_same_precedence(folder, flags, environ, server, expected):
    variables = {f"AMUTORRENT_SERVER__{name}": value for name, value in environ.items()}
    found = folder.write({"server": server}).read(variables, **flags).server
    assert (found.host, found.port, found.log_level) == expected


def test_no_file_at_all_gives_the_defaults_and_makes_none(folder):
    settings = folder.read()
    assert (settings.server.host, settings.server.port, settings.clients) == ("127.0.0.1", 4000, [])
    assert not folder.config.exists()


def test_the_data_directory_is_found_by_flag_then_variable_then_platform(tmp_path):
    environ = {"AMUTORRENT_DATA_DIR": str(tmp_path / "variable")}
    assert find_data_dir(tmp_path / "flag", environ) == tmp_path / "flag"
    assert find_data_dir(None, environ) == tmp_path / "variable"
    assert find_data_dir(None, {"AMUTORRENT_DATA_DIR": ""}) == platformdirs.user_data_path("amutorrent", False)
    assert find_data_dir("relative", {}) == Path.cwd() / "relative"


def test_lists_merge_by_index(folder):
    folder.write({"clients": [{"type": "demo", "host": "a"}, {"type": "demo", "host": "b", "port": 1}]})
    settings = folder.read(
        {
            "AMUTORRENT_CLIENTS__1__HOST": "c",
            "AMUTORRENT_CLIENTS__2__TYPE": "demo",
            "AMUTORRENT_CLIENTS__2__HOST": "fe80::1",
            "AMUTORRENT_CLIENTS__0__USE_SSL": "true",
            "AMUTORRENT_CLIENTS__0__ENABLED": "0",
            "AMUTORRENT_CLIENTS__0__ROOTS": '["/a", "/b"]',
        }
    )
    assert [each.id for each in settings.clients] == ["demo-a-8080", "demo-c-1", "demo-fe80__1-8080"]
    first = settings.clients[0]
    assert (first.name, first.enabled, first.order) == ("Demo client", False, 0)
    assert first.settings.use_ssl is True
    assert first.settings.roots == ("/a", "/b")


def test_twelve_entries_from_the_environment_keep_their_order(folder):
    environ = {f"AMUTORRENT_CLIENTS__{n}__TYPE": "demo" for n in range(12)}
    environ |= {f"AMUTORRENT_CLIENTS__{n}__HOST": f"h{n}" for n in range(12)}
    assert [each.settings.host for each in folder.read(environ).clients] == [f"h{n}" for n in range(12)]


def test_a_whole_list_may_stand_in_one_variable(folder):
    environ = {
        "AMUTORRENT_SERVER__ALLOWED_HOSTS": '["Downloads.Example.org"]',
        "AMUTORRENT_CLIENTS": '[{"type": "demo", "host": "x"}]',
    }
    settings = folder.read(environ)
    assert settings.server.allowed_hosts == ("downloads.example.org",)
    assert settings.clients[0].id == "demo-x-8080"


def test_a_secret_is_read_from_a_file_without_its_last_newline(folder, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("[not json]\n\n")
    folder.write({"clients": [{"type": "demo", "host": "a"}]})
    settings = folder.read({"AMUTORRENT_CLIENTS__0__PASSWORD_FILE": str(secret)})
    assert settings.clients[0].settings.password.get_secret_value() == "[not json]\n"
    assert settings.secrets == {"[not json]\n"}


def test_locked_names_what_variables_and_flags_hold(folder):
    folder.write({"clients": [{"type": "demo", "host": "a"}]})
    settings = folder.read({"AMUTORRENT_CLIENTS__0__PASSWORD": "p", "AMUTORRENT_SERVER__PORT": "1"}, host="::1")
    assert settings.locked == {
        "clients.0.password": "AMUTORRENT_CLIENTS__0__PASSWORD",
        "server.port": "AMUTORRENT_SERVER__PORT",
        "server.host": "--host",
    }


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("AMUTORRENT_SERVER__LOGLEVEL", "AMUTORRENT_SERVER__LOG_LEVEL"),
        ("AMUTORRENT_CLIENTS__0__PASWORD", "AMUTORRENT_CLIENTS__0__PASSWORD"),
        ("AMUTORRENT_CLIENTS__0__PORT_FILE", "AMUTORRENT_CLIENTS__0__PORT"),
        ("AMUTORRENT_SERVR__PORT", "AMUTORRENT_SERVER__PORT"),
    ],
)
def test_an_unknown_variable_is_a_warning_that_names_the_nearest(folder, caplog, name, meant):
    folder.write({"clients": [{"type": "demo", "host": "a"}]})
    with caplog.at_level(logging.WARNING):
        folder.read({name: "hunter2", "OTHER_PROGRAM": "x", "AMUTORRENT_DATA_DIR": "/x"})
    assert caplog.messages == [f"there is no setting {name}; did you mean {meant}?"]


def test_an_empty_entry_holds_a_place_and_is_no_client(folder):
    folder.write({"clients": [{}, {"type": "demo", "host": "b"}]})
    assert [(each.id, each.order) for each in folder.read().clients] == [("demo-b-8080", 1)]
    both = folder.read({"AMUTORRENT_CLIENTS__0__TYPE": "demo", "AMUTORRENT_CLIENTS__0__HOST": "a"}).clients
    assert [(each.id, each.order) for each in both] == [("demo-a-8080", 0), ("demo-b-8080", 1)]


def test_the_url_of_the_database_is_a_secret_and_may_come_from_a_file(folder, tmp_path):
    url = "postgresql://someone:hunter%402@db/x"
    (tmp_path / "url").write_text(f"{url}\n")
    settings = folder.read({"AMUTORRENT_DATABASE__URL_FILE": str(tmp_path / "url")})
    assert settings.database_url == url
    assert {"hunter@2", url} <= settings.secrets
    assert folder.write({"database": {"url": "sqlite:////srv/x.db"}}).read().secrets == set()


def test_a_wrong_url_of_the_database_is_not_repeated(folder):
    outcome = folder.write({"database": {"url": "nosuch://u:hunter2@db/x"}}).outcome()
    assert "database.url is hidden here" in outcome.message
    assert "it should be a URL such as postgresql://" in outcome.message
    assert "hunter2" not in outcome.message


@pytest.mark.parametrize(
    ("entry", "environ", "expected"),
    [
        ({}, {}, (True, True)),
        ({"categorySync": False}, {}, (False, False)),
        ({"categorySync": False, "categorySyncIn": True}, {}, (True, False)),
        ({"categorySyncOut": False}, {}, (True, False)),
        ({"categorySyncOut": None}, {}, (True, True)),
        ({"categorySync": False}, {"AMUTORRENT_CLIENTS__0__CATEGORY_SYNC_OUT": "1"}, (False, True)),
    ],
)
def test_each_way_of_the_categories_is_as_both_unless_it_is_said(folder, entry, environ, expected):
    folder.write({"clients": [{"type": "demo", "host": "a", **entry}]})
    (config,) = folder.read(environ).clients
    assert (config.categories_come_in, config.categories_go_out) == expected


class ChoiceSettings(BaseModel):
    """A plugin's section with a word or a list."""

    which: Literal["some", "all"] | list[str] = "some"


@pytest.mark.parametrize(("text", "value"), [("all", "all"), ('["a"]', ["a"]), ('"some"', "some")])
def test_a_word_that_stands_beside_a_list_needs_no_quotes(folder, text, value):
    settings = folder.read({"AMUTORRENT_PLUGINS__SHOP__WHICH": text})
    assert PluginSettings(settings, "shop").read(ChoiceSettings).which == value
