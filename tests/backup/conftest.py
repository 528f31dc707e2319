"""Data directories that are filled, backed up and restored."""

import json
import stat

import pytest
import trio
from store.conftest import running_store, storage
from store.test_history import filled, row

from amutorrent.accounts import Accounts
from amutorrent.backup import make_backup, restore_backup
from amutorrent.datadir import DataDirectory
from amutorrent.errors import InvalidRequest
from amutorrent.model.history import HistoryFilter, HistoryOrder
from amutorrent.store import AccountShelf, HistoryShelf, locate

DATABASE = "amutorrent.db"


class Home:
    """A data directory with settings, and a database that may be elsewhere."""

    def __init__(self, path, url=""):
        self.path, self.url = path, url
        path.mkdir(mode=0o700)
        self.configure()

    def configure(self, **more):
        tree = {"server": {"port": 4321}, **({"database": {"url": self.url}} if self.url else {}), **more}
        (self.path / "config.json").write_text(json.dumps(tree))

    @property
    def place(self):
        return locate(self.url, self.path)

    def backup(self, target, **options):
        return make_backup(DataDirectory(self.path), self.place, target, program="1.2.3", **options)

    def restore(self, file, **options):
        return restore_backup(DataDirectory(self.path), file, {}, **options)

    def files(self):
        """Give what is there, but for the lock."""
        found = {each.name: each for each in self.path.iterdir() if each.name != "lock"}
        return {name: each.read_bytes() if each.is_file() else None for name, each in found.items()}

    def use(self, work):
        """Open the store and the accounts, and work with them."""

        async def main():
            async with running_store(self.url, self.path) as store, trio.open_nursery() as nursery:
                accounts = Accounts(AccountShelf(store), self.path)
                await nursery.start(accounts.run)
                found = await work(store, accounts)
                nursery.cancel_scope.cancel()
            return found

        return trio.run(main)

    def fill(self, name="ann"):
        """Make an account, a record and rows; gives the API key."""

        async def work(store, accounts):
            made = await accounts.users.create(name, "correct horse", is_admin=True)
            await accounts.sessions.begin(made)
            await accounts.users.remove((await accounts.users.create(f"{name}2")).id)
            await storage(store).put("old", "key", [name, "ü", 2**60])
            await filled(store, *(row(number) for number in range(7)))
            return accounts.users.key_of(made)

        return self.use(work)

    def holds(self):
        """Give what `fill` made: names, keys, sessions, record, rows; and the id of the next account."""

        async def work(store, accounts):
            keys = {each.name: accounts.users.key_of(each) for each in accounts.users.all()}
            sessions = len(accounts.roster.sessions)
            rows, total = await HistoryShelf(store).page(
                HistoryFilter(), HistoryOrder("hash", descending=False), 100, 0
            )
            record = await storage(store).all("old")
            next_id = (await accounts.users.create(f"next{len(keys)}")).id
            return keys, sessions, record, [(each.hash, each.size, each.ratio) for each in rows], total, next_id

        return self.use(work)


@pytest.fixture
def home(tmp_path, database_url):
    return Home(tmp_path / "data", database_url)


@pytest.fixture
def here(tmp_path):
    """Give a data directory with its database in it."""
    return Home(tmp_path / "data")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def refused(home, file, match, error=InvalidRequest, **options):
    """See that a restore fails with these words, and that nothing has changed."""
    before = home.files()
    with pytest.raises(error, match=match) as caught:
        home.restore(file, **options)
    assert home.files() == before
    return caught.value
