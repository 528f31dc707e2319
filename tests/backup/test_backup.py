"""Backups: everything comes back, on either kind of database."""

import json
import os
import shutil
import sqlite3
import threading
import zipfile

import pytest
import trio
from backup.conftest import DATABASE, Home, mode, refused
from sqlalchemy import text
from store.conftest import storage
from store.test_history import row

from amutorrent.backup import restore_backup, restoring
from amutorrent.datadir import DataDirectory
from amutorrent.errors import StartError, StorageUnavailable
from amutorrent.store.schema import NEWEST

pytestmark = pytest.mark.slow


def test_everything_comes_back_and_what_was_there_is_kept(home, tmp_path):
    key = home.fill()
    file = tmp_path / "backup"
    made = home.backup(file)
    assert mode(file) == 0o600
    assert made.manifest.database == ("postgresql" if home.url else "sqlite")
    assert (made.size, made.manifest.revision, made.manifest.program) == (file.stat().st_size, NEWEST, "1.2.3")
    secret = (home.path / "secret").read_bytes()
    home.use(lambda store, accounts: accounts.users.create("later"))
    home.configure(disk={"warnBelow": 7})
    (home.path / "secret").write_bytes(b"x" * 32)
    done = home.restore(file)
    assert json.loads((home.path / "config.json").read_text())["server"] == {"port": 4321}
    assert "disk" not in json.loads((home.path / "config.json").read_text())
    assert (home.path / "secret").read_bytes() == secret
    assert {mode(home.path / name) for name in ("secret", "config.json")} == {0o600}
    keys, sessions, record, rows, total, next_id = home.holds()
    assert keys == {"ann": key}
    assert sessions == 0, "who signed out since is not signed in again"
    assert record == {"key": ["ann", "ü", 2**60]}
    assert rows == [(each.hash, each.size, each.ratio) for each in (row(number) for number in range(7))]
    assert (total, next_id) == (7, 3), "the id of an account that is gone is not given to another one"
    kept = {each.name.partition("-before-restore-")[0]: each for each in done.kept}
    assert sorted(kept) == ["amutorrent", "config", "secret"]
    assert kept["secret"].read_bytes() == b"x" * 32
    assert json.loads(kept["config"].read_text())["disk"] == {"warnBelow": 7}
    assert mode(kept["amutorrent"]) == 0o600
    with sqlite3.connect(kept["amutorrent"]) as former:
        assert [name for (name,) in former.execute("SELECT name FROM account ORDER BY id")] == ["ann", "later"]
    former.close()
    assert not [*home.path.glob(".restore-*"), *tmp_path.glob(".backup*")]


@pytest.mark.slow
@pytest.mark.daemon
@pytest.mark.parametrize("onto_server", [True, False])
def test_from_one_kind_of_database_to_the_other(postgresql, tmp_path, onto_server):
    name = postgresql.new_database()
    file_home, server_home = Home(tmp_path / "file"), Home(tmp_path / "server", postgresql.url(name))
    old, new = (file_home, server_home) if onto_server else (server_home, file_home)
    key = old.fill()
    old.backup(tmp_path / "backup")
    done = new.restore(tmp_path / "backup", keep_config=True)
    assert json.loads((new.path / "config.json").read_text()).get("database") == (
        {"url": server_home.url} if onto_server else None
    )
    assert done.database == new.place.name
    assert postgresql.password not in done.database
    keys, _, record, rows, total, next_id = new.holds()
    assert (keys, record, total, len(rows), next_id) == ({"ann": key}, {"key": ["ann", "ü", 2**60]}, 7, 7, 3)
    postgresql.drop_database(name)


def test_while_somebody_writes_it_is_of_one_moment(home, tmp_path):
    """Two rows are written in each transaction: a backup has both or none."""
    home.fill()
    ended = threading.Event()

    async def write(store, accounts):
        number, made = 0, tmp_path / "made"
        async with trio.open_nursery() as nursery:

            async def back_up():
                for each in range(4):
                    await trio.to_thread.run_sync(home.backup, made.with_name(f"made{each}"))
                ended.set()

            nursery.start_soon(back_up)
            while not ended.is_set():
                number += 1
                pair = [{"at": f"a{number}"}, {"at": f"b{number}"}]
                await store.write(
                    lambda connection, pair=pair: connection.execute(
                        text("INSERT INTO record VALUES ('pairs', 'c', :at, '1')"), pair
                    )
                )
                await trio.lowlevel.checkpoint()
        return number

    assert home.use(write) > 4
    counts = []
    for each in range(4):
        with zipfile.ZipFile(tmp_path / f"made{each}") as file:
            file.extract("database.db", tmp_path / str(each))
        database = sqlite3.connect(tmp_path / str(each) / "database.db")
        pairs = database.execute(
            "SELECT count(*), count(DISTINCT substr(key, 2)) FROM record WHERE owner = 'pairs'"
        ).fetchone()
        database.close()
        assert pairs[0] == 2 * pairs[1]
        counts.append(pairs[0])
    assert counts == sorted(counts)
    assert counts[-1] > 0


