"""Backups: everything comes back, on either kind of database; what is no good backup changes nothing."""

import json
import os
import random
import shutil
import sqlite3
import stat
import sys
import threading
import zipfile
from contextlib import closing
from hashlib import sha256

import pytest
import trio
from sqlalchemy import text
from store.conftest import running_store, storage
from store.test_history import filled, row

from amutorrent.accounts import Accounts
from amutorrent.backup import make_backup, restore_backup, restoring
from amutorrent.backup.archive import FORMAT, opened
from amutorrent.datadir import DataDirectory
from amutorrent.errors import AmutorrentError, InvalidRequest, StartError, StorageUnavailable
from amutorrent.model.history import HistoryFilter, HistoryOrder
from amutorrent.store import AccountShelf, HistoryShelf, locate
from amutorrent.store.schema import NEWEST, VERSION_TABLE

pytestmark = pytest.mark.slow
DATABASE = "amutorrent.db"


class Home:
    """A data directory with settings, and a database that may be elsewhere."""

    def __init__(self, path, url=""):
        self.path, self.url = path, url
        path.mkdir(mode=0o700)
        self.configure()

    def configure(self, **more):
        tree = {"server": {"port": 4321}, **({"database": {"url": self.url}} if self.url else {}), **more}
        (self.path / "config.json").write_text(json.dumps(tree))

    @property
    def place(self):
        return locate(self.url, self.path)

    def backup(self, target, **options):
        return make_backup(DataDirectory(self.path), self.place, target, program="1.2.3", **options)

    def restore(self, file, **options):
        return restore_backup(DataDirectory(self.path), file, {}, **options)

    def files(self):
        """Give what is there, but for the lock."""
        found = {each.name: each for each in self.path.iterdir() if each.name != "lock"}
        return {name: each.read_bytes() if each.is_file() else None for name, each in found.items()}

    def use(self, work):
        """Open the store and the accounts, and work with them."""

        async def main():
            async with running_store(self.url, self.path) as store, trio.open_nursery() as nursery:
                accounts = Accounts(AccountShelf(store), self.path)
                await nursery.start(accounts.run)
                found = await work(store, accounts)
                nursery.cancel_scope.cancel()
            return found

        return trio.run(main)

    def fill(self, name="ann"):
        """Make an account, a record and rows; gives the API key."""

        async def work(store, accounts):
            made = await accounts.users.create(name, "correct horse", is_admin=True)
            await accounts.sessions.begin(made)
            await accounts.users.remove((await accounts.users.create(f"{name}2")).id)
            await storage(store).put("old", "key", [name, "ü", 2**60])
            await filled(store, *(row(number) for number in range(7)))
            return accounts.users.key_of(made)

        return self.use(work)

    def holds(self):
        """Give what `fill` made: names, keys, sessions, record, rows; and the id of the next account."""

        async def work(store, accounts):
            keys = {each.name: accounts.users.key_of(each) for each in accounts.users.all()}
            sessions = len(accounts.roster.sessions)
            rows, total = await HistoryShelf(store).page(
                HistoryFilter(), HistoryOrder("hash", descending=False), 100, 0
            )
            record = await storage(store).all("old")
            next_id = (await accounts.users.create(f"next{len(keys)}")).id
            return keys, sessions, record, [(each.hash, each.size, each.ratio) for each in rows], total, next_id

        return self.use(work)


@pytest.fixture
def home(tmp_path, database_url):
    return Home(tmp_path / "data", database_url)


@pytest.fixture
def here(tmp_path):
    """Give a data directory with its database in it."""
    return Home(tmp_path / "data")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


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


def refused(home, file, match, error=InvalidRequest, **options):
    """See that a restore fails with these words, and that nothing has changed."""
    before = home.files()
    with pytest.raises(error, match=match) as caught:
        home.restore(file, **options)
    assert home.files() == before
    return caught.value


