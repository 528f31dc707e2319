"""The history as it is written: over a real database, for a live list that a test moves."""

from contextlib import asynccontextmanager

import pytest
import trio
from catalogue.live_list import item
from lab.info import info
from store.conftest import running_store, until

from amutorrent import Changes
from amutorrent.accounts import User
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.errors import StorageUnavailable
from amutorrent.events import Events
from amutorrent.history import History, recorder
from amutorrent.model.history import HistoryFilter, HistoryOrder
from amutorrent.store import HistoryShelf

A, B = "example-a", "example-b"
ANN = User(id=1, name="ann", is_admin=False)


class Stage:
    """A live list and its history."""

    def __init__(self, store, names, **options):
        self.names = names
        self.catalogue = Catalogue(Categories(), Events())
        self.shelf = HistoryShelf(store)
        self.history = History(self.catalogue, self.shelf, lambda: self.names, **options)
        self.recorder = self.history.recorder

    def connect(self, *ids):
        for each in ids:
            self.catalogue.put_instance(each, info(type="example", name=each.upper()))

    async def poll(self, *items, instance_id=A, full=True, removed=()):
        """Let an instance tell all it has; what it does is in the next tick."""
        await self.catalogue.apply(instance_id, Changes(items=items, full=full, removed=removed))
        self.catalogue.publish()

    async def rows(self):
        """Give status and name of each row, as they are in the database now."""
        rows, _ = await self.shelf.page(HistoryFilter(), HistoryOrder("hash", descending=False), 100, 0)
        return rows

    async def told(self):
        return [(int(each.hash, 16), each.status) for each in await self.rows()]

    async def comes_to(self, *expected):
        """Wait until the rows are these."""

        async def reached():
            return await self.told() == list(expected)

        await until(reached)

    async def settles(self):
        """Wait until all is written and looked after."""

        async def quiet():
            waiting = self.recorder._hurry or self.recorder._unchecked or self.recorder._urgent.is_set()
            return not waiting and not self.recorder._writing.locked()

        await until(quiet)


@pytest.fixture
def quick(monkeypatch):
    """Take away the waits."""
    for name in ("SOON_S", "MISSING_S", "RETRY_S"):
        monkeypatch.setattr(recorder, name, 0.02)
    monkeypatch.setattr(recorder, "GROWTH_S", 0.05)


@pytest.fixture
def open_stage(database_url, tmp_path, quick):
    """Give the function that runs a live list over the same database each time."""

    @asynccontextmanager
    async def run(names=None, **options):
        async with running_store(database_url, tmp_path) as store, trio.open_nursery() as nursery:
            stage = Stage(store, names or {}, **options)
            await nursery.start(stage.history.run)
            stage.connect(A)
            yield stage
            nursery.cancel_scope.cancel()

    return run


async def test_a_row_follows_where_its_data_goes(open_stage):
    async with open_stage() as stage:
        for complete, path in ((False, "/parts/one"), (True, "/downloads/one"), (True, "/archive/one")):
            await stage.poll(item(1, complete=complete, path=path))

            async def is_there(path=path):
                return [each.path for each in await stage.rows()] == [path]

            await until(is_there)
        assert await stage.told() == [(1, "completed")]


async def test_from_first_sight_to_the_end(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1), item(2), item(3))
        await stage.comes_to((1, "downloading"), (2, "downloading"), (3, "downloading"))
        await stage.poll(item(1, complete=True), item(2), item(3))
        await stage.comes_to((1, "completed"), (2, "downloading"), (3, "downloading"))
        await stage.recorder.removed([(A, item(2).hash)])
        assert await stage.told() == [(1, "completed"), (2, "deleted"), (3, "downloading")], "it is written at once"
        await stage.poll(item(2), full=False)  # the last poll that still has it
        await stage.poll(item(1, complete=True))
        await stage.comes_to((1, "completed"), (2, "deleted"), (3, "missing"))
        await stage.poll(item(1, complete=True), item(2), item(3))
        await stage.comes_to((1, "completed"), (2, "downloading"), (3, "downloading"))
        first, second, third = await stage.rows()
        assert first.completed_at >= first.started_at > 0
        assert (second.deleted_at, third.instance_name) == (0, "EXAMPLE-A")
        times = await stage.history.times([(A, item(number).hash) for number in (1, 2, 9)])
        assert [each.completed_at is None for each in times.values()] == [False, True]
        assert times[A, item(1).hash].added_at.timestamp() == first.started_at / 1000


async def test_what_grows_is_written_now_and_then(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1))
        await stage.comes_to((1, "downloading"))
        await stage.poll(item(1, size_downloaded=500, upload_total=20, category="tv"))

        async def written():
            (row,) = await stage.rows()
            return (row.downloaded, row.uploaded, row.category) == (500, 20, "tv")

        await until(written)


async def test_an_outage_writes_no_false_line(open_stage):
    async with open_stage() as stage:
        stage.connect(B)
        await stage.poll(item(1))
        await stage.poll(item(2), instance_id=B)
        await stage.comes_to((1, "downloading"), (2, "downloading"))
        await stage.settles()
        stage.catalogue.set_stale(A, True)
        stage.recorder._unchecked[A] = 0.0  # look, though there is nobody to look at
        await stage.poll(instance_id=B)
        await stage.comes_to((1, "downloading"), (2, "missing"))
        stage.catalogue.remove_instance(A)
        stage.catalogue.publish()
        await stage.settles()
        assert await stage.told() == [(1, "downloading"), (2, "missing")]
        stage.connect(A)
        await stage.poll(item(1))
        await stage.settles()
        assert await stage.told() == [(1, "downloading"), (2, "missing")]


