"""Accounts over real databases, with a clock of their own and hashes that cost little."""

from contextlib import asynccontextmanager

import pytest
import trio
from store.conftest import running_store

from amutorrent.accounts import Accounts
from amutorrent.store import AccountShelf

PASSWORD = "correct horse"
HOME = "192.0.2.1"


class Clock:
    """The time of day, which a test sets."""

    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """Make password hashes that take no time."""
    monkeypatch.setattr("amutorrent.accounts.passwords.MEMORY_KIB", 64)
    monkeypatch.setattr("amutorrent.accounts.passwords.PASSES", 1)


@pytest.fixture
def clock():
    """Give the time of day."""
    return Clock()


@pytest.fixture
def open_accounts(database_url, tmp_path, clock):
    """Give the function that runs accounts over the database of this test; each time over the same one."""

    @asynccontextmanager
    async def run():
        async with running_store(database_url, tmp_path) as store, trio.open_nursery() as nursery:
            accounts = Accounts(AccountShelf(store), tmp_path, clock=clock)
            accounts.store = store
            await nursery.start(accounts.run)
            yield accounts
            nursery.cancel_scope.cancel()

    return run


@pytest.fixture
async def accounts(open_accounts):
    """Run accounts; nobody is there yet."""
    async with open_accounts() as running:
        yield running


@pytest.fixture
async def ann(accounts):
    """Give an admin."""
    return await accounts.users.create("Ann", PASSWORD, is_admin=True)


@pytest.fixture
async def bob(accounts, ann):
    """Give a user who may search."""
    return await accounts.users.create("bob", PASSWORD, permissions=["search"])
