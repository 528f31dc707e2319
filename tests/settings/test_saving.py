"""Saves: atomic, private, never over what a person wrote, never what variables and flags say."""

import errno
import os
import stat

import pytest
import trio
from pydantic import BaseModel, SecretStr

from amutorrent.errors import Conflict, InvalidRequest, NotFound, SettingsError, StorageUnavailable
from amutorrent.settings import PluginSettings, Settings


class ShopSettings(BaseModel):
    """A plugin's own section."""

    shop_name: str = "none"
    days: list[int] = []
    token: SecretStr = SecretStr("")


DEMO = {"type": "demo", "host": "a"}


async def test_a_plugin_saves_keys_of_its_section(folder):
    settings = folder.write({"server": {"port": 5}, "plugins": {"shop": {"a": 1}}}).read()
    shop = PluginSettings(settings, "shop")
    await shop.save({"b": [1, "ü"]})
    assert folder.saved() == {"server": {"port": 5}, "plugins": {"shop": {"a": 1, "b": [1, "ü"]}}}
    assert shop.values == {"a": 1, "b": [1, "ü"]}


async def test_the_first_save_makes_a_private_file_of_the_current_format(folder):
    old = os.umask(0)
    try:
        await PluginSettings(folder.read(), "shop").save({"a": 1})
    finally:
        os.umask(old)
    assert folder.saved() == {"version": "1.0", "plugins": {"shop": {"a": 1}}}
    assert stat.S_IMODE(folder.config.stat().st_mode) == 0o600
    assert os.listdir(folder.path) == ["config.json"]


async def test_a_plugin_saves_keys_of_its_own_clients(folder):
    settings = folder.write({"clients": [DEMO, {**DEMO, "host": "b"}]}).read()
    await PluginSettings(settings, "demo", {"demo"}).save_client("demo-b-8080", {"useSsl": True})
    assert folder.saved()["clients"] == [DEMO, {**DEMO, "host": "b", "useSsl": True}]
    assert settings.clients[1].settings.use_ssl is True
    with pytest.raises(NotFound):
        await PluginSettings(settings, "other", {"other"}).save_client("demo-b-8080", {"useSsl": False})


async def test_what_variables_and_flags_say_is_never_written(folder):
    folder.write({"clients": [DEMO]})
    environ = {
        "AMUTORRENT_CLIENTS__0__PASSWORD": "hunter2",
        "AMUTORRENT_CLIENTS__1__TYPE": "demo",
        "AMUTORRENT_CLIENTS__1__HOST": "secret-host",
        "AMUTORRENT_CLIENTS__2__TYPE": "demo",
        "AMUTORRENT_CLIENTS__2__HOST": "other",
    }
    settings = folder.read(environ, port=77)
    demo = PluginSettings(settings, "demo", {"demo"})
    await demo.save_client("demo-other-8080", {"roots": ["/x"]})
    assert folder.saved() == {"clients": [DEMO, {}, {"roots": ["/x"]}]}
    with pytest.raises(InvalidRequest, match=r"clients\.0\.password is set by AMUTORRENT_CLIENTS__0__PASSWORD"):
        await demo.save_client("demo-a-8080", {"password": "other"})
    assert folder.read(environ).clients == settings.clients


async def test_a_wrong_value_is_refused_and_nothing_is_written(folder):
    settings = folder.write({"clients": [DEMO]}).read()
    before = folder.config.read_bytes()
    with pytest.raises(InvalidRequest, match=r"clients\.0\.port is 0"):
        await PluginSettings(settings, "demo", {"demo"}).save_client("demo-a-8080", {"port": 0})
    assert folder.config.read_bytes() == before
    assert settings.clients[0].settings.port == 8080


@pytest.mark.parametrize("edit", ["changed", "removed", "created"])
async def test_a_file_edited_by_hand_is_never_overwritten(folder, edit):
    if edit != "created":
        folder.write({"server": {"port": 5}})
    shop = PluginSettings(folder.read(), "shop")
    if edit == "removed":
        folder.config.unlink()
    else:
        folder.write('{"server": {"port": 6}}')
    with pytest.raises(Conflict) as caught:
        await shop.save({"a": 1})
    assert caught.value.code == "config_changed"
    assert shop.values == {}
    assert folder.config.exists() is (edit != "removed")
    if folder.config.exists():
        assert folder.config.read_bytes() == b'{"server": {"port": 6}}'