async def test_what_happened_while_we_were_down(open_stage):
    async with open_stage() as stage:
        await stage.poll(*(item(number, size_downloaded=number) for number in range(1, 4)))
        await stage.comes_to((1, "downloading"), (2, "downloading"), (3, "downloading"))
        before = await stage.rows()
    async with open_stage() as stage:
        await stage.settles()
        assert await stage.rows() == before, "nobody has told anything yet"
        await stage.poll(item(1, complete=True), item(3))
        await stage.comes_to((1, "completed"), (2, "missing"), (3, "downloading"))
        after = await stage.rows()
        assert [each.started_at for each in after] == [each.started_at for each in before]
        assert after[2].downloaded == 3


async def test_a_daemon_that_was_off_while_nothing_happened(open_stage):
    for _ in range(3):
        async with open_stage() as stage:
            await stage.poll(item(1), item(2, complete=True, added_at=None))
            await stage.comes_to((1, "downloading"))
            await stage.settles()


async def test_who_added_it(open_stage):
    async with open_stage({1: "ann"}) as stage:
        await stage.catalogue.owners.claim(ANN, [(A, item(1).hash)])
        await stage.poll(item(1), item(2))
        await stage.comes_to((1, "downloading"), (2, "downloading"))
        assert [(each.owner_id, each.username) for each in await stage.rows()] == [(1, "ann"), (0, "external")]
        stage.names = {}
        await stage.catalogue.owners.release([(A, item(1).hash)])
        await stage.poll(item(1, complete=True), item(2))
        await stage.comes_to((1, "completed"), (2, "downloading"))
        assert [each.username for each in await stage.rows()] == ["ann", "external"]


async def test_without_accounts_nobody_added_it(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1))
        await stage.comes_to((1, "downloading"))
        ((entry,), total) = await stage.history.page(HistoryFilter(), HistoryOrder(), 10, 0)
        assert (entry.username, total, stage.history.tracks_users) == (None, 1, False)


async def test_the_database_fails_for_a_while(open_stage, monkeypatch):
    async with open_stage() as stage:
        well = stage.shelf.change

        async def ill(*arguments):
            raise StorageUnavailable("test")

        monkeypatch.setattr(stage.shelf, "change", ill)
        await stage.poll(item(1), item(2), item(3))
        await stage.recorder.removed([(A, item(2).hash)])
        await stage.poll(item(1, complete=True), item(2), item(3))
        await stage.poll(item(1, complete=True))
        await trio.sleep(0.1)
        assert await stage.told() == []
        monkeypatch.setattr(stage.shelf, "change", well)
        await stage.comes_to((1, "completed"), (2, "deleted"), (3, "missing"))


async def test_a_row_that_was_deleted_stays_deleted_while_its_download_goes_on(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1))
        await stage.comes_to((1, "downloading"))
        assert await stage.history.delete(item(1).hash, HistoryFilter()) == 1
        await stage.poll(item(1, size_downloaded=5))
        await stage.poll(item(1, complete=True), item(2))
        await stage.comes_to((2, "downloading"))


async def test_a_renamed_instance_takes_its_rows_along(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1))
        await stage.recorder.rename_instance(A, B)
        stage.catalogue.remove_instance(A)
        stage.connect(B)
        await stage.poll(item(1, complete=True), instance_id=B)
        await stage.comes_to((1, "completed"))
        assert [each.instance_id for each in await stage.rows()] == [B]


async def test_a_name_that_somebody_gave(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1))
        await stage.comes_to((1, "downloading"))
        await stage.recorder.renamed((A, item(1).hash), "better")
        await stage.poll(item(1, name="better", complete=True))
        await stage.comes_to((1, "completed"))
        assert [each.filename for each in await stage.rows()] == ["better"]


async def test_switched_off(open_stage):
    async with open_stage(enabled=lambda: False) as stage:
        await stage.poll(item(1))
        await stage.recorder.removed([(A, item(1).hash)])
        await stage.settles()
        assert await stage.told() == []


async def test_speeds_are_those_of_now(open_stage):
    async with open_stage() as stage:
        await stage.poll(item(1, download_speed=7, upload_speed=8))
        await stage.comes_to((1, "downloading"))
        entry = await stage.history.find(item(1).hash, HistoryFilter())
        assert (entry.download_speed, entry.upload_speed) == (7, 8)
        stage.catalogue.set_stale(A, True)
        entry = await stage.history.find(item(1).hash, HistoryFilter())
        assert (entry.download_speed, entry.upload_speed) == (None, None)


async def test_more_items_than_fit_into_one_transaction(open_stage, monkeypatch):
    monkeypatch.setattr(recorder, "AT_ONCE", 3)
    async with open_stage() as stage:
        await stage.poll(*(item(number) for number in range(1, 9)))
        await stage.comes_to(*((number, "downloading") for number in range(1, 9)))
