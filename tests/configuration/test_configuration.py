"""What an admin asks of the configuration of a running daemon, over HTTP."""

import json
import logging

import pytest
import trio
from configuration import vault
from configuration.conftest import FIRST, GONE, SECOND
from msgspec.structs import asdict

from amutorrent.accounts import User
from amutorrent.configuration.configuration import steps
from amutorrent.configuration.form import FormItems, form_fields
from amutorrent.model import Category
from amutorrent.operations.configuring import ConfigBody
from amutorrent.settings.document import MASK
from amutorrent.settings.model import HostSettings

ONE, TWO = "vault-one.test-7000", "vault-two.test-7000"


def said(reply):
    """Give the problems of a refusal, by field."""
    assert (reply["type"], reply["code"]) == ("error", "validation_error"), reply
    return {each["field"]: each["message"] for each in reply["details"]["problems"]}


def test_every_section_of_the_host_is_in_the_reply():
    assert set(ConfigBody.__struct_fields__) == set(HostSettings.model_fields)


async def test_the_current_configuration(running):
    found = await running.current()
    assert found["clients"][0] == {
        "type": "vault",
        "id": ONE,
        "name": "Vault",
        "color": None,
        "enabled": True,
        "categorySync": True,
        "categorySyncIn": None,
        "categorySyncOut": None,
        "host": "one.test",
        "port": 7000,
        "username": "me",
        "password": MASK,
        "note": None,
    }
    assert found["clients"][2]["token"] == MASK
    assert found["_meta"]["locked"] == []
    assert found["_meta"]["restartNeeded"] == []
    assert isinstance(found["_meta"]["isDocker"], bool)
    assert "right" not in json.dumps(found)


async def test_the_defaults_and_the_fields_of_every_client_type(running):
    running.daemon.settings.read_plugin("vault", vault.VaultSection)
    status, found = await running.ask("GET", "config/defaults")
    assert status == 200
    assert found["config"]["server"]["port"] == 4000
    assert (found["config"]["clients"], found["config"]["version"]) == ([], "1.0")
    assert found["config"]["plugins"] == {"vault": {"colour": "blue", "token": ""}}
    (kind,) = found["clientTypes"]
    assert (kind["type"], kind["label"], kind["networkType"]) == ("vault", "Vault", "bittorrent")
    assert kind["capabilities"]["pause"] is True
    assert kind["capabilities"]["search"] is False
    fields = {each["name"]: each for each in kind["fields"]}
    assert fields["host"] == {
        "name": "host",
        "type": "string",
        "default": None,
        "required": True,
        "secret": False,
        "label": "Host",
        "help": "Where it is",
    }
    assert fields["port"] == {
        "name": "port",
        "type": "integer",
        "default": 7000,
        "required": False,
        "secret": False,
        "label": "Port",
        "help": "",
        "minimum": 1,
        "maximum": 65535,
    }
    assert (fields["password"]["secret"], fields["password"]["default"]) == (True, None)
    assert (fields["note"]["type"], fields["username"]["label"]) == ("string", "Username")
    assert [each["name"] for each in found["plugins"][0]["fields"]] == ["colour", "token"]


async def test_only_the_clients_that_changed_connect_anew(running):
    catalogue, instances = running.daemon.catalogue, running.daemon.instances
    untouched, held = instances.get(TWO), list(catalogue.items(TWO))
    assert sorted(vault.OPENED) == [ONE, TWO]
    body = await running.current(note="other")
    body["clients"][1] |= {"name": "Second", "color": "#00ff00"}
    body["clients"].insert(0, {"type": "vault", "host": "new.test", "password": "wrong"})
    status, reply = await running.save(body)
    assert (status, reply["success"], reply["restartNeeded"]) == (200, True, []), reply
    await running.until_online(ONE, TWO)
    with trio.fail_after(20):
        while instances.get("vault-new.test-7000").state != "rejected":
            await trio.lowlevel.checkpoint()
    assert sorted(vault.OPENED[2:]) == ["vault-new.test-7000", ONE]
    assert instances.get(TWO) is untouched
    assert [entry.item.hash for entry in catalogue.items(TWO)] == [entry.item.hash for entry in held]
    shown = {each.id: (each.info().order, each.info().name, each.info().color) for each in instances.all()}
    assert shown[TWO] == (2, "Second", "#00ff00")
    assert [each.id for each in instances.all()] == ["vault-new.test-7000", ONE, TWO, "gone-1"]
    assert json.loads(running.config.read_text())["clients"][3] == GONE
    assert (await running.current())["_meta"]["revision"] == reply["revision"]