def test_a_backup_that_is_cut_or_changed_anywhere_is_refused(here, tmp_path):
    here.fill()
    here.backup(tmp_path / "backup")
    whole, bad = (tmp_path / "backup").read_bytes(), tmp_path / "bad"
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        refused(here, bad, "is no backup of this program, or only the beginning of one|is damaged")
    with zipfile.ZipFile(tmp_path / "backup") as file:
        parts = [(each.header_offset, each.compress_size) for each in file.infolist()]
    assert len(parts) == 4
    chosen, spoilt = random.Random(1), 0
    for start, length in parts:
        for _ in range(8):
            names = whole[start + 26 : start + 30]  # the lengths of name and extra field, which come before the data
            at = start + 30 + names[0] + names[2] + chosen.randrange(length)
            bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
            spoilt += is_spoilt(bad, tmp_path / "backup") and bool(refused(here, bad, "bad"))
    assert spoilt > 20


def is_spoilt(bad, good):
    """Say whether a backup is refused; packing leaves bits that nobody reads, and then its parts are what they were."""
    try:
        with opened(bad) as found, opened(good) as whole:
            assert found.manifest == whole.manifest
            assert [found.read(each) for each in found.manifest.parts] == [
                whole.read(each) for each in whole.manifest.parts
            ]
    except InvalidRequest:
        return True
    return False


@pytest.fixture
def changed(here, tmp_path):
    """Give the function that makes a backup with other parts or another manifest."""
    here.fill()
    here.backup(tmp_path / "backup")

    def change(new=None, /, **facts):
        with zipfile.ZipFile(tmp_path / "backup") as file:
            content = {each: file.read(each) for each in file.namelist()}
        content |= new or {}
        manifest = json.loads(content["manifest.json"]) | facts
        content["manifest.json"] = json.dumps(manifest)
        with zipfile.ZipFile(tmp_path / "changed", "w") as file:
            for name, each in content.items():
                if each is not None:
                    file.writestr(name, each)
        return tmp_path / "changed"

    return change


