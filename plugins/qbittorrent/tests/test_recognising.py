"""Recognising a qBittorrent by its login page, or by its version where it asks for no login."""

from urllib.parse import urlsplit

import pytest
from amutorrent_qbittorrent import QBittorrent
from lab.qbittorrent import daemon as run_daemon

import amutorrent as am

pytestmark = pytest.mark.daemon


async def test_one_that_asks_for_a_login_does_not_tell_its_version(daemon):
    for _ in range(10):  # more than it allows failed logins before it bans an address
        assert await QBittorrent.recognise(am.Place(port=daemon.port)) == ""
    daemon.log_out()
    assert daemon.torrents() == {}


async def test_one_that_asks_for_none_tells_its_version(tmp_path):
    with run_daemon(tmp_path, ask_password=False) as daemon:
        version = await QBittorrent.recognise(am.Place(port=daemon.port))
    assert version is not None
    assert version[:2] in ("4.", "5.")


async def test_another_web_server_is_not_one(tracker):
    assert await QBittorrent.recognise(am.Place(port=urlsplit(tracker.url).port)) is None
