"""Stores over real databases."""

from contextlib import asynccontextmanager, contextmanager
from functools import partial

import pytest
import trio

from amutorrent.storage import Storage
from amutorrent.store import Records, Store, locate

QUICK = {"retry_s": 0.05}


@asynccontextmanager
async def running_store(url, folder, **options):
    """Run a store until the context ends."""
    store = Store(locate(url, folder), **{**QUICK, **options})
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        yield store
        nursery.cancel_scope.cancel()


async def gets_well(store, within_s=10):
    """Wait until a store works again."""
    with trio.fail_after(within_s):
        await store.wait_well()


@contextmanager
def within(seconds):
    """See that something does not take longer: by the clock, since what is shielded is not cancelled."""
    began = trio.current_time()
    yield
    assert trio.current_time() - began < seconds


async def until(condition, within_s=10):
    """Wait until an async condition is true."""
    with trio.fail_after(within_s):
        while True:
            if await condition():
                return
            await trio.sleep(0.01)


def storage(store, owner="notes"):
    """Give the handle of a plugin."""
    return Storage(owner, Records(store))


@pytest.fixture
def open_store(database_url, tmp_path):
    """Give the function that runs a store over the database of this test; each time over the same one."""
    return partial(running_store, database_url, tmp_path)
