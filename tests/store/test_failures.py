"""A database file that is full, locked, cut, garbled, empty, gone: a clear error, nothing half-written, and back."""

import os
import sqlite3
import subprocess
import sys

import pytest
import trio
from lab.waiting import wait_until
from store.conftest import gets_well, running_store, storage, within

from amutorrent.errors import StorageUnavailable

BIG = "x" * (300 << 10)


async def fill_until_it_fails(notes):
    """Write until the disk is full; gives how many fitted, and what was said."""
    for number in range(200):
        try:
            await notes.put("big", f"{number:03}", BIG)
        except StorageUnavailable as error:
            return number, error
    raise AssertionError("it is never full")


@pytest.mark.slow
async def test_a_full_disk_and_room_again(disk):
    async with running_store("", disk.path) as store:
        notes = storage(store)
        await notes.put("small", "before", 1)
        fitted, error = await fill_until_it_fails(notes)
        assert error.message == store.problem
        assert f"The disk of the database {disk.path}/amutorrent.db is full" in error.message
        with pytest.raises(StorageUnavailable, match="is full"):
            await notes.put("small", "during", 2)
        assert await notes.all("small") == {"before": 1}
        assert len(await notes.all("big")) == fitted
        with trio.move_on_after(0.3):  # several tries later it is still full
            await store.wait_well()
        assert "is full" in store.problem
        disk.grow(32)
        await gets_well(store)
        await notes.put("small", "after", 3)
    async with running_store("", disk.path) as store:
        assert await storage(store).all("small") == {"before": 1, "after": 3}
        assert set((await storage(store).all("big")).values()) == {BIG}


@pytest.mark.slow
async def test_a_disk_with_little_room_is_not_well_and_ill_by_turns(disk):
    async with running_store("", disk.path) as store:
        notes = storage(store)
        await notes.put("small", "before", 1)
        disk.fill(spare=40 << 10)
        with pytest.raises(StorageUnavailable, match="is full"):
            await notes.put("big", "one", BIG)
        with trio.move_on_after(0.5):
            await store.wait_well()
        assert "is full" in store.problem
        disk.free()
        await gets_well(store)
        await notes.put("big", "one", BIG)


@pytest.mark.slow
async def test_a_disk_that_is_full_from_the_beginning(disk):
    disk.fill()
    async with running_store("", disk.path) as store:
        assert "is full" in store.problem
        assert [each.name for each in disk.path.iterdir()] == ["ballast"]
        with pytest.raises(StorageUnavailable, match="is full"):
            await storage(store).put("a", "b", 1)
        disk.free()
        await gets_well(store)
        await storage(store).put("a", "b", 1)
        assert await storage(store).all("a") == {"b": 1}


@pytest.mark.slow
async def test_a_disk_that_is_full_at_the_next_start(disk):
    async with running_store("", disk.path) as store:
        await storage(store).put("a", "b", 1)
    disk.fill()
    async with running_store("", disk.path) as store:
        assert "is full" in store.problem
        disk.free()
        await gets_well(store)
        assert await storage(store).all("a") == {"b": 1}


@pytest.mark.slow
async def test_locked_by_another_program(tmp_path):
    async with running_store("", tmp_path) as store:
        notes = storage(store)
        await notes.put("a", "before", 1)
        other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="is locked by another program"):
            await notes.put("a", "during", 2)
        assert "is locked" in store.problem
        with within(1), pytest.raises(StorageUnavailable, match="is locked"):
            await notes.put("a", "during", 2)  # not waited for a second time
        assert await notes.all("a") == {"before": 1}
        other.execute("ROLLBACK")
        other.close()
        await gets_well(store)
        await notes.put("a", "after", 3)
        assert await notes.all("a") == {"before": 1, "after": 3}


@pytest.mark.slow
async def test_locked_as_a_whole_at_the_start(tmp_path):
    async with running_store("", tmp_path) as store:
        await storage(store).put("a", "b", 1)
    other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    async with running_store("", tmp_path) as store:
        assert "is locked by another program" in store.problem
        with pytest.raises(StorageUnavailable, match="is locked"):
            await storage(store).all("a")
        other.close()
        await gets_well(store)
        assert await storage(store).all("a") == {"b": 1}


async def test_nobody_else_writes_between_what_a_transaction_reads_and_what_it_writes(tmp_path):
    async with running_store("", tmp_path) as store:
        await storage(store).put("a", "b", 1)

        def read_then_write(connection):
            found = connection.exec_driver_sql("SELECT value FROM record WHERE owner = 'notes'").scalar()
            other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None, timeout=0)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("UPDATE record SET value = '10'")
            other.close()
            connection.exec_driver_sql("UPDATE record SET value = ? WHERE owner = 'notes'", (f"{found}0",))

        await store.write(read_then_write)
        assert await storage(store).all("a") == {"b": 10}


async def test_a_writer_that_is_done_soon_is_waited_for(tmp_path):
    async with running_store("", tmp_path) as store:
        other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(storage(store).put, "a", "b", 1)
            await trio.sleep(0.1)
            other.execute("ROLLBACK")
        other.close()
        assert await storage(store).all("a") == {"b": 1}
        assert store.problem is None


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def cut_within_a_page(path):
    os.truncate(path, 5000)


