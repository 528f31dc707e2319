"""What becomes of complete files that are deleted, over a real amuled."""

import os
from dataclasses import replace

import pytest

from amutorrent import ClientFailed, RefreshShared, RemoveWithFiles
from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def shared_file(session, amule, name):
    file = make_ed2k_file(name, 1000)
    file.write(amule.incoming)
    await session.part(RefreshShared).refresh_shared()
    await session.until(lambda: file.hash in session.items)
    return file


async def test_a_file_that_somebody_took_away_before_goes_from_the_list_and_that_is_no_error(session, amule, tmp_path):
    file = await shared_file(session, amule, "moved into a library.mkv")
    other = await shared_file(session, amule, "stays.mkv")
    os.rename(amule.incoming / file.name, tmp_path / file.name)
    assert await session.part(RemoveWithFiles).remove_with_files([file.hash]) == {file.hash: None}
    await session.until(lambda: file.hash not in session.items)
    assert (tmp_path / file.name).exists()
    assert other.hash in session.items
    assert await session.part(RemoveWithFiles).remove_with_files([other.hash]) == {other.hash: None}


async def test_a_file_that_only_we_do_not_see_stays_on_the_list_and_that_is_an_error(session, amule, monkeypatch):
    file = await shared_file(session, amule, "seen by the client alone.mkv")
    daemon = session.client._daemon
    elsewhere = replace(daemon.services, local_path=lambda path: f"/nowhere{path}")
    with monkeypatch.context() as patched:
        patched.setattr(daemon, "services", elsewhere)
        outcome = await session.part(RemoveWithFiles).remove_with_files([file.hash])
    assert isinstance(outcome[file.hash], ClientFailed)
    assert (amule.incoming / file.name).exists()
    assert await session.part(RemoveWithFiles).remove_with_files([file.hash]) == {file.hash: None}
