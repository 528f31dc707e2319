"""The configuration as one document: shown without secrets, and taken back from a form, all or nothing."""

import copy
import json

import pytest
from pydantic import BaseModel, SecretStr

from amutorrent.errors import Conflict, InvalidRequest, StorageUnavailable
from amutorrent.settings import PluginSettings
from amutorrent.settings.document import MASK

DEMO = {"type": "demo", "host": "a", "password": "hunter2"}
GONE = {"type": "gone", "id": "gone-1", "host": "h", "port": 1, "token": "s3cret", "deep": {"key": ["s4cret", 5]}}


class ShopSettings(BaseModel):
    """A plugin's own section."""

    shop: str = "none"
    token: SecretStr = SecretStr("")


async def save(settings, tree, revision=None, *, further=lambda host: [], follow=None):
    """Send a document; gives the ids that moved."""
    seen = []

    async def note(moved):
        seen.extend(moved)
        if follow:
            await follow(moved)

    await settings.replace(tree, revision or settings.revision, further=further, follow=note)
    return seen


async def problems(settings, tree, **options):
    """Send a document that is wrong; gives what is said, by field."""
    with pytest.raises(InvalidRequest) as caught:
        await save(settings, tree, **options)
    found = caught.value.details["problems"]
    return {each["field"]: each["message"] for each in found}


def shown(settings, **clients):
    """Give the document as forms show it, with keys of clients changed: `c0={"host": "b"}`."""
    tree = copy.deepcopy(settings.document().shown())
    for name, keys in clients.items():
        tree["clients"][int(name[1:])].update(keys)
    return tree


def test_no_secret_is_shown_and_every_key_is(folder):
    folder.write(
        {
            "database": {"url": "postgresql://me:pw5@db/x"},
            "clients": [DEMO, {**DEMO, "host": "b", "password": ""}, GONE],
            "plugins": {"shop": {"token": "t0ken", "shop": "mine"}, "other": {"key": "k3y", "days": 3}},
        }
    )
    settings = folder.read()
    PluginSettings(settings, "shop").read(ShopSettings)
    tree = settings.document().shown()
    assert not [each for each in ("hunter2", "s3cret", "s4cret", "t0ken", "k3y", "pw5") if each in json.dumps(tree)]
    assert tree["clients"][0] == {
        "type": "demo",
        "id": "demo-a-8080",
        "name": "Demo client",
        "color": None,
        "enabled": True,
        "categorySync": True,
        "categorySyncIn": None,
        "categorySyncOut": None,
        "host": "a",
        "port": 8080,
        "password": MASK,
        "useSsl": False,
        "roots": [],
    }
    assert tree["clients"][1]["password"] == ""
    assert tree["clients"][2]["token"] == MASK
    assert tree["clients"][2]["deep"] == {"key": [MASK, 5]}
    assert (tree["clients"][2]["host"], tree["clients"][2]["port"]) == ("h", 1)
    assert tree["plugins"] == {"shop": {"shop": "mine", "token": MASK}, "other": {"key": MASK, "days": 3}}
    assert tree["database"] == {"url": MASK}
    assert tree["server"]["logLevel"] == "info"


ENVIRON = {
    "AMUTORRENT_SERVER__PORT": "4321",
    "AMUTORRENT_CLIENTS__0__PASSWORD": "from-env",
    "AMUTORRENT_CLIENTS__2__TYPE": "demo",
    "AMUTORRENT_CLIENTS__2__HOST": "c",
    "AMUTORRENT_CLIENTS__2__PASSWORD": "whole",
    "AMUTORRENT_PLUGINS__SHOP__TOKEN": "t",
}