async def test_what_only_waits_for_the_next_start_is_named(running):
    body = await running.current()
    body["server"] |= {"basePath": "/x", "logLevel": "debug"}
    status, reply = await running.save(body)
    assert (status, reply["restartNeeded"]) == (200, ["server.basePath"])
    assert logging.getLogger().level == logging.DEBUG
    assert (await running.current())["_meta"]["restartNeeded"] == ["server.basePath"]
    assert sorted(vault.OPENED) == [ONE, TWO]


async def test_everything_that_is_wrong_at_once_and_nothing_changed(running):
    before = running.config.read_bytes()
    body = await running.current(port=0)
    body["server"] |= {"host": "0.0.0.0", "logLevel": "loud"}
    body["clients"].append({"type": "nothing"})
    status, reply = await running.save(body)
    assert status == 400
    assert said(reply).keys() == {"clients.0.port", "server.auth", "server.logLevel", "clients.3.type"}
    assert running.config.read_bytes() == before
    for meta in ({}, {"_meta": {}}, {"_meta": {"revision": 5}}):
        status, reply = await running.save({"server": {}, **meta})
        assert (status, reply["code"]) == (400, "validation_error")
        assert reply["details"]["field"].startswith("_meta")


async def test_authentication_needs_an_admin_to_sign_in(running):
    body = await running.current()
    body["server"]["auth"]["enabled"] = True
    status, reply = await running.save(body)
    assert (status, [*said(reply)]) == (400, ["server.auth.enabled"])
    users = running.daemon.accounts.users
    await users.create("off", "correct horse", is_admin=True, disabled=True)
    await users.create("bob", "correct horse")
    assert (await running.save(body))[0] == 400
    await users.create("ann", "correct horse", is_admin=True)
    status, reply = await running.save(body)
    assert (status, reply["restartNeeded"]) == (200, ["server.auth"])


async def test_authentication_off_on_a_wide_address_has_to_be_meant(running):
    body = await running.current()
    body["server"]["host"] = "::"
    status, reply = await running.save(body)
    assert (status, [*said(reply)]) == (400, ["server.auth"])
    body["server"]["auth"]["allowInsecure"] = True
    assert (await running.save(body))[0] == 200


async def test_a_file_edited_by_hand_is_not_overwritten(running):
    body = await running.current()
    running.config.write_text('{"version": "1.0", "clients": []}')
    status, reply = await running.save(body)
    assert (status, reply["code"]) == (409, "config_changed")
    assert running.config.read_text() == '{"version": "1.0", "clients": []}'
    body["_meta"]["revision"] = "another"
    assert (await running.save(body))[1]["code"] == "config_changed"


