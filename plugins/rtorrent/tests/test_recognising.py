"""Recognising an rTorrent on its SCGI port, and behind a web server."""

from urllib.parse import urlsplit

import pytest
import trio
from amutorrent_rtorrent import RTorrent

import amutorrent as am

pytestmark = pytest.mark.daemon


async def test_on_its_scgi_port_it_tells_its_version(rtorrent):
    place = am.Place(port=rtorrent.port, settings={"mode": "scgi"})
    assert await RTorrent.recognise(place) == rtorrent.call("system.client_version")


async def test_behind_a_web_server_that_asks_for_a_password_it_cannot_be_told(rtorrent_behind_http):
    assert await RTorrent.recognise(am.Place(port=rtorrent_behind_http.port)) is None


async def test_another_program_is_none(tracker):
    port, found = urlsplit(tracker.url).port, None
    assert await RTorrent.recognise(am.Place(port=port)) is None
    with trio.move_on_after(2):  # a web server waits for the end of a line
        found = await RTorrent.recognise(am.Place(port=port, settings={"mode": "scgi"}))
    assert found is None