@pytest.mark.parametrize("step", ["fsync", "replace"])
async def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(folder, monkeypatch, step):
    shop = PluginSettings(folder.write({"server": {"port": 5}}).read(), "shop")
    before = folder.config.read_bytes()

    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"amutorrent.settings.file.os.{step}", fail)
    with pytest.raises(StorageUnavailable, match="No space left"):
        await shop.save({"a": 1})
    monkeypatch.undo()
    assert folder.config.read_bytes() == before
    assert os.listdir(folder.path) == ["config.json"]
    await shop.save({"a": 1})
    assert folder.saved() == {"server": {"port": 5}, "plugins": {"shop": {"a": 1}}}


async def test_what_a_killed_daemon_left_behind_goes_with_the_next_save(folder):
    (folder.path / ".config.json.new-abc").write_text("secrets")
    (folder.path / ".config.json.mine").write_text("of somebody else")
    await PluginSettings(folder.read(), "shop").save({"a": 1})
    assert sorted(os.listdir(folder.path)) == [".config.json.mine", "config.json"]


async def test_the_content_is_on_disk_before_it_gets_its_name(folder, monkeypatch):
    steps: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(
            f"amutorrent.settings.file.os.{name}", lambda *args, n=name, r=real: (steps.append(n), r(*args))[1]
        )
    await PluginSettings(folder.read(), "shop").save({"a": 1})
    assert steps == ["fsync", "replace", "fsync"]


async def test_a_link_to_the_file_stays_a_link(folder, tmp_path):
    real = tmp_path / "real.json"
    real.write_text("{}")
    folder.config.symlink_to(real)
    await PluginSettings(folder.read(), "shop").save({"a": 1})
    assert folder.config.is_symlink()
    assert '"a": 1' in real.read_text()


async def test_saves_at_the_same_time_all_count(folder):
    settings = folder.read()
    async with trio.open_nursery() as nursery:
        for name in ("x", "y", "z"):
            nursery.start_soon(PluginSettings(settings, name).save, {"a": 1})
    assert set(folder.saved()["plugins"]) == {"x", "y", "z"}


def test_a_plugins_section_is_checked_by_its_own_model(folder):
    folder.write({"plugins": {"my-shop": {"shop_name": "file"}}})
    environ = {
        "AMUTORRENT_PLUGINS__MY_SHOP__SHOP_NAME": "variable",
        "AMUTORRENT_PLUGINS__MY_SHOP__DAYS": "[1, 2]",
        "AMUTORRENT_PLUGINS__MY_SHOP__TOKEN": "hunter2",
    }
    settings = folder.read(environ)
    found = PluginSettings(settings, "my-shop").read(ShopSettings)
    assert (found.shop_name, found.days) == ("variable", [1, 2])
    assert settings.secrets == {"hunter2"}
    assert PluginSettings(settings, "my-shop").values["shopName"] == "variable"
    with pytest.raises(SettingsError, match=r"plugins\.my-shop\.days \(AMUTORRENT_PLUGINS__MY_SHOP__DAYS\): it should"):
        PluginSettings(folder.read({"AMUTORRENT_PLUGINS__MY_SHOP__DAYS": "x"}), "my-shop").read(ShopSettings)


async def test_a_key_of_a_section_that_a_variable_holds_is_not_saved(folder):
    shop = PluginSettings(folder.read({"AMUTORRENT_PLUGINS__SHOP__SHOP_NAME": "x"}), "shop")
    with pytest.raises(InvalidRequest, match="set by AMUTORRENT_PLUGINS__SHOP__SHOP_NAME"):
        await shop.save({"shopName": "y"})
    assert not folder.config.exists()


def test_settings_can_be_read_before_any_plugin_is(folder):
    folder.write({"clients": [{"type": "whatever"}]})
    assert Settings(folder.path, environ={}).clients == []