async def test_what_belongs_to_a_client_follows_it_to_its_new_id(running):
    owners, categories = running.daemon.owners, running.daemon.catalogue.categories
    ann = await running.daemon.accounts.users.create("ann", "correct horse")
    hash = next(running.daemon.catalogue.items(ONE)).item.hash
    user = User(id=ann.id, name="ann", is_admin=False)
    await owners.claim(user, [(ONE, hash)])
    mapped = Category(id=0, name="tv", title="tv", path_mappings={ONE: "/one", TWO: "/two"})
    categories._put(mapped)
    view = running.daemon.catalogue.view(user)
    assert json.loads(view.full())["data"]["items"][0]["instanceId"] == ONE
    told = []
    running.daemon.catalogue.on_tick.append(lambda tick: told.append(json.loads(tick.message(view))["data"]))
    status, reply = await running.save(await running.current(id="first", previousId=ONE))
    assert status == 200, reply
    await running.until_online("first", TWO)
    assert owners.of(("first", hash)) == ann.id
    assert owners.of((ONE, hash)) is None
    assert categories.get("tv").path_mappings == {"first": "/one", TWO: "/two"}
    with trio.fail_after(10):
        while not told or [each["instanceId"] for each in json.loads(view.full())["data"]["items"]] != ["first"]:
            await trio.lowlevel.checkpoint()
    assert any("items" in each for each in told), "a reader who no longer sees the old one is sent the whole list"
    assert "previousId" not in running.config.read_text()
    assert json.loads(running.config.read_text())["clients"][0] == {**FIRST, "id": "first"}


async def test_a_database_that_fails_leaves_all_as_it_was(running, monkeypatch):
    body = await running.current(id="first", previousId=ONE)
    before = running.config.read_bytes()

    async def fail(work):
        from amutorrent.errors import StorageUnavailable

        raise StorageUnavailable("the disk is full")

    monkeypatch.setattr(running.daemon.store, "write", fail)
    status, reply = await running.save(body)
    assert (status, reply["code"]) == (503, "storage_unavailable")
    monkeypatch.undo()
    assert running.config.read_bytes() == before
    assert running.daemon.instances.all()[0].id == ONE
    assert sorted(vault.OPENED) == [ONE, TWO]
    assert (await running.save(body))[0] == 200


def test_ids_that_change_places():
    assert steps([("a", "b"), ("c", "d")]) == [("a", "b"), ("c", "d")]
    assert steps([("a", "b"), ("b", "a")]) == [("a", "a?"), ("b", "b?"), ("a?", "b"), ("b?", "a")]
    assert steps([("a", "b"), ("b", "c")]) == [("a", "a?"), ("b", "b?"), ("a?", "b"), ("b?", "c")]


async def test_trying_clients_and_folders(running, tmp_path):
    first = (await running.current())["clients"][0]
    clients = [
        {**first, "enabled": False},
        {**SECOND, "password": "wrong"},
        {"type": "vault", "port": 0},
        {"type": "nothing"},
        GONE,
    ]
    folders = {"logs": str(tmp_path / "new"), "browse": [str(tmp_path), "/no/such/folder", str(running.config)]}
    opened = len(vault.OPENED)
    status, reply = await running.ask("POST", "config/test", {"clients": clients, "directories": folders})
    assert (status, reply["success"]) == (200, False)
    found = reply["results"]["clients"]
    assert found[0] == {"success": True, "connected": True, "version": "1.0", "error": None}
    assert [each["success"] for each in found] == [True, False, False, False, False]
    assert "wrong password" in found[1]["error"]
    assert "clients.2.host" in found[2]["error"]
    assert "clients.2.port" in found[2]["error"]
    assert "clients.3.type" in found[3]["error"]
    assert "configuration.no_such_module" in found[4]["error"]
    assert len(vault.OPENED) == opened + 2
    listed = reply["results"]["directories"]
    assert listed["logs"] == {"success": True, "error": None}
    assert not (tmp_path / "new").exists()
    assert [each["error"] for each in listed["browse"]] == [None, "There is no such folder", "This is no folder"]
    status, reply = await running.ask("POST", "config/test", {})
    assert reply == {"success": True, "results": {}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"clients": [{**FIRST, "password": MASK, "host": "evil.test"}]}, "clients.0.host"),
        ({"clients": [{**FIRST, "id": ONE, "password": MASK, "port": 1}]}, "clients.0.port"),
        ({"directories": {"logs": "relative", "nothing": 1}}, "directories.nothing"),
        ({"directories": {"browse": ["relative"]}}, "directories.browse"),
        ({"clients": {}}, "clients"),
        ({"clients": [5]}, "clients[0]"),
        ({"clients": [FIRST] * 101}, "clients"),
    ],
)
async def test_what_is_not_tried_at_all(running, body, field):
    status, reply = await running.ask("POST", "config/test", body)
    assert (status, reply["details"]["field"]) == (400, field)
    assert sorted(vault.OPENED) == [ONE, TWO]