@pytest.mark.parametrize("environ", [{}, ENVIRON], ids=["file", "environment"])
@pytest.mark.parametrize(
    "content",
    [
        {},
        {"version": "1.0", "clients": [DEMO, {**DEMO, "host": "b", "port": 8080, "useSsl": False}]},
        {"clients": [DEMO, GONE], "plugins": {"shop": {"token": "x"}, "my-shop": {}}, "server": {"auth": {}}},
        {"clients": [DEMO, {}], "database": {"url": "sqlite:////x/y.db"}, "directories": {"logs": "/x"}},
    ],
)
async def test_what_is_shown_can_be_saved_and_changes_nothing(folder, content, environ):
    if environ and "clients" not in content:
        content = {**content, "clients": [DEMO, GONE]}
    settings = folder.write(content).read(environ, log_level="warn")
    before = (settings.clients, settings.server, settings.database_url)
    assert await save(settings, shown(settings)) == []
    written = content.get("clients", [])
    places = [{}] * (3 - len(written)) if environ else []
    expected = {"version": "1.0", **content}
    assert folder.saved() == (expected | {"clients": [*written, *places]} if written or places else expected)
    assert (settings.clients, settings.server, settings.database_url) == before
    again = folder.read(environ, log_level="warn")
    assert (again.clients, again.server, again.database_url) == before


async def test_only_what_is_new_is_written(folder):
    settings = folder.write({"clients": [DEMO], "server": {"logLevel": "info"}}).read()
    tree = shown(settings, c0={"roots": ["/x"]})
    tree["server"]["logLevel"] = "debug"
    tree["clients"].append({"type": "demo", "host": "new", "password": "p"})
    await save(settings, tree)
    assert folder.saved() == {
        "version": "1.0",
        "clients": [
            {**DEMO, "roots": ["/x"]},
            {"type": "demo", "host": "new", "password": "p"},
        ],
        "server": {"logLevel": "debug"},
    }
    assert settings.server.log_level == "debug"
    assert [each.settings.password.get_secret_value() for each in settings.clients] == ["hunter2", "p"]


async def test_a_section_left_out_stays_and_a_key_left_out_takes_its_default(folder):
    settings = folder.write({"clients": [{**DEMO, "port": 5}], "server": {"port": 5, "logLevel": "warn"}}).read()
    await save(settings, {"server": {"port": 5}})
    assert folder.saved()["server"] == {"port": 5}
    assert settings.clients[0].settings.port == 5
    tree = shown(settings)
    del tree["clients"][0]["port"]
    tree["clients"][0]["password"] = "anew"
    await save(settings, tree)
    assert settings.clients[0].settings.port == 8080
    await save(settings, {"clients": []})
    assert settings.clients == []


async def test_a_saved_secret_goes_nowhere_new(folder):
    settings = folder.write({"clients": [DEMO]}).read()
    before = folder.config.read_bytes()
    for keys in (
        {"host": "evil"},
        {"port": 1},
        {"useSsl": True},
        {"host": "evil", "previousId": "demo-a-8080", "id": "x"},
    ):
        changed = next(key for key in keys if key != "previousId")
        assert f"clients.0.{changed}" in await problems(settings, shown(settings, c0=keys))
    assert folder.config.read_bytes() == before
    await save(settings, shown(settings, c0={"host": "good", "password": "given anew"}))
    assert settings.clients[0].id == "demo-a-8080", "its id was there, and it is the same client"
    assert settings.clients[0].settings.password.get_secret_value() == "given anew"


async def test_a_saved_secret_is_no_other_clients(folder):
    settings = folder.write({"clients": [DEMO, {**DEMO, "host": "b", "password": ""}]}).read()
    tree = shown(settings, c1={"password": MASK})
    tree["clients"][1]["id"] = tree["clients"][0]["id"]
    assert "clients.1.host" in await problems(settings, tree)
    tree = shown(settings)
    tree["clients"].append({"type": "demo", "host": "a", "port": 9, "password": MASK})
    assert "none here" in (await problems(settings, tree))["clients.2.password"]
    tree["clients"][2]["id"] = 5
    assert "clients.2.password" in await problems(settings, tree)
    tree = shown(settings, c0={"type": "gone"})
    assert "clients.0.type" in await problems(settings, tree)


