"""One folder, one daemon."""

import os
import stat

import pytest

from amutorrent.datadir import DataDirectory
from amutorrent.errors import StartError


def test_it_is_made_for_its_owner_only_and_parents_too(tmp_path):
    old = os.umask(0)
    try:
        directory = DataDirectory(tmp_path / "a" / "b")
        with directory.lock():
            assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700
            assert stat.S_IMODE((directory.path / "lock").stat().st_mode) == 0o600
    finally:
        os.umask(old)
    assert directory.config_path == tmp_path / "a" / "b" / "config.json"
    assert directory.logs_path == tmp_path / "a" / "b" / "logs"


def test_a_second_one_is_kept_out_until_the_first_has_left(tmp_path):
    with DataDirectory(tmp_path).lock():
        second = DataDirectory(tmp_path).lock()
        with pytest.raises(StartError, match="in use by another daemon"):
            second.__enter__()
    with DataDirectory(tmp_path).lock():
        pass


def test_what_is_no_folder_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="Cannot create the data directory"), DataDirectory(tmp_path / "file").lock():
        raise AssertionError("a file is no data directory")