def cut_to_nothing(path):
    os.truncate(path, 0)


def garble_the_head(path):
    path.write_bytes(b"not a database at all" + path.read_bytes()[21:])


def garble_the_pages(path):
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


DAMAGES = [cut, cut_within_a_page, cut_to_nothing, garble_the_head, garble_the_pages]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda each: each.__name__)
async def test_a_damaged_file_is_told_left_alone_and_can_be_replaced(tmp_path, damage):
    path = tmp_path / "amutorrent.db"
    async with running_store("", tmp_path) as store:
        await storage(store).put("a", "b", [BIG])
    whole = path.read_bytes()
    damage(path)
    damaged = path.read_bytes()
    async with running_store("", tmp_path) as store:
        assert f"The database {path} is damaged (" in store.problem
        assert "put a copy in its place" in store.problem
        for attempt in (storage(store).get("a", "b"), storage(store).put("a", "b", 1)):
            with pytest.raises(StorageUnavailable, match="is damaged"):
                await attempt
        assert path.read_bytes() == damaged
        (tmp_path / "copy").write_bytes(whole)
        (tmp_path / "copy").rename(path)
        await gets_well(store)
        assert await storage(store).all("a") == {"b": [BIG]}


async def test_a_file_that_is_damaged_while_it_is_used(tmp_path):
    async with running_store("", tmp_path) as store, storage(store).batch() as batch:
        for number in range(300):
            batch.put("many", str(number), "x" * 9000)
    with sqlite3.connect(tmp_path / "amutorrent.db") as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    async with running_store("", tmp_path) as store:
        os.truncate(tmp_path / "amutorrent.db", pages // 2 * 4096)
        with pytest.raises(StorageUnavailable, match="is damaged"):
            await storage(store).all("many")
        with trio.move_on_after(0.5):  # other pages are well, and could be used; but it stays as it is
            await store.wait_well()
        assert "is damaged" in store.problem


async def test_a_journal_without_its_database_is_not_given_to_a_new_one(tmp_path):
    async with running_store("", tmp_path) as store:
        await storage(store).put("a", "b", 1)
        (tmp_path / "amutorrent.db-wal").rename(tmp_path / "kept")
    (tmp_path / "amutorrent.db").unlink()
    (tmp_path / "kept").rename(tmp_path / "amutorrent.db-wal")
    async with running_store("", tmp_path) as store:
        assert "is missing, but its journal amutorrent.db-wal is there" in store.problem
        assert not (tmp_path / "amutorrent.db").exists()
        (tmp_path / "amutorrent.db-wal").unlink()
        await gets_well(store)


async def test_a_folder_that_is_not_there(tmp_path):
    async with running_store(f"sqlite:///{tmp_path}/gone/x.db", tmp_path) as store:
        assert store.problem == f"Cannot use the database {tmp_path}/gone/x.db: No such file or directory"
        (tmp_path / "gone").mkdir()
        await gets_well(store)


async def test_a_file_that_is_none(tmp_path):
    (tmp_path / "amutorrent.db").mkdir()
    async with running_store("", tmp_path) as store:
        assert "unable to open database file" in store.problem


WRITER = """
import sys, trio
from pathlib import Path
from amutorrent.storage import Storage
from amutorrent.store import Records, Store, locate

async def main(url, folder):
    store = Store(locate(url, Path(folder)))
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        notes = Storage("notes", Records(store))
        start = len(await notes.all("one"))
        for number in range(start, 1 << 30):
            async with notes.batch() as batch:
                batch.put("one", f"{number:06}", "x" * 3000)
                batch.put("two", f"{number:06}", number)
            print(number, flush=True)

trio.run(main, *sys.argv[1:])
"""


def killed_writer(url, folder, more):
    """Let a program write until it has told of `more` writes, kill it, and give all that was told so far."""
    said = folder / "said"
    said.touch()

    def told():
        return [int(line) for line in said.read_text().splitlines(keepends=True) if line.endswith("\n")]

    enough = len(told()) + more
    with said.open("ab") as out:
        writer = subprocess.Popen([sys.executable, "-c", WRITER, url, str(folder)], stdout=out)
    try:
        wait_until(lambda: len(told()) >= enough, 20)
    finally:
        writer.kill()
        writer.wait(10)
    return told()


@pytest.mark.slow
async def test_killed_while_it_writes_all_that_was_told_as_written_is_there(open_store, database_url, tmp_path):
    for round in range(1, 5):
        told = await trio.to_thread.run_sync(killed_writer, database_url, tmp_path, 7 * round)
        async with open_store() as store:
            assert store.problem is None
            one, two = await storage(store).all("one"), await storage(store).all("two")
            assert one.keys() == two.keys()
            assert list(two.values()) == list(range(len(two)))
            assert set(told) <= set(two.values())
            assert len(two) - len(told) <= round


async def test_a_schema_that_is_no_text_any_more_is_told_as_damage(tmp_path):
    async with running_store("", tmp_path) as store:
        await storage(store).put("old", "key", 1)
    path = tmp_path / "amutorrent.db"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE ", b"CREATE \xb9\xb9\xb9LE "))
    async with running_store("", tmp_path) as store:
        assert "is damaged" in store.problem
        with pytest.raises(StorageUnavailable, match="is damaged"):
            await storage(store).all("old")
