"""From every earlier revision with data in it to the newest, with a copy put aside; or not at all."""

import sqlite3
import stat
import sys

import pytest
import trio
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from store.conftest import gets_well, running_store, storage

from amutorrent.categories import Departed
from amutorrent.errors import StorageUnavailable
from amutorrent.model import Category
from amutorrent.model.history import HistoryFilter, HistoryOrder
from amutorrent.store import (
    AccountShelf,
    CategoryShelf,
    HistoryShelf,
    MetricShelf,
    MoveRow,
    MoveShelf,
    OwnerShelf,
    locate,
)
from amutorrent.store.engine import make_engine, writing
from amutorrent.store.schema import NEWEST, REVISIONS, VERSION_TABLE, upgrade
from amutorrent.store.searching import INDEX, TABLE
from amutorrent.store.tables import metadata

RECORD = "INSERT INTO record (owner, collection, key, value) VALUES ('notes', 'old', 'key', '[1, \"ü\"]')"
CATEGORY = (
    "INSERT INTO category (name, path, color, comment, priority, path_mappings) "
    "VALUES ('films', '/f', 255, 'c', 2, '{\"qbittorrent\": \"/mnt/f\"}')"
)
ACCOUNT = (
    "INSERT INTO account (name, folded, is_admin, disabled, permissions, password_hash, key_generation, epoch, "
    "created_at, updated_at, last_login_at) VALUES ('Ann', 'ann', true, false, '[\"search\"]', 'x', 3, 4, 5, 6, NULL)"
)
SESSION = "INSERT INTO session (token_hash, account_id, created_at, expires_at) VALUES ('t', 1, 7, 8)"
PREFERENCE = "INSERT INTO preference (account_id, value) VALUES (1, '{\"a\": 1}')"
OWNER = "INSERT INTO ownership (instance_id, hash, account_id, since) VALUES ('i', 'h', 1, 9)"
LATER_CATEGORY = (
    "INSERT INTO category (name, path, color, comment, priority, path_mappings, created_at, updated_at) "
    "VALUES ('films', '/f', 255, 'c', 2, '{\"qbittorrent\": \"/mnt/f\"}', 10, 11)"
)
DEPARTED = "INSERT INTO departed_category (name, instance_id, successor, since) VALUES ('old', 'i', 'films', 12)"
MOVE = (
    "INSERT INTO move (instance_id, hash, phase, plan, user_name, started_at, error) "
    "VALUES ('i', 'h', 'placing', '{}', 'Ann', 10, NULL)"
)
HISTORY = (
    "INSERT INTO history (instance_id, hash, instance_name, client_type, network_type, filename, sort_name, size, "
    "status, category, path, tracker_domain, owner_id, username, started_at, completed_at, deleted_at, last_seen_at, "
    "downloaded, uploaded, ratio, search_text) VALUES ('i', 'h', 'I', 't', 'n', 'F', 'f', 1, 'completed', 'c', 'p', "
    "'d', 2, 'u', 3, 4, 5, 6, 7, 8, 0.5, 'f')"
)
METRIC = (
    "INSERT INTO metric (name, tier, start, slots, upload_sum, download_sum, upload_peak, download_peak, uploaded, "
    "downloaded, first_at, last_at) VALUES ('*', 15000, 0, 1, 2.5, 3.5, 4, 5, 6, 7, 8, 9)"
)
KEYED_ACCOUNT = ACCOUNT.replace("last_login_at)", "last_login_at, legacy_key)").replace("6, NULL)", "6, NULL, 'k')")
COUNTED = "INSERT INTO counted (instance_id, session, uploaded, downloaded) VALUES ('i', 's', 1, 2)"
DATA = {
    "0001": [RECORD],
    "0002": [RECORD, CATEGORY],
    "0003": [RECORD, CATEGORY, ACCOUNT, SESSION, PREFERENCE],
    "0004": [RECORD, CATEGORY, ACCOUNT, SESSION, PREFERENCE, OWNER],
    "0005": [RECORD, CATEGORY, ACCOUNT, SESSION, PREFERENCE, OWNER, MOVE],
    "0006": [RECORD, LATER_CATEGORY, ACCOUNT, SESSION, PREFERENCE, OWNER, MOVE, DEPARTED],
    "0007": [RECORD, LATER_CATEGORY, ACCOUNT, SESSION, PREFERENCE, OWNER, MOVE, DEPARTED, HISTORY],
    "0008": [RECORD, LATER_CATEGORY, ACCOUNT, SESSION, PREFERENCE, OWNER, MOVE, DEPARTED, HISTORY, METRIC, COUNTED],
    "0009": [
        RECORD,
        LATER_CATEGORY,
        KEYED_ACCOUNT,
        SESSION,
        PREFERENCE,
        OWNER,
        MOVE,
        DEPARTED,
        HISTORY,
        METRIC,
        COUNTED,
    ],
}
DATA["0010"] = DATA["0009"]
"""What a database of each revision holds."""


