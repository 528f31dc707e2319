"""While the database is away, locked or on a full disk, no byte is lost and the live list waits for nothing."""

import sqlite3

import pytest
from history.measuring import A, Stage
from store.conftest import gets_well, running_store

from amutorrent.errors import StorageUnavailable
from amutorrent.history import sampler


async def test_a_database_that_is_away(open_stage, monkeypatch):
    async with open_stage() as stage:
        well = stage.shelf.add

        async def ill(*arguments):
            raise StorageUnavailable("test")

        monkeypatch.setattr(stage.shelf, "add", ill)
        monkeypatch.setattr(sampler, "MOST_WAITING", 20)
        for number in range(100):
            await stage.poll(A, 15 * number, 100, moved=(10 * number, 0))
            assert not await stage.saved()
        assert len(stage.metrics.sampler._slots) <= 23
        monkeypatch.setattr(stage.shelf, "add", well)
        assert await stage.saved(1600)
        found = await stage.read()
        assert (sum(each.uploaded for each in found[0]), {each.upload_speed for each in found[0]}) == (990, {100})


@pytest.mark.slow
async def test_a_file_that_another_program_locks_costs_nothing_and_the_list_goes_on(tmp_path):
    async with running_store("", tmp_path) as store:
        stage = Stage(store)
        assert await stage.saved()
        await stage.poll(A, 0, 100, moved=(1000, 1000))
        assert await stage.saved()
        other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for number in range(1, 5):
            await stage.poll(A, 15 * number, 100, moved=(1000 + number, 1000))
            assert stage.catalogue.sources[A].speeds.upload_speed == 100, "the live list waits for nothing"
            assert await stage.saved() == (number == 1)  # the first 15 s are not over then
        assert "is locked by another program" in store.problem
        other.execute("ROLLBACK")
        other.close()
        await gets_well(store)
        assert await stage.saved(100)
        figures, _ = await stage.read(A)
        assert sum(each.uploaded for each in figures) == 4


@pytest.mark.slow
async def test_a_full_disk_costs_nothing_and_the_list_goes_on(disk):
    async with running_store("", disk.path) as store:
        stage = Stage(store)
        assert await stage.saved()
        await stage.poll(A, 0, 100, moved=(1000, 1000))
        assert await stage.saved()
        disk.fill()
        moved, at = 1000, 0
        while store.problem is None and at < 15 * 5000:  # pages that are there already have room for some
            at += 15
            moved += 1
            await stage.poll(A, at, 100, moved=(moved, 1000))
            assert stage.catalogue.sources[A].speeds.upload_speed == 100, "the live list waits for nothing"
            await stage.saved()
        assert "is full" in store.problem
        disk.free()
        await gets_well(store)
        assert await stage.saved(at + 100)
        figures, _ = await stage.read(A)
        assert sum(each.uploaded for each in figures) == moved - 1000