def test_what_lies_in_the_journal_is_in_the_backup_and_an_old_journal_is_not_taken_for_a_new_one(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "before")
    other = sqlite3.connect(here.path / DATABASE, isolation_level=None)
    other.execute("INSERT INTO record VALUES ('notes', 'old', 'late', '1')")
    assert (here.path / f"{DATABASE}-wal").stat().st_size > 0
    here.backup(tmp_path / "after")
    done = here.restore(tmp_path / "before")
    assert here.holds()[2] == {"key": ["ann", "ü", 2**60]}
    other.close()
    kept = next(each for each in done.kept if each.suffix == ".db")
    former = sqlite3.connect(kept)
    assert former.execute("SELECT count(*) FROM record WHERE key = 'late'").fetchone() == (1,)
    former.close()
    here.restore(tmp_path / "after")
    assert here.holds()[2] == {"key": ["ann", "ü", 2**60], "late": 1}


def test_a_database_that_is_damaged_is_replaced_and_kept(here, tmp_path):
    key = here.fill()
    here.backup(tmp_path / "backup")
    (here.path / DATABASE).write_bytes(b"nonsense" * 1000)
    (here.path / f"{DATABASE}-wal").write_bytes(b"more")
    with pytest.raises(StorageUnavailable, match="is damaged"):
        here.backup(tmp_path / "other")
    assert not (tmp_path / "other").exists()
    done = here.restore(tmp_path / "backup")
    assert here.holds()[0] == {"ann": key}
    assert b"nonsense" * 1000 in [each.read_bytes() for each in done.kept]
    assert not (here.path / f"{DATABASE}-wal").exists()


def test_into_an_empty_place(here, tmp_path):
    key = here.fill()
    here.backup(tmp_path / "backup")
    shutil.rmtree(here.path)
    done = here.restore(tmp_path / "backup")
    assert done.kept == ()
    assert mode(here.path) == 0o700
    assert {name: mode(here.path / name) for name in here.files()} == dict.fromkeys(
        ["amutorrent.db", "config.json", "secret"], 0o600
    )
    assert here.holds()[0] == {"ann": key}


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def owners(folder):
    """Give whose the files of a folder are."""
    return {each.name: (each.stat().st_uid, each.stat().st_gid) for each in folder.iterdir()}


@as_root
@pytest.mark.parametrize("links", [True, False])
def test_what_root_restores_is_for_the_user_of_the_daemon(home, tmp_path, monkeypatch, links):
    """Also what is kept, on a disk that knows no second names too; what had no owner is of who has the directory."""
    home.fill()
    home.backup(tmp_path / "backup")
    for each in home.path.iterdir():
        os.chown(each, 4001, 4002)
    os.chown(home.path, 4003, 4004)
    (home.path / "secret").unlink()
    (home.path / "lock").unlink(missing_ok=True)
    if not links:
        monkeypatch.setattr(restoring.os, "link", no_second_names)
    done = home.restore(tmp_path / "backup")
    found = owners(home.path)
    assert (found.pop("secret"), found.pop("lock", (4003, 4004))) == ((4003, 4004), (4003, 4004))
    if home.url:
        (rows,) = (each.name for each in done.kept if each.suffix == ".db")
        assert found.pop(rows) == (4003, 4004)
    assert len(found) >= 2, found
    assert set(found.values()) == {(4001, 4002)}, found


def no_second_names(place, old):
    if not place.exists():
        raise FileNotFoundError(2, "No such file or directory")
    raise OSError(1, "Operation not permitted")


@as_root
def test_what_root_restores_into_an_empty_place_is_for_its_owner(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    os.chown(other, 4001, 4002)
    restore_backup(DataDirectory(other), tmp_path / "backup", {})
    found = owners(other)
    assert set(found) >= {DATABASE, "config.json", "secret"}
    assert set(found.values()) == {(4001, 4002)}, found


def test_with_the_settings_that_are_there(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    here.configure(disk={"warnBelow": 9})
    before = (here.path / "config.json").read_bytes()
    here.restore(tmp_path / "backup", keep_config=True)
    assert (here.path / "config.json").read_bytes() == before
    assert not [*here.path.glob("config-before*")]


# -- what is refused


@pytest.mark.parametrize("revision", ["0003", "0007"])
def test_a_backup_of_an_older_program_is_brought_up_to_this_one(here, tmp_path, revision):
    from store.test_migrations import make_old

    make_old("", here.path, revision)
    assert here.backup(tmp_path / "backup").manifest.revision == revision
    (here.path / DATABASE).unlink()
    here.restore(tmp_path / "backup")
    assert here.use(lambda store, accounts: storage(store).all("old")) == {"key": [1, "ü"]}
    assert not [*here.path.glob(f"*-{revision}*")], "it was tried elsewhere"


def test_a_daemon_that_runs_is_not_disturbed(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    with DataDirectory(here.path).lock():
        refused(here, tmp_path / "backup", "in use by another daemon: stop it", StartError)
