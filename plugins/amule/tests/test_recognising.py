"""Recognising an aMule by its first word, without logging in."""

from urllib.parse import urlsplit

import pytest
import trio
from amutorrent_amule import AMule

import amutorrent as am

pytestmark = pytest.mark.daemon


async def test_an_amule_is_recognised_and_another_program_is_not(amule, tracker):
    assert await AMule.recognise(am.Place(port=amule.port)) == ""
    found = None
    with trio.move_on_after(2):  # a web server waits for the end of a line
        found = await AMule.recognise(am.Place(port=urlsplit(tracker.url).port))
    assert found is None


async def test_it_logs_in_all_the_same_afterwards(amule, settings_of):
    from amutorrent.testing import open_session

    for _ in range(5):
        assert await AMule.recognise(am.Place(port=amule.port)) == ""
    async with open_session(AMule, settings_of(amule)) as session:
        await session.poll()