async def test_finding_clients_on_this_machine(running):
    vault.ANSWERS.update({7000: "4.5", 7001: "", 7002: None})
    body = await running.current()
    body["clients"][1] |= {"host": "localhost", "password": "right"}
    assert (await running.save(body))[0] == 200
    status, reply = await running.ask("POST", "config/detect")
    assert (status, reply["success"]) == (200, True)
    place = {"type": "vault", "label": "Vault", "host": "127.0.0.1"}
    assert reply["found"] == [
        {**place, "port": 7000, "version": "4.5", "configured": True, "settings": {}},
        {**place, "port": 7001, "version": None, "configured": False, "settings": {"note": "x"}},
    ]


async def test_a_plugin_that_hangs_or_fails_is_not_waited_for(running):
    vault.ANSWERS.update({7000: "hang", 7001: OSError("no"), 7002: "6.0"})
    began = trio.current_time()
    _, reply = await running.ask("POST", "config/detect")
    assert trio.current_time() - began < 10
    assert [(each["host"], each["version"]) for each in reply["found"]] == [("::1", "6.0")]


async def test_what_the_environment_holds_is_locked(tmp_path, run_daemon):
    environ = {"AMUTORRENT_CLIENTS__0__PASSWORD": "right", "AMUTORRENT_SERVER__LOG_LEVEL": "error"}
    async with run_daemon(tmp_path, {"clients": [{"type": "vault", "host": "one.test"}]}, environ) as running:
        found = await running.current()
        assert found["_meta"]["locked"] == ["clients.0.password", "server.logLevel"]
        found["server"]["logLevel"] = "debug"
        status, reply = await running.save(found)
        assert (status, [*said(reply)]) == (400, ["server.logLevel"])
        status, _ = await running.save(await running.current(name="other"))
        assert status == 200
        assert "right" not in running.config.read_text()


def test_a_form_of_every_client_type_we_bring():
    from amutorrent.configuration.form import client_type_form
    from amutorrent.plugins import load_plugins

    forms = {name: client_type_form(kind) for name, kind in load_plugins().client_types.items()}
    assert {"amule", "qbittorrent", "rtorrent"} <= forms.keys()
    for form in forms.values():
        for field in form.fields:
            assert field.type != "object", field
            assert field.label[:1].isupper(), asdict(field)
    modes = next(each for each in forms["rtorrent"].fields if each.name == "mode")
    assert modes.choices == ["http", "scgi", "scgi-socket"]
    paths = {each.name: each for each in forms["amule"].fields if each.name.startswith("sharedDir")}
    assert (paths["sharedDirDatPath"].format, paths["sharedDirRoots"].items) == ("path", FormItems(format="path"))


def test_a_form_says_what_a_text_is_and_what_may_be_a_list():
    from amutorrent_qbcompat.settings import QbcompatSettings
    from amutorrent_torznab.settings import TorznabSettings

    (clients,) = form_fields(QbcompatSettings)
    assert (clients.type, clients.choices) == ("string", ["ed2k", "all"])
    assert clients.items == FormItems(pattern="^[A-Za-z0-9._-]{1,300}$", format="instance")
    assert next(each.format for each in form_fields(TorznabSettings) if each.name == "instanceId") == "instance"


async def test_the_version(running):
    from amutorrent import __version__

    status, found = await running.ask("GET", "version")
    assert status == 200
    assert (found["appName"], found["version"]) == ("aMuTorrent", __version__)
    assert found["changelog"].startswith("The first version.")
    assert [found[key] for key in ("latestVersion", "updateAvailable", "releaseUrl")] == [None, False, None]
    body = await running.current()
    body["updates"]["check"] = True
    status, reply = await running.save(body)
    assert (status, [*said(reply)]) == (400, ["updates.check"])
