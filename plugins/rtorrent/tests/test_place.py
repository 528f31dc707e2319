"""Where the data of a torrent lies: only what is certain."""

import pytest
from amutorrent_rtorrent.place import Told, find

from amutorrent import ClientFailed, DataFile, ItemData
from amutorrent.testing import make_torrent


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