async def test_a_secret_of_the_environment_goes_nowhere_new_either(folder):
    environ = {"AMUTORRENT_CLIENTS__0__PASSWORD": "from-env"}
    settings = folder.write({"clients": [{"type": "demo", "host": "a"}]}).read(environ)
    tree = shown(settings, c0={"host": "evil"})
    del tree["clients"][0]["password"]
    for sent in (tree, shown(settings, c0={"host": "evil"}), {"clients": [{"type": "demo", "host": "evil"}]}):
        assert "clients.0.host" in await problems(settings, sent)


async def test_what_variables_and_flags_hold_stays_as_it_is(folder):
    folder.write({"server": {"port": 5, "allowedHosts": ["file"]}, "clients": [DEMO]})
    environ = {**ENVIRON, "AMUTORRENT_SERVER__ALLOWED_HOSTS": '["env"]', "AMUTORRENT_CLIENTS__1__TYPE": "demo"}
    environ |= {"AMUTORRENT_CLIENTS__1__HOST": "b"}
    settings = folder.read(environ, log_level="warn")
    tree = shown(settings, c0={"password": "mine"}, c1={"host": "x"}, c2={"color": "#123456"})
    tree["server"] |= {"port": 6, "logLevel": "info", "allowedHosts": []}
    tree["plugins"]["shop"]["token"] = "mine"
    said = await problems(settings, tree)
    assert {key: message for key, message in said.items() if "set by" in message}.keys() == {
        *("server.port", "server.logLevel", "server.allowedHosts", "clients.0.password", "clients.1.host"),
        "plugins.shop.token",
    }
    assert "AMUTORRENT_SERVER__PORT" in said["server.port"]
    assert "--log-level" in said["server.logLevel"]
    assert "clients.2.host" in await problems(settings, {"clients": shown(settings)["clients"][:2]})
    await save(settings, shown(settings, c2={"color": "#123456"}))
    assert folder.saved()["clients"] == [DEMO, {}, {"color": "#123456"}]
    assert folder.saved()["server"] == {"port": 5, "allowedHosts": ["file"]}


async def test_all_problems_are_told_at_once_and_nothing_is_written(folder):
    settings = folder.write({"clients": [DEMO, GONE], "plugins": {"shop": {}}}).read()
    PluginSettings(settings, "shop").read(ShopSettings)
    before = folder.config.read_bytes()
    tree = shown(settings, c0={"port": 0, "colour": "red"})
    tree["clients"] += [5, {"type": "nothing"}, {**DEMO, "host": "z", "id": "gone-1"}]
    tree["server"] |= {"port": "x", "auth": {"enabled": False}, "host": "0.0.0.0"}
    tree["plugins"]["shop"]["shop"] = 5
    said = await problems(settings, tree, further=lambda host: [("further", "never asked")])
    assert said.keys() >= {
        *("clients.0.port", "clients.0.colour", "clients.2", "clients.3.type", "clients.4.id", "server.port"),
        *("server.auth", "plugins.shop.shop"),
    }
    assert "further" not in said
    assert folder.config.read_bytes() == before
    assert await problems(settings, {}, further=lambda host: [("a.b", "no")]) == {"a.b": "no"}
    assert "clients" in await problems(settings, {"clients": {}})


async def test_no_secret_stands_in_a_problem(folder):
    settings = folder.write({"clients": [DEMO]}).read()
    with pytest.raises(InvalidRequest) as caught:
        await save(settings, shown(settings, c0={"password": ["tops3cret"], "token": "tops3cret"}))
    assert "tops3cret" not in json.dumps([caught.value.message, dict(caught.value.details)])


async def test_another_revision_is_a_conflict(folder):
    settings = folder.write({"clients": [DEMO]}).read()
    old, tree = settings.revision, shown(settings)
    await PluginSettings(settings, "shop").save({"a": 1})
    with pytest.raises(Conflict) as caught:
        await save(settings, tree, old)
    assert caught.value.code == "config_changed"
    folder.write({"clients": []})
    with pytest.raises(Conflict) as caught:
        await save(settings, shown(settings))
    assert caught.value.code == "config_changed"
    assert folder.saved() == {"clients": []}


