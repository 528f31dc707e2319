"""What settings are taken, and what libtorrent is told of them."""

from pathlib import Path

import pytest
from amutorrent_libtorrent import Libtorrent
from amutorrent_libtorrent.pack import pack
from pydantic import ValidationError


def settings(**given):
    return Libtorrent.Settings.model_validate(given)


def test_nothing_has_to_be_said(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    assert settings().folder == tmp_path / "Downloads"
    assert settings().address() == "main"
    assert settings(profile="second").address() == "second"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("downloadDir", "downloads"),
        ("downloadDir", "/srv/../etc"),
        ("downloadDir", "/srv/\0"),
        ("profile", "../main"),
        ("profile", ""),
        ("port", 0),
        ("interfaces", ["tun0,eth0"]),
        ("interfaces", [""]),
        ("interfaces", ["300.1.1.1 "]),
        ("encryption", "yes"),
        ("shareRatio", -1),
        ("shareRatio", float("nan")),
        ("whenShared", "explode"),
        ("maxConnections", 1),
        ("host", "127.0.0.1"),
    ],
)
def test_what_is_wrong_is_named(field, value):
    with pytest.raises(ValidationError) as caught:
        settings(**{field: value})
    assert [error["loc"][0] for error in caught.value.errors()] == [field]


def test_a_router_is_left_alone_by_default():
    given = pack(settings(), (0, 0))
    assert not given["enable_upnp"]
    assert not given["enable_natpmp"]
    assert given["connections_limit"] == 200
    assert given["listen_interfaces"] == "0.0.0.0:16881,[::]:16881"
    assert given["outgoing_interfaces"] == ""


def test_what_is_bound_to_a_device_goes_out_by_no_other():
    given = pack(settings(interfaces=["tun0", "10.8.0.2", "[fd00::2]"], port=7000), (0, 0))
    assert given["listen_interfaces"] == "tun0:7000,10.8.0.2:7000,[fd00::2]:7000"
    assert given["outgoing_interfaces"] == "tun0,10.8.0.2,fd00::2"
    assert pack(settings(interfaces=["::"]), (0, 0))["outgoing_interfaces"] == ""


def test_every_switch_reaches_libtorrent():
    off = dict.fromkeys(("dht", "lsd", "upnp", "utp"), False)
    on = {**dict.fromkeys(off, True), "encryption": "required", "maxUploads": -1}
    names = ("enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp", "enable_outgoing_utp", "enable_incoming_utp")
    assert [pack(settings(**off), (0, 0))[name] for name in names] == [False] * 6
    given = pack(settings(**on), (1000, 2000))
    assert [given[name] for name in names] == [True] * 6
    assert (given["download_rate_limit"], given["upload_rate_limit"]) == (1000, 2000)
    assert given["unchoke_slots_limit"] == -1
    policies = {pack(settings(encryption=each), (0, 0))["in_enc_policy"] for each in ("allowed", "required", "off")}
    assert len(policies) == 3


def test_a_folder_that_cannot_be_used_is_said_before_anything_starts(tmp_path):
    from amutorrent_libtorrent.places import usable

    from amutorrent import ClientFailed

    (tmp_path / "file").write_text("")
    usable(tmp_path / "to" / "be" / "made")
    for wrong in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/1/nothing")):
        with pytest.raises(ClientFailed, match="cannot be used"):
            usable(wrong)
    assert not (tmp_path / "to").exists()
