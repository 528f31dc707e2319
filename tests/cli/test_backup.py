"""`amutorrent backup` and `amutorrent restore`, as a person runs them, beside a real daemon."""

import json
import sqlite3
from contextlib import closing

import pytest
from lab.amutorrent import amutorrent

pytestmark = pytest.mark.slow


@pytest.fixture
def run(command):
    """Give the function that runs a command: exit code, what it said, and what it complained of."""

    def run(*args):
        ended = command(*args)
        code = ended.ends(60)
        assert "Traceback" not in ended.err
        return code, ended.out, ended.err

    return run


def test_beside_a_running_daemon_and_after_it(run, tmp_path):
    file, data_dir = tmp_path / "backup", tmp_path / "data"
    with amutorrent(data_dir, []) as daemon:
        daemon.post("/api/v1/categories", title="films")
        code, out, err = run("backup", file, "--data-dir", data_dir, "--json")
        assert (code, err) == (0, "")
        told = json.loads(out)
        assert told["file"] == str(file)
        assert set(told["parts"]) >= {"database.db", "config.json"}
        daemon.post("/api/v1/categories", title="later")
        code, out, err = run("restore", file, "--data-dir", data_dir)
        assert (code, out) == (1, "")
        assert "in use by another daemon: stop it" in err
        names = [each["name"] for each in daemon.get("/api/v1/categories")["data"]]
        assert {"films", "later"} <= {*names}
        daemon.stop()
        code, out, err = run("restore", file, "--data-dir", data_dir)
        assert (code, err) == (0, "")
        assert "kept what was there" in out
        daemon.start()
        names = [each["name"] for each in daemon.get("/api/v1/categories")["data"]]
        assert "films" in names
        assert "later" not in names


def test_the_files_of_plugins_are_named_and_so_are_those_that_are_left_out(run, tmp_path):
    data_dir = tmp_path / "data"
    with amutorrent(data_dir, []):
        pass
    folder = data_dir / "plugins" / "engine"
    folder.mkdir(parents=True)
    (folder / "state").write_bytes(b"x")
    with closing(sqlite3.connect(folder / "list.db", isolation_level=None)) as mine:
        mine.execute("PRAGMA locking_mode=EXCLUSIVE")
        mine.execute("CREATE TABLE torrents (hash TEXT)")
        code, out, _ = run("backup", tmp_path / "one", "--data-dir", data_dir)
        missing = f"  not in it: {folder / 'list.db'} (cannot be copied now: try it with the daemon stopped)"
        assert (code, out.splitlines()[-1]) == (0, missing)
        assert "  plugins/engine/state (1 B)" in out.splitlines()
        code, out, _ = run("backup", tmp_path / "two", "--data-dir", data_dir, "--json")
    assert (code, json.loads(out)["leftOut"]) == (0, [str(folder / "list.db")])


def test_what_is_wrong_is_told_in_one_line(run, tmp_path):
    code, _, err = run("backup", tmp_path / "backup", "--data-dir", tmp_path / "nowhere")
    assert (code, err) == (1, f"amutorrent: There is no data directory {tmp_path / 'nowhere'}\n")
    code, _, err = run("restore", tmp_path / "backup", "--data-dir", tmp_path / "data")
    assert (code, err) == (1, f"amutorrent: There is no file {tmp_path / 'backup'}\n")
    assert not (tmp_path / "data").exists()
