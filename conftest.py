"""Fixtures of the laboratory, for the tests of the host and of every plugin."""

import logging
import os

import pytest
from lab import amule as lab_amule
from lab import qbittorrent as lab_qbittorrent
from lab import rtorrent as lab_rtorrent
from lab.lighttpd import lighttpd as run_lighttpd
from lab.postgresql import postgresql as run_postgresql
from lab.secrets import LISTENER
from lab.tmpfs import tmpfs
from lab.tracker import tracker as run_tracker

pytest_plugins = ["amutorrent.testing.plugin", "pytester"]


def pytest_addoption(parser):
    """Add the options of tests/e2e/test_chaos.py."""
    group = parser.getgroup("chaos", "minutes of faults and load (tests/e2e/test_chaos.py)")
    group.addoption("--minutes", type=float, default=1, help="how long it lasts (default: 1)")
    group.addoption("--seed", default="1", help="decides what happens (default: 1)")


def pytest_collection_modifyitems(items):
    """In CI, give a test that fails a second try: real programs stall by themselves, and two busy cores do the rest.

    Such a test is an R in the output, and named at the end; at a desk it fails at once, so that somebody looks.
    """
    if os.environ.get("CI") == "true":
        for item in items:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def no_secret_is_logged():
    """See that no password, token or key that the tests use stands in any record of our own code, at any level."""
    LISTENER.heard.clear()
    logger = logging.getLogger("amutorrent")
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(LISTENER)
    yield
    logger.removeHandler(LISTENER)
    logger.setLevel(level)
    assert LISTENER.heard == []


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
def rtorrent(tmp_path_factory):
    """Run a real rtorrent on a TCP port."""
    with lab_rtorrent.daemon(tmp_path_factory.mktemp("rtorrent")) as running:
        yield running


@pytest.fixture(scope="module")
def rtorrent_on_socket(tmp_path_factory):
    """Run a real rtorrent on a Unix socket."""
    with lab_rtorrent.daemon(tmp_path_factory.mktemp("rtorrent"), unix=True) as running:
        yield running


@pytest.fixture(scope="module")
def rtorrent_behind_http(tmp_path_factory):
    """Run a web server with a password in front of a real rtorrent."""
    root = tmp_path_factory.mktemp("rtorrent")
    with lab_rtorrent.daemon(root / "rtorrent") as behind, run_lighttpd(root / "lighttpd", behind) as running:
        yield running


@pytest.fixture(scope="module")
def amule(tmp_path_factory):
    """Run a real amuled, which has to live to the end."""
    with lab_amule.daemon(tmp_path_factory.mktemp("amule")) as running:
        yield running
        assert running.alive, running.tail()


@pytest.fixture(scope="session")
def postgresql():
    """Run a real PostgreSQL server."""
    with run_postgresql() as running:
        yield running


ON_POSTGRESQL = pytest.param("postgresql", marks=[pytest.mark.daemon, pytest.mark.slow])


@pytest.fixture(params=["sqlite", ON_POSTGRESQL])
def database_url(request):
    """Give the `database.url` of an empty database: "" for SQLite in the data directory, then one of PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgresql")
    name = server.new_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def disk(tmp_path):
    """Give a disk of 8 MiB."""
    with tmpfs(tmp_path / "disk") as mounted:
        yield mounted
