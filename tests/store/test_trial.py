"""Trying a database: what `amutorrent check` says of it, and that nothing changes."""

import os
import sqlite3

import pytest
from lab.ports import free_port
from sqlalchemy import text
from store.conftest import running_store
from store.test_migrations import make_old

from amutorrent.store import locate, try_store
from amutorrent.store.schema import NEWEST, VERSION_TABLE


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_one_that_is_well(database_url, tmp_path, open_store):
    place = locate(database_url, tmp_path)
    nothing = try_store(place)
    assert (nothing.result, nothing.revision, nothing.message) == ("ok", None, "it is made at the next start")
    async with open_store():
        beside = try_store(place)
        assert (beside.result, beside.revision, beside.message) == ("ok", NEWEST, None)
    before = files(tmp_path)
    assert try_store(place) == beside
    assert files(tmp_path) == before


def test_an_older_one_is_not_upgraded(database_url, tmp_path):
    make_old(database_url, tmp_path, "0001")
    place = locate(database_url, tmp_path)
    for _ in range(2):
        found = try_store(place)
        assert (found.result, found.revision) == ("ok", "0001")
        assert found.message == f"it is brought to revision {NEWEST} at the next start"


async def test_a_newer_one(database_url, tmp_path, open_store):
    async with open_store() as store:
        await store.write(lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num='0999'")))
    found = try_store(locate(database_url, tmp_path))
    assert found.result == "failed"
    assert "newer version" in found.message


@pytest.mark.slow
async def test_a_file_that_is_locked_damaged_or_empty(tmp_path):
    place = locate("", tmp_path)
    async with running_store("", tmp_path):
        other = sqlite3.connect(place.file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert "is locked by another program" in try_store(place).message
        other.close()
    for size in (5000, 0):
        os.truncate(place.file, size)
        assert "is damaged" in try_store(place).message
        assert place.file.stat().st_size == size


def test_a_server_that_is_not_there(tmp_path):
    found = try_store(locate(f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x", tmp_path))
    assert found.result == "failed"
    assert "Connection refused" in found.message
    assert "hunter2" not in found.message