def make_old(url, folder, revision):
    """Make a database as the program of a revision left it."""
    engine = make_engine(locate(url, folder))
    with writing(engine).begin() as connection:
        upgrade(connection, revision)
        for statement in DATA[revision]:
            connection.execute(text(statement))
    engine.dispose()


def revision_in(path):
    engine = make_engine(locate(f"sqlite:///{path}", path.parent))
    with engine.begin() as connection:
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    engine.dispose()
    return found


def test_the_list_of_revisions_is_the_modules():
    config = Config()
    config.set_main_option("script_location", "amutorrent.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([each.revision for each in scripts.walk_revisions()])) == REVISIONS
    assert scripts.get_heads() == [NEWEST]
    assert set(DATA) == set(REVISIONS)


async def test_the_migrations_make_the_tables_that_the_program_uses(open_store):
    async with open_store() as store:

        def differences(connection):
            context = MigrationContext.configure(
                connection,
                opts={
                    "version_table": VERSION_TABLE,
                    "compare_type": True,
                    "target_metadata": metadata,
                    # what only some databases can have
                    "include_name": lambda name, kind, parents: not (name or "").startswith((TABLE, INDEX)),
                },
            )
            return compare_metadata(context, metadata)

        assert await store.read(differences) == []


@pytest.mark.parametrize("revision", REVISIONS)
async def test_from_every_revision_with_data_in_it(database_url, tmp_path, revision):
    make_old(database_url, tmp_path, revision)
    async with running_store(database_url, tmp_path) as store:
        assert store.problem is None
        assert await storage(store).all("old") == {"key": [1, "ü"]}
        shelf = CategoryShelf(store)
        later = LATER_CATEGORY in DATA[revision]
        if later or CATEGORY in DATA[revision]:
            (films,) = await shelf.load()
            assert (films.name, films.path, films.color, films.comment) == ("films", "/f", 255, "c")
            assert (films.priority, films.path_mappings) == (2, {"qbittorrent": "/mnt/f"})
            assert (films.created_at, films.updated_at) == ((10, 11) if later else (None, None))
        departed = [Departed(name="old", instance_id="i", successor="films", since=12)]
        assert await shelf.load_departed() == (departed if DEPARTED in DATA[revision] else [])
        saved = await shelf.save([Category(id=-1, name="tv", title="tv")])
        assert saved["tv"] > 0
        has_account = {ACCOUNT, KEYED_ACCOUNT} & {*DATA[revision]}
        await _accounts_are_kept(AccountShelf(store), bool(has_account), "k" if KEYED_ACCOUNT in has_account else None)
        assert await OwnerShelf(store).load() == ({("i", "h"): 1} if OWNER in DATA[revision] else {})
        begun = [MoveRow("i", "h", "placing", "{}", "Ann", 10)] if MOVE in DATA[revision] else []
        assert await MoveShelf(store).load() == begun
        await _the_history_is_kept(HistoryShelf(store), HISTORY in DATA[revision])
        await _metrics_are_kept(MetricShelf(store), METRIC in DATA[revision])
    async with running_store(database_url, tmp_path) as store:
        assert await storage(store).all("old") == {"key": [1, "ü"]}
    copies = sorted(path.name for path in tmp_path.glob("*-0*"))
    on_file = not database_url and revision != NEWEST
    assert copies == ([f"amutorrent-{revision}.db"] if on_file else [])


async def _the_history_is_kept(shelf, expected):
    rows, _ = await shelf.page(HistoryFilter(), HistoryOrder(), 10, 0)
    assert [(each.filename, each.status, each.started_at, each.ratio) for each in rows] == (
        [("F", "completed", 3, 0.5)] if expected else []
    )


async def _metrics_are_kept(shelf, expected):
    buckets = await shelf.fold(["*"], 15000, 0, 1, list)
    assert [(each.upload_sum, each.last_at) for each in buckets] == ([(2.5, 9)] if expected else [])
    counted = await shelf.load_counted()
    assert [(each.session, each.downloaded) for each in counted.values()] == ([("s", 2)] if expected else [])


async def _accounts_are_kept(shelf, expected, legacy_key):
    found = await shelf.load()
    if not expected:
        assert (found.number, found.accounts, found.sessions) == (0, (), ())
        return
    (ann,), (session,) = found.accounts, found.sessions
    assert (ann.name, ann.is_admin, ann.disabled, ann.permissions) == ("Ann", True, False, frozenset({"search"}))
    assert (ann.password_hash, ann.key_generation, ann.epoch, ann.legacy_key) == ("x", 3, 4, legacy_key)
    assert (ann.created_at, ann.updated_at, ann.last_login_at) == (5, 6, None)
    assert (session.token_hash, session.account_id, session.created_at, session.expires_at) == ("t", ann.id, 7, 8)
    assert await shelf.preferences(ann.id) == '{"a": 1}'


async def test_the_copy_is_a_whole_database_of_the_old_revision(tmp_path):
    make_old("", tmp_path, "0001")
    other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
    other.execute(RECORD.replace("'key'", "'last'"))  # it lies in the journal still, as after a crash
    async with running_store("", tmp_path) as store:
        assert store.problem is None
    other.close()
    copy = tmp_path / "amutorrent-0001.db"
    assert revision_in(copy) == "0001"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    copy.rename(tmp_path / "amutorrent.db")
    async with running_store("", tmp_path) as store:
        assert await storage(store).all("old") == {"key": [1, "ü"], "last": [1, "ü"]}
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_a_migration_that_fails_leaves_everything_as_it_was(database_url, tmp_path, monkeypatch, revision):
    make_old(database_url, tmp_path, revision)
    real = upgrade

    def breaks_down(connection):
        real(connection)
        connection.execute(text("SELECT * FROM no_such_table"))

    monkeypatch.setattr("amutorrent.store.schema.upgrade", breaks_down)
    async with running_store(database_url, tmp_path) as store:
        assert "no_such_table" in store.problem
        with pytest.raises(StorageUnavailable, match="no_such_table"):
            await storage(store).all("old")
        assert list(tmp_path.glob("*-0*")) == []
        monkeypatch.undo()
        await gets_well(store)
        assert await storage(store).all("old") == {"key": [1, "ü"]}


DIES = """
import os, pathlib, sys
from amutorrent.store import locate, schema

real = schema.upgrade

def dies(connection):
    real(connection)
    os._exit(9)

schema.upgrade = dies
schema.open_database(locate(sys.argv[1], pathlib.Path(sys.argv[2])))
"""


@pytest.mark.slow
@pytest.mark.parametrize("revision", [None, *REVISIONS[:-1]])
async def test_killed_in_the_middle_of_a_migration(database_url, tmp_path, revision):
    if revision:
        make_old(database_url, tmp_path, revision)
    dying = [sys.executable, "-c", DIES, database_url, str(tmp_path)]
    died = await trio.run_process(dying, check=False, capture_stderr=True)
    assert died.returncode == 9, died.stderr
    async with running_store(database_url, tmp_path) as store:
        assert store.problem is None
        assert await storage(store).all("old") == ({"key": [1, "ü"]} if revision else {})
    assert not list(tmp_path.glob("*.new*")) + list(tmp_path.glob("*.part"))


async def test_a_database_of_a_newer_program_is_refused_and_not_touched(database_url, tmp_path):
    async with running_store(database_url, tmp_path) as store:
        await store.write(lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num='0999'")))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    async with running_store(database_url, tmp_path) as store:
        assert f"newer version of this program (revision 0999; this one knows {NEWEST})" in store.problem
        with pytest.raises(StorageUnavailable, match="newer version"):
            await storage(store).get("a", "b")
        with pytest.raises(StorageUnavailable, match="newer version"):
            await storage(store).put("a", "b", 1)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