async def test_who_follows_whom(folder):
    settings = folder.write({"clients": [DEMO, {**DEMO, "host": "b", "id": "two"}]}).read()
    said = await problems(settings, shown(settings, c0={"previousId": "nobody"}))
    assert "clients.0.previousId" in said
    said = await problems(settings, shown(settings, c0={"previousId": "two", "host": "b", "id": "x"}))
    assert "clients" in said, "two is there still"
    twice = shown(settings, c0={"previousId": "two", "host": "b", "id": "x"}, c1={"previousId": "two", "id": "y"})
    assert "clients.1.previousId" in await problems(settings, twice)
    moved = await save(settings, shown(settings, c0={"previousId": "demo-a-8080", "id": "one"}))
    assert moved == [("demo-a-8080", "one")]
    assert folder.saved()["clients"][0] == {**DEMO, "id": "one"}
    assert await save(settings, shown(settings, c0={"previousId": "one"})) == []
    swapped = shown(settings, c0={"previousId": "one", "id": "two"}, c1={"previousId": "two", "id": "one"})
    assert await save(settings, swapped) == [("one", "two"), ("two", "one")]


@pytest.mark.parametrize("there", [True, False])
async def test_if_something_cannot_follow_the_file_is_as_before(folder, there):
    if there:
        folder.write({"clients": [DEMO]})
    settings = folder.read()
    before, revision = (folder.config.read_bytes() if there else None), settings.revision
    clients = settings.clients

    async def fail(moved):
        assert folder.config.exists()
        raise StorageUnavailable("no")

    tree = shown(settings)
    tree["clients"].append({**DEMO, "host": "b"})
    with pytest.raises(StorageUnavailable):
        await save(settings, tree, follow=fail)
    assert (folder.config.read_bytes() if folder.config.exists() else None) == before
    assert (settings.clients, settings.revision) == (clients, revision)
    await save(settings, tree)
    assert len(settings.clients) == len(clients) + 1


async def test_a_client_whose_plugin_is_missing_is_kept_untouched(folder):
    settings = folder.write({"clients": [GONE, DEMO]}).read()
    tree = shown(settings, c1={"name": "other"})
    tree["clients"].reverse()
    await save(settings, tree)
    assert folder.saved()["clients"] == [{**DEMO, "name": "other"}, GONE]
    assert "clients.1.host" in await problems(settings, shown(settings, c1={"host": "evil"}))


async def test_what_waits_for_the_next_start_and_no_longer_does(folder):
    settings = folder.write({"server": {"port": 5}}).read()
    tree = shown(settings)
    tree["server"] |= {"port": 6, "basePath": "/x", "logLevel": "debug"}
    tree["directories"] |= {"logs": "/l", "browse": ["/b"]}
    tree["database"]["url"] = "sqlite:////tmp/x.db"
    told = []
    settings.on_change.append(lambda: told.append(settings.server.log_level))
    await save(settings, tree)
    assert settings.restart_needed == ["server.port", "server.basePath", "directories.logs", "database"]
    assert told == ["debug"]
    tree["server"] |= {"port": 5, "basePath": ""}
    tree["directories"]["logs"] = ""
    tree["database"]["url"] = ""
    await save(settings, tree)
    assert settings.restart_needed == []


def test_entries_are_read_for_a_trial(folder):
    settings = folder.write({"clients": [DEMO]}).read({"AMUTORRENT_CLIENTS__0__USE_SSL": "true"})
    first = shown(settings)["clients"][0]
    found = settings.trial([first, {"type": "demo", "host": "b", "password": "tried"}, {"type": "demo"}, {"host": "x"}])
    assert [each.settings.password.get_secret_value() for each in found[:2]] == ["hunter2", "tried"]
    assert found[0].settings.use_ssl is True
    assert found[2] == "clients.2.host: it is required"
    assert "type" in found[3]
    assert "tried" in settings.secrets
    for wrong in ({**first, "host": "evil"}, {**first, "port": 1}, {"type": "demo", "host": "z", "password": MASK}):
        with pytest.raises(InvalidRequest) as caught:
            settings.trial([{"type": "demo", "host": "x"}, wrong])
        assert caught.value.details["field"].startswith("clients.1.")
