"""The data of items on disk: exactly the files that are named, never through a link, or nothing at all."""

import os

import pytest

from amutorrent import ClientFailed, DataFile, Forbidden, ItemData, delete_data


def write(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"12345678")


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def data(folder, *paths, size=8, needed=(), **more):
    files = [DataFile(tuple(path.split("/")), size, path in needed) for path in paths]
    return ItemData(str(folder), files, folder.name, **more)


def test_files_go_and_the_folders_that_became_empty(tmp_path):
    write(tmp_path, "t/a", "t/s/b", "t/s/mine", "t/u/v/c", "other")
    delete_data(data(tmp_path / "t", "a", "s/b", "u/v/c", own=True))
    assert names(tmp_path) == ["other", "t", "t/s", "t/s/mine"]


def test_of_all_the_items_own_folder_goes_too_but_never_a_shared_one(tmp_path):
    write(tmp_path, "t/a", "u/a")
    delete_data(data(tmp_path / "t", "a", own=True))
    delete_data(data(tmp_path / "u", "a"))
    assert names(tmp_path) == ["u"]


def test_what_others_need_stays(tmp_path):
    write(tmp_path, "t/a", "t/s/b")
    delete_data(data(tmp_path / "t", "a", "s/b", needed=["s/b"], own=True))
    assert names(tmp_path) == ["t", "t/s", "t/s/b"]


@pytest.mark.parametrize("path", ["../x", "", "./x", "a\0", "s//b"])
def test_paths_that_lead_out_are_refused_before_anything_is_done(tmp_path, path):
    write(tmp_path, "x", "t/a", "t/s/b")
    with pytest.raises(ClientFailed, match="leads out"):
        delete_data(data(tmp_path / "t", "a", path, own=True))
    assert names(tmp_path) == ["t", "t/a", "t/s", "t/s/b", "x"]


def test_one_file_that_is_missing_or_another_keeps_all(tmp_path):
    write(tmp_path, "t/a", "t/b")
    (tmp_path / "t/c").write_bytes(b"123456789")
    for other in ("gone", "c", "gone/below", "a/below"):
        with pytest.raises(ClientFailed, match="not there"):
            delete_data(data(tmp_path / "t", "a", "b", other, own=True))
    assert names(tmp_path / "t") == ["a", "b", "c"]
    with pytest.raises(ClientFailed, match="as this machine sees it"):
        delete_data(data(tmp_path / "nowhere", "a"))


def test_of_what_is_not_whole_files_may_be_missing_or_shorter(tmp_path):
    write(tmp_path, "t/a", "t/b")
    delete_data(data(tmp_path / "t", "a", "not/yet", size=9, own=True, whole=False))
    assert names(tmp_path / "t") == ["b"]
    with pytest.raises(ClientFailed, match="another size"):
        delete_data(data(tmp_path / "t", "b", size=7, whole=False))
    delete_data(data(tmp_path / "nowhere", "a", whole=False))
    assert names(tmp_path / "t") == ["b"]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("path", ["link/b", "c", "folder"])
def test_links_and_folders_are_neither_followed_nor_taken(tmp_path, path, whole):
    write(tmp_path, "out/b", "out/c", "t/real", "t/folder/x")
    (tmp_path / "t" / "link").symlink_to(tmp_path / "out")
    (tmp_path / "t" / "c").symlink_to(tmp_path / "out" / "c")
    before = names(tmp_path)
    with pytest.raises(ClientFailed):
        delete_data(data(tmp_path / "t", "real", path, own=True, whole=whole))
    assert names(tmp_path) == before


def test_a_base_folder_of_its_own_that_is_a_link_is_not_followed(tmp_path):
    write(tmp_path, "out/b")
    (tmp_path / "t").symlink_to(tmp_path / "out")
    with pytest.raises(ClientFailed):
        delete_data(data(tmp_path / "t", "b", own=True))
    assert (tmp_path / "out" / "b").exists()


def test_what_may_not_be_deleted(monkeypatch, tmp_path):
    write(tmp_path, "a")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.unlink", refuse)
    with pytest.raises(Forbidden, match="Permission denied") as caught:
        delete_data(data(tmp_path, "a"))
    assert caught.value.code == "path_not_writable"


def test_names_that_are_no_text_are_deleted_too(tmp_path):
    name = os.fsdecode(b"\xff\xfe \xc3\xbc")
    write(tmp_path, name, "other")
    delete_data(data(tmp_path, name))
    assert names(tmp_path) == ["other"]
