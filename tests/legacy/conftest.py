"""The data folder of the Node program, and data directories of ours that take it over."""

import pytest
from legacy.home import NOW, NewHome
from legacy.old import OldFolder, write_sample


@pytest.fixture
def old(tmp_path):
    """Give a folder with a bit of everything."""
    folder = OldFolder(tmp_path / "old")
    write_sample(folder, NOW)
    return folder


@pytest.fixture
def home(tmp_path, database_url):
    return NewHome(tmp_path / "data", database_url)


@pytest.fixture
def here(tmp_path):
    return NewHome(tmp_path / "data")