@pytest.mark.parametrize(
    ("facts", "match"),
    [
        ({"format": FORMAT + 1}, "newer version of this program"),
        ({"kind": "other"}, "manifest cannot be read"),
        ({"parts": {}}, "names other parts"),
        ({"parts": {"../../evil": {"size": 1, "sha256": ""}}}, "names other parts"),
        ({"parts": {"database.db": {"size": 5, "sha256": "0"}}}, "database.db is not as it was written"),
        ({"format": None}, "manifest cannot be read"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(here, changed, facts, match):
    refused(here, changed(**facts), match)


def with_part(name, content):
    from hashlib import sha256

    return {name: {"size": len(content), "sha256": sha256(content).hexdigest()}}


@pytest.mark.parametrize(
    ("part", "content", "match", "error"),
    [
        ("config.json", b'{"server": {"port": "x"}}', "settings of the backup are wrong", InvalidRequest),
        ("config.json", b"{", "settings of the backup are wrong", InvalidRequest),
        ("secret", b"short", "no proper secret", InvalidRequest),
        ("database.db", b"", "is damaged", StorageUnavailable),
        ("database.db", b"no database" * 1000, "is damaged", StorageUnavailable),
    ],
)
def test_parts_that_are_not_good_are_refused(here, changed, tmp_path, part, content, match, error):
    with zipfile.ZipFile(tmp_path / "backup") as file:
        parts = json.loads(file.read("manifest.json"))["parts"]
    refused(here, changed({part: content}, parts=parts | with_part(part, content)), match, error)


def test_a_database_of_a_newer_program_is_refused(home, tmp_path):
    home.fill()
    home.use(
        lambda store, accounts: store.write(
            lambda connection: connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num='0999'"))
        )
    )
    with pytest.raises(StorageUnavailable, match="newer version"):
        home.backup(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_a_backup_with_a_database_of_a_newer_program_is_refused(here, tmp_path, changed):
    with zipfile.ZipFile(tmp_path / "backup") as file:
        file.extract("database.db", tmp_path)
        parts = json.loads(file.read("manifest.json"))["parts"]
    database = sqlite3.connect(tmp_path / "database.db")
    database.execute(f"UPDATE {VERSION_TABLE} SET version_num='0999'")
    database.commit()
    database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    content = (tmp_path / "database.db").read_bytes()
    parts |= with_part("database.db", content)
    refused(here, changed({"database.db": content}, parts=parts), "newer version", StorageUnavailable)


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


def test_no_file_and_a_folder(here, tmp_path):
    here.fill()
    refused(here, tmp_path / "nothing", "There is no file")
    refused(here, tmp_path, "it is a folder")
    with pytest.raises(InvalidRequest, match="is a folder"):
        here.backup(tmp_path)
    with pytest.raises(StorageUnavailable, match="No such file or directory"):
        here.backup(tmp_path / "no" / "where")
    (tmp_path / "there").write_text("mine")
    with pytest.raises(InvalidRequest, match="already: name another, or say --replace"):
        here.backup(tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
    here.backup(tmp_path / "there", replace=True)
    here.restore(tmp_path / "there")


def test_without_a_database_there_is_nothing_to_back_up(here, tmp_path):
    with pytest.raises(StorageUnavailable, match="There is no database"):
        here.backup(tmp_path / "backup")
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []


# -- when something fails in the middle


def test_a_full_disk_leaves_neither_half_a_backup_nor_half_a_restore(here, tmp_path, disk):
    here.fill()
    noise = [{"at": f"{number}", "noise": random.Random(number).randbytes(500_000).hex()} for number in range(20)]
    insert = text("INSERT INTO record VALUES ('big', 'noise', :at, :noise)")
    here.use(lambda store, accounts: store.write(lambda connection: connection.execute(insert, noise)))
    with pytest.raises(StorageUnavailable, match=r"No space left|is full"):
        here.backup(disk.path / "backup")
    assert [*disk.path.iterdir()] == []
    here.backup(tmp_path / "backup")
    small = Home(disk.path / "data")
    small.fill("bob")
    error = refused(small, tmp_path / "backup", "No space left|is full", AmutorrentError)
    assert error.status == 503
    assert list(small.holds()[0]) == ["bob"]


@pytest.mark.parametrize("failing", ["secret", "config.json", DATABASE])
def test_a_restore_that_fails_in_the_middle_takes_everything_back(here, tmp_path, monkeypatch, failing):
    here.fill()
    here.backup(tmp_path / "backup")
    here.use(lambda store, accounts: accounts.users.create("later"))
    here.configure(disk={"warnBelow": 3})
    real = os.replace

    def fails(old, new):
        if os.path.basename(new) == failing and "-before-restore-" not in str(old):
            raise OSError(5, "Input/output error")
        real(old, new)

    monkeypatch.setattr(restoring.os, "replace", fails)
    refused(here, tmp_path / "backup", "Input/output error", StorageUnavailable)
    monkeypatch.undo()
    assert sorted(here.holds()[0]) == ["ann", "later"]


DIES = """
import os, pathlib, sys
from amutorrent.backup import restore_backup, restoring
from amutorrent.datadir import DataDirectory

left = int(sys.argv[3])
for name in ("replace", "link"):
    def counted(*arguments, real=getattr(os, name)):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return real(*arguments)
    setattr(restoring.os, name, counted)
restore_backup(DataDirectory(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]), {})
"""


@pytest.mark.slow
@pytest.mark.parametrize("steps", range(6))
def test_killed_in_the_middle_it_is_simply_done_again(here, tmp_path, steps):
    key = here.fill()
    here.backup(tmp_path / "backup")
    here.use(lambda store, accounts: accounts.users.create("later"))
    command = [sys.executable, "-c", DIES, str(here.path), str(tmp_path / "backup"), str(steps)]

    async def die():
        return await trio.run_process(command, check=False, capture_stderr=True)

    died = trio.run(die)
    assert died.returncode == 9, died.stderr
    assert set(here.files()) >= {DATABASE, "config.json", "secret"}, "nothing is missing in between"
    here.restore(tmp_path / "backup")
    assert here.holds()[0] == {"ann": key}
    assert not [*here.path.glob(".restore-*")]
