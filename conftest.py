"""Fixtures of the laboratory, for the tests of the host and of every plugin."""

import pytest
from lab import amule as lab_amule
from lab import qbittorrent as lab_qbittorrent
from lab.tracker import tracker as run_tracker

pytest_plugins = ["amutorrent.testing.plugin", "pytester"]


@pytest.fixture(scope="session")
def tracker():
    """Run a tracker on loopback."""
    with run_tracker() as running:
        yield running


@pytest.fixture(scope="module")
def qbittorrent(tmp_path_factory):
    """Run a real qbittorrent-nox."""
    with lab_qbittorrent.daemon(tmp_path_factory.mktemp("qbittorrent")) as running:
        yield running


@pytest.fixture(scope="module")
def second_qbittorrent(tmp_path_factory):
    """Run another one."""
    with lab_qbittorrent.daemon(tmp_path_factory.mktemp("qbittorrent")) as running:
        yield running


@pytest.fixture(scope="module")
def amule(tmp_path_factory):
    """Run a real amuled, which has to live to the end."""
    with lab_amule.daemon(tmp_path_factory.mktemp("amule")) as running:
        yield running
        assert running.alive, running.tail()
