"""An engine of its own on an address of its own, and a client that is open on it."""

import logging
from collections.abc import Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest
import trio
from amutorrent_libtorrent import Libtorrent
from lab.seeder import seeder as run_seeder

from amutorrent import Changes, Item, Services

LAST = count(60)


@pytest.fixture
def settings(tmp_path):
    """Settings by which nothing leaves the machine, and no two engines meet."""
    return quiet(tmp_path)


def quiet(folder, **other):
    """Make settings by which nothing leaves the machine; each has an address of its own."""
    given = {
        "profile": f"test-{next(LAST)}",
        "download_dir": str(folder / "downloads"),
        "interfaces": [f"127.0.0.{next(LAST) % 190 + 60}"],
        "dht": False,
        "pex": False,
        "lsd": False,
        "utp": False,
    }
    return Libtorrent.Settings.model_validate({**given, **other})


@pytest.fixture
def quiet_settings():
    """Give the function that makes settings."""
    return quiet


class Watched:
    """A client, and the items as its polls have told them."""

    def __init__(self, client: Libtorrent) -> None:
        self.client = client
        self.engine = client._engine
        self.items: dict[str, Item] = {}

    def part(self, capability: type):
        """Give the part that implements a capability."""
        return next(part for part in self.client.parts if isinstance(part, capability))

    async def poll(self) -> Changes:
        changes = await self.client.poll()
        if changes.full:
            self.items.clear()
        for hash in changes.removed:
            self.items.pop(hash, None)
        self.items.update((item.hash, item) for item in changes.items)
        return changes

    async def until(self, condition: Callable[[], object], within_s: float = 30) -> None:
        """Poll until something is so."""
        with trio.fail_after(within_s):
            await self.poll()
            while not condition():
                await trio.sleep(0.1)
                await self.poll()


@asynccontextmanager
async def _opened(settings, folder):
    log = logging.LoggerAdapter(logging.getLogger("test.libtorrent"))
    async with trio.open_nursery() as nursery:
        services = Services("libtorrent-test", log, nursery, trio.to_thread.run_sync, folder=folder / "state")
        async with Libtorrent.open(settings, services) as client:
            found = Watched(client)
            await found.poll()
            yield found
        nursery.cancel_scope.cancel()


@pytest.fixture
def opened(tmp_path):
    """Give the function that opens a client with settings; what it keeps lies in one folder all the time."""
    return lambda settings, folder=tmp_path: _opened(settings, folder)


@pytest.fixture
async def watched(settings, opened):
    async with opened(settings) as found:
        yield found


@pytest.fixture(scope="module")
def seeder(tmp_path_factory):
    with run_seeder(tmp_path_factory.mktemp("seeder")) as running:
        yield running
