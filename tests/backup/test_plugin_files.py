"""The files of plugins in a backup: also such as are in use."""

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256

import pytest
from backup.conftest import mode

from amutorrent.backup import restoring
from amutorrent.errors import InvalidRequest, StorageUnavailable

pytestmark = pytest.mark.slow


@pytest.fixture
def kept(here):
    """Give the folder of a plugin with a database that is open and a file."""
    here.fill()
    folder = here.path / "plugins" / "engine" / "main"
    folder.mkdir(parents=True)
    (folder / "state").write_bytes(b"before")
    database = sqlite3.connect(folder / "list.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE torrents (hash TEXT)")
    database.execute("INSERT INTO torrents VALUES ('before')")
    yield folder, database
    database.close()


def rows_of(file):
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT hash FROM torrents").fetchall()


def test_the_files_of_plugins_come_back_also_a_database_that_is_in_use(here, tmp_path, kept):
    folder, database = kept
    assert (folder / "list.db-wal").stat().st_size > 0
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO torrents VALUES ('not yet')")
    made = here.backup(tmp_path / "backup")
    assert made.left_out == ()
    plugins = {name for name in made.manifest.parts if name.startswith("plugins/")}
    assert plugins == {"plugins/engine/main/list.db", "plugins/engine/main/state"}
    database.execute("COMMIT")
    (folder / "state").write_bytes(b"after")
    (folder / "more").write_bytes(b"after")
    done = here.restore(tmp_path / "backup")
    assert {each.name for each in folder.iterdir()} == {"list.db", "state"}
    assert ((folder / "state").read_bytes(), rows_of(folder / "list.db")) == (b"before", [("before",)])
    (aside,) = (each for each in done.kept if each.name.startswith("plugins-before-restore-"))
    assert (aside / "engine" / "main" / "more").read_bytes() == b"after"
    assert ("not yet",) in rows_of(aside / "engine" / "main" / "list.db")
    assert (mode(here.path / "plugins"), mode(folder / "state")) == (0o700, 0o600)


def test_a_backup_without_files_of_plugins_leaves_those_that_are_there(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    file = here.path / "plugins" / "engine" / "state"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"later")
    here.restore(tmp_path / "backup")
    assert file.read_bytes() == b"later"


def test_the_files_of_plugins_may_lie_on_another_disk(here, tmp_path, kept):
    folder, database = kept
    database.close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(here.path / "plugins", elsewhere / "plugins")
    (here.path / "plugins").symlink_to(elsewhere / "plugins")
    here.backup(tmp_path / "backup")
    (folder / "state").write_bytes(b"after")
    here.restore(tmp_path / "backup")
    assert (here.path / "plugins").is_symlink()
    assert (elsewhere / "plugins" / "engine" / "main" / "state").read_bytes() == b"before"
    assert sorted(each.name.split("-")[0] for each in elsewhere.iterdir()) == ["plugins", "plugins"]


def test_what_a_plugin_keeps_for_itself_alone_is_named(here, tmp_path, kept):
    folder, database = kept
    database.execute("PRAGMA locking_mode=EXCLUSIVE")
    database.execute("INSERT INTO torrents VALUES ('mine')")
    (folder / os.fsdecode(b"\xff")).write_bytes(b"a name that is no text")
    made = here.backup(tmp_path / "backup")
    assert set(made.left_out) == {folder / "list.db", folder / os.fsdecode(b"\xff")}
    assert "plugins/engine/main/state" in made.manifest.parts


def test_a_file_that_never_stops_to_change_is_not_copied_in_half(here, tmp_path, kept, monkeypatch):
    folder, _ = kept
    copy = shutil.copyfile

    def grows(source, target):
        copy(source, target)
        with open(source, "ab") as file:
            file.write(b"more")

    monkeypatch.setattr(shutil, "copyfile", grows)
    assert here.backup(tmp_path / "backup").left_out == (folder / "state",)
    times = iter([grows])
    monkeypatch.setattr(shutil, "copyfile", lambda *names: next(times, copy)(*names))
    assert here.backup(tmp_path / "again").left_out == ()


def test_the_files_of_plugins_come_back_when_the_rest_fails(here, tmp_path, kept, monkeypatch):
    folder, database = kept
    database.close()
    here.backup(tmp_path / "backup")
    (folder / "state").write_bytes(b"after")
    monkeypatch.setattr(restoring._Swap, "database", lambda *given: (_ for _ in ()).throw(OSError("no more")))
    with pytest.raises(StorageUnavailable, match="no more"):
        here.restore(tmp_path / "backup")
    assert (folder / "state").read_bytes() == b"after"
    assert not [*here.path.glob("plugins-*")]


@pytest.mark.parametrize("name", ["plugins/../config.json", "plugins//x", "plugins/", "plugins/a/./b", "other/x"])
def test_parts_that_lead_elsewhere_are_refused(here, tmp_path, name):
    here.fill()
    here.backup(tmp_path / "backup")
    with zipfile.ZipFile(tmp_path / "backup") as file:
        parts = {each: file.read(each) for each in file.namelist()}
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"][name] = {"size": 1, "sha256": sha256(b"x").hexdigest()}
    parts |= {"manifest.json": json.dumps(manifest).encode(), name: b"x"}
    with zipfile.ZipFile(tmp_path / "other", "w") as file:
        for each, content in parts.items():
            file.writestr(each, content)
    before = here.files()
    with pytest.raises(InvalidRequest, match="names other parts"):
        here.restore(tmp_path / "other")
    assert here.files() == before
