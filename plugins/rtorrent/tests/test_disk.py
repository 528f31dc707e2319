"""Files: exactly those that are named, never through a link, and nothing is lost when something fails."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from amutorrent_rtorrent import disk
from amutorrent_rtorrent.place import Told, find

from amutorrent import ClientFailed, DataFile, ItemData
from amutorrent.testing import make_torrent

HASH = "0123456789abcdef0123456789abcdef01234567"


def write(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(path.encode() * 1000)


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_delete_takes_files_and_the_folders_that_became_empty(tmp_path):
    write(tmp_path, "t/a", "t/s/b", "t/s/mine", "t/u/v/c", "other")
    disk.delete(str(tmp_path / "t"), True, [("a",), ("s", "b"), ("u", "v", "c"), ("not", "there")])
    assert names(tmp_path) == ["other", "t", "t/s", "t/s/mine"]


def test_delete_of_all_takes_the_torrents_own_folder_but_never_a_shared_one(tmp_path):
    write(tmp_path, "t/a", "u/a")
    disk.delete(str(tmp_path / "t"), True, [("a",)])
    disk.delete(str(tmp_path / "u"), False, [("a",)])
    assert names(tmp_path) == ["u"]


@pytest.mark.parametrize("path", [("..", "x"), ("",), (".", "x"), ("a/../../x",), ("/x",), ("a\0",), ()])
def test_paths_that_lead_out_are_refused_before_anything_is_done(tmp_path, path):
    write(tmp_path, "x", "t/a")
    with pytest.raises(PermissionError):
        disk.delete(str(tmp_path / "t"), True, [path, ("a",)])
    assert names(tmp_path) == ["t", "t/a", "x"]


def test_links_are_never_followed(tmp_path):
    write(tmp_path, "out/b", "out/c", "t/real")
    (tmp_path / "t" / "link").symlink_to(tmp_path / "out")
    (tmp_path / "t" / "c").symlink_to(tmp_path / "out" / "c")
    disk.delete(str(tmp_path / "t"), True, [("link", "b"), ("c",), ("real",)])
    assert names(tmp_path) == ["out", "out/b", "out/c", "t", "t/c", "t/link"]
    (tmp_path / "own").symlink_to(tmp_path / "out")
    with pytest.raises(OSError, match=r"Not a directory|symbolic"):
        disk.delete(str(tmp_path / "own"), True, [("b",)])
    assert (tmp_path / "out" / "b").exists()


@pytest.fixture(params=["same", "other"])
def elsewhere(request, tmp_path):
    """Give a folder on the same file system, or on another one."""
    if request.param == "same":
        yield tmp_path / "new"
        return
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    folder = Path(tempfile.mkdtemp(dir=shared))
    yield folder / "new"
    shutil.rmtree(folder)


def place(source, target, path, **options):
    with disk.folder(str(source), True) as old, disk.folder(str(target), True, make=True) as new:
        return sum(disk.Placing(old, new, path).steps(**options))


def test_placing_keeps_the_old_one_and_says_how_much(tmp_path, elsewhere):
    write(tmp_path, "t/s/a")
    os.utime(tmp_path / "t/s/a", (1, 2))
    assert place(tmp_path / "t", elsewhere, ("s", "a"), chunk=100) == 5000
    assert (elsewhere / "s/a").read_bytes() == (tmp_path / "t/s/a").read_bytes()
    assert (elsewhere / "s/a").stat().st_mtime == 2


def test_placing_never_overwrites(tmp_path, elsewhere):
    write(tmp_path, "t/a")
    elsewhere.mkdir()
    (elsewhere / "a").write_text("mine")
    with pytest.raises(FileExistsError):
        place(tmp_path / "t", elsewhere, ("a",))
    assert (elsewhere / "a").read_text() == "mine"


def test_a_copy_that_is_given_up_leaves_nothing(tmp_path, elsewhere):
    write(tmp_path, "t/a")
    with disk.folder(str(tmp_path / "t"), True) as old, disk.folder(str(elsewhere), True, make=True) as new:
        steps = disk.Placing(old, new, ("a",)).steps(chunk=10)
        next(steps)
        steps.close()
    if elsewhere.stat().st_dev != tmp_path.stat().st_dev:
        assert names(elsewhere) == []


def told(torrent, directory, paths, **other):
    facts = {"multi": True, "meta": False, "done": 1, "name": torrent.name, **other}
    return Told(torrent.hash, directory=str(directory), paths=tuple(paths), **facts)


def test_names_that_were_not_spelled_out_are_those_of_the_session(tmp_path):
    torrent = make_torrent("\U0001f600 d", {"\udcff.bin": 10, "plain?.bin": 10})
    (tmp_path / f"{torrent.hash.upper()}.torrent").write_bytes(torrent.file)
    torrent.write(tmp_path)
    found = find(told(torrent, tmp_path / "???? d", [("?.bin",), ("plain?.bin",)], name="???? d"), str(tmp_path), set())
    assert found.folder == str(tmp_path / "\U0001f600 d")
    assert found.own
    assert [file.path for file in found.files] == [("\udcff.bin",), ("plain?.bin",)]


def test_without_the_session_nothing_is_guessed(tmp_path):
    torrent = make_torrent("t", {"\udcff.bin": 10})
    torrent.write(tmp_path)
    with pytest.raises(ClientFailed, match="nothing was touched"):
        find(told(torrent, tmp_path / "t", [("?.bin",)]), str(tmp_path / "no"), set())
    with pytest.raises(ClientFailed, match="not here"):
        find(told(torrent, tmp_path / "elsewhere", [("a",)]), "", set())
    with pytest.raises(ClientFailed, match="no absolute"):
        find(told(torrent, "relative", [("a",)]), "", set())


def test_a_folder_that_several_names_could_mean_is_not_chosen(tmp_path):
    torrent = make_torrent("t", {"a": 10})
    (tmp_path / "\U0001f600").mkdir()
    (tmp_path / "\U0001f601").mkdir()
    with pytest.raises(ClientFailed, match="not certain"):
        find(told(torrent, tmp_path / "????" / "t", [("a",)]), "", set())


def test_the_data_is_looked_for_where_this_machine_sees_it(tmp_path):
    torrent = make_torrent("t", {"a": 10, "b": 20})
    seen = find(
        told(torrent, "/client/t", [("a",), ("b",)], done=0, sizes=(10, 20), complete=True),
        "",
        {"/client/t/b"},
        lambda path: path.replace("/client", str(tmp_path)),
    )
    files = [DataFile(("a",), 10), DataFile(("b",), 20, needed=True)]
    assert seen == ItemData(str(tmp_path / "t"), files, "t", multi=True, own=True)
