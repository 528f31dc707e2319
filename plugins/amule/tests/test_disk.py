"""Deleting the data of a shared file: that file, and no other."""

import pytest
from amutorrent_amule.disk import delete_file

from amutorrent import ClientFailed, Forbidden


def test_the_file_that_is_meant_is_deleted(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"1234")
    delete_file(str(path), 4)
    assert not path.exists()


def test_another_file_of_that_name_stays(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    with pytest.raises(ClientFailed, match="another size"):
        delete_file(str(path), 4)
    assert path.exists()


def test_a_link_or_a_folder_stays(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(b"1234")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "folder").mkdir()
    for name in ("link", "folder"):
        with pytest.raises(ClientFailed):
            delete_file(str(tmp_path / name), 4)
    assert target.exists()


@pytest.mark.parametrize("path", ["gone", "gone/below"])
def test_what_is_not_there(tmp_path, path):
    with pytest.raises(ClientFailed, match="not there"):
        delete_file(str(tmp_path / path), 4)


def test_what_may_not_be_deleted(monkeypatch, tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"1234")

    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.unlink", refuse)
    with pytest.raises(Forbidden, match="Permission denied"):
        delete_file(str(path), 4)
