"""A PostgreSQL server that is away, hangs, refuses, or is held by somebody else."""

import builtins
import shutil
import sys
from functools import partial

import pytest
import trio
from lab.ports import free_port
from lab.tmpfs import tmpfs
from sqlalchemy import literal, select, text
from store.conftest import gets_well, running_store, storage, within

from amutorrent.errors import StorageUnavailable

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
daemon_store = partial(running_store, alone=True)


@pytest.fixture
def url(postgresql):
    return postgresql.url(postgresql.new_database())


async def test_it_goes_away_and_comes_back(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path) as store:
        notes = storage(store)
        await notes.put("a", "before", 1)
        await trio.to_thread.run_sync(postgresql.stop)
        try:
            with pytest.raises(StorageUnavailable, match="Cannot use the database"):
                await notes.put("a", "during", 2)
            assert postgresql.password not in store.problem
            with pytest.raises(StorageUnavailable):
                await notes.all("a")
        finally:
            await trio.to_thread.run_sync(postgresql.start)
        await gets_well(store)
        await notes.put("a", "after", 3)
        assert await notes.all("a") == {"before": 1, "after": 3}


async def test_a_connection_that_was_lost_meanwhile_is_renewed_unseen(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path) as store:
        await storage(store).put("a", "b", 1)
        with postgresql.connect() as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'amutorrent'"
            )
        await storage(store).put("a", "c", 2)
        assert store.problem is None


async def test_it_hangs(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path, answer_s=0.5) as store:
        notes = storage(store)
        await notes.put("a", "before", 1)
        postgresql.hang(True)
        try:
            with (
                within(2),
                pytest.raises(StorageUnavailable, match="does not answer; what was to be saved may"),
            ):
                await notes.put("a", "during", 2)
            assert "does not answer" in store.problem
            with within(0.2), pytest.raises(StorageUnavailable, match="does not answer"):
                await notes.put("a", "during", 3)
        finally:
            postgresql.hang(False)
        await gets_well(store)
        assert (await notes.all("a"))["before"] == 1


async def test_a_table_is_held_by_somebody_else(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path) as store:
        notes = storage(store)
        await notes.put("a", "before", 1)
        other = postgresql.connect(url.rpartition("/")[2])
        other.execute("BEGIN")
        other.execute("LOCK TABLE record IN EXCLUSIVE MODE")
        with pytest.raises(StorageUnavailable, match="is locked by another program"):
            await notes.put("a", "during", 2)
        assert await notes.all("a") == {"before": 1}
        other.close()
        await gets_well(store)
        assert await notes.all("a") == {"before": 1}


async def much(notes):
    for number in range(100):
        await notes.put("big", str(number), "".join(map(str, range(10_000))))


async def test_its_disk_is_full(postgresql, tmp_path):
    with tmpfs(postgresql.root / "small", 24) as disk:
        shutil.chown(disk.path, *postgresql.owner)
        with postgresql.connect() as other:
            other.execute(f"CREATE TABLESPACE small LOCATION '{disk.path}'")
        url = postgresql.url(postgresql.new_database("TABLESPACE small"))
        async with daemon_store(url, tmp_path) as store:
            notes = storage(store)
            await notes.put("a", "before", 1)
            disk.fill()
            with pytest.raises(StorageUnavailable, match=r"The disk of the database postgresql.* is full"):
                await much(notes)
            assert await notes.all("a") == {"before": 1}
            disk.free()
            await gets_well(store)
            await notes.put("a", "after", 2)
            assert await notes.all("a") == {"before": 1, "after": 2}
        with postgresql.connect() as other:
            other.execute(f"DROP DATABASE {url.rpartition('/')[2]}")
            other.execute("DROP TABLESPACE small")


async def test_nobody_listens(tmp_path):
    async with daemon_store(f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x", tmp_path) as store:
        assert "Cannot use the database postgresql+psycopg://u:***@127.0.0.1:" in store.problem
        assert "Connection refused" in store.problem
        assert "hunter2" not in store.problem


async def test_a_wrong_password_and_a_wrong_database(postgresql, url, tmp_path):
    wrong = url.replace("correct", "hunter2")
    async with daemon_store(wrong, tmp_path) as store:
        assert "password authentication failed" in store.problem
        assert "hunter2" not in store.problem
    async with daemon_store(f"{url}_gone", tmp_path) as store:
        assert "does not exist" in store.problem


async def test_a_user_who_may_only_read(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path) as store:
        await storage(store).put("a", "b", 1)
    read_only = f"{url}?options=-c%20default_transaction_read_only%3Don"
    async with daemon_store(read_only, tmp_path) as store:
        assert "can only be read (cannot execute DELETE in a read-only transaction)" in store.problem
        assert await storage(store).get("a", "b") == 1


async def test_tables_of_others_are_left_alone(postgresql, url, tmp_path):
    with postgresql.connect(url.rpartition("/")[2]) as other:
        other.execute("CREATE TABLE alembic_version (version_num text)")
        other.execute("INSERT INTO alembic_version VALUES ('of somebody else')")
    async with daemon_store(url, tmp_path) as store:
        assert store.problem is None
        kept = await store.read(lambda connection: connection.execute(text("SELECT * FROM alembic_version")).scalar())
        assert kept == "of somebody else"


async def test_without_the_driver_it_says_what_to_install(tmp_path, monkeypatch):
    real = builtins.__import__

    def without_psycopg(name, *args, **options):
        if name.partition(".")[0] == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *args, **options)

    for name in [name for name in sys.modules if name.partition(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    async with daemon_store("postgresql://u:hunter2@db/x", tmp_path) as store:
        assert store.problem == (
            "Cannot use the database postgresql+psycopg://u:***@db/x: the driver for PostgreSQL is not installed: "
            "pip install 'amutorrent[postgresql]'"
        )


async def test_no_statement_keeps_a_plan_that_was_made_for_other_values(url, tmp_path):
    """After a few times a prepared one gets a plan for all values, which suits none of them well."""
    asked = select(literal("x").label("x")).where(literal("y").contains("z"))
    async with daemon_store(url, tmp_path) as store:
        for _ in range(12):
            await store.read(lambda connection: connection.execute(asked).all())
        kept = text("SELECT statement FROM pg_prepared_statements")
        assert await store.read(lambda connection: connection.execute(kept).all()) == []


async def test_two_daemons_are_never_in_one_database(postgresql, url, tmp_path):
    async with daemon_store(url, tmp_path) as first:
        notes = storage(first)
        await notes.put("a", "b", 1)
        async with daemon_store(url, tmp_path) as late:
            assert "is locked by another program" in late.problem
            with pytest.raises(StorageUnavailable):
                await storage(late).get("a", "b")
            async with running_store(url, tmp_path) as command:
                assert await storage(command).get("a", "b") == 1
            with postgresql.connect() as other:  # as if the first one's network was cut
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            await gets_well(late)
            assert await storage(late).get("a", "b") == 1
            with pytest.raises(StorageUnavailable, match="is locked by another program"):
                await notes.put("a", "b", 2)
        await gets_well(first)
        await notes.put("a", "b", 3)
