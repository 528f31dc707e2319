"""Categories between the live list and a real database."""

import json
import sqlite3
from contextlib import asynccontextmanager
from functools import partial

import pytest
import trio
from lab.info import info
from msgspec.structs import replace
from sqlalchemy import text
from store.conftest import gets_well, running_store, until

from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.client import Changes
from amutorrent.errors import StorageUnavailable
from amutorrent.events import Events
from amutorrent.keeper import CategoryKeeper
from amutorrent.model import Category, ClientCategory, Item
from amutorrent.store import CategoryShelf

A = "demo-a"
INFO = info(name="A")


def item(number, category):
    return Item(
        hash=f"{number:040x}",
        name=f"item {number}",
        size=1,
        size_downloaded=0,
        progress=0.0,
        download_speed=0,
        upload_speed=0,
        complete=False,
        status="active",
        category=category,
    )


class Host:
    """A live list over a store."""

    def __init__(self, store):
        self.store = store
        self.shelf = CategoryShelf(store)
        self.categories = Categories(self.shelf)
        self.catalogue = Catalogue(self.categories, Events())
        self.keeper = CategoryKeeper(self.catalogue, store, self.shelf)
        self.catalogue.put_instance(A, INFO)
        self.ticks = []
        self.catalogue.on_tick.append(lambda tick: self.ticks.append(json.loads(tick.message(tick_view(self)))))

    def ids(self):
        """Give the ids of the categories, and see that list, items and bytes say the same."""
        found = {each.name: each.id for each in self.categories.all()}
        for entry in self.catalogue.items():
            assert entry.category_id == found[entry.item.category]
            assert json.loads(entry.body + b"}")["categoryId"] == entry.category_id
        return found

    async def saved(self, *names):
        """Wait until these have ids of the database."""

        async def all_have():
            return all(self.ids().get(name, -1) > 0 for name in names)

        await until(all_have)

    async def paths(self):
        """Give the paths that are saved."""
        return [each.path for each in await self.shelf.load()]

    async def learns_path(self):
        """Wait until the only category is saved with the path that a client told."""
        self.categories.merge([ClientCategory(name="films", path="/f")])

        async def saved():
            return await self.paths() == ["/f"]

        await until(saved)


def tick_view(host):
    return host.catalogue.view(LOCAL_ADMIN)


@pytest.fixture
def open_host(open_store):
    """Give the function that runs a live list and its keeper over the database of this test."""
    return partial(running_host, open_store)


@pytest.fixture
def open_host_on_file(tmp_path):
    """Give the same over an SQLite file."""
    return partial(running_host, partial(running_store, "", tmp_path))


@asynccontextmanager
async def running_host(open_store):
    async with open_store() as store, trio.open_nursery() as nursery:
        host = Host(store)
        await nursery.start(host.keeper.run)
        yield host
        nursery.cancel_scope.cancel()


async def test_they_survive_a_restart_with_their_ids(open_host):
    async with open_host() as host:
        films = await host.categories.create("films")
        assert films.id > 0
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "tv"), item(2, "films")]))
        await host.catalogue.apply(A, Changes(categories=[ClientCategory(name="music", path="/m")]))
        await host.saved("tv", "music")
        before = host.ids()
    async with open_host() as host:
        assert host.ids() == before
        assert host.categories.get("music").path == "/m"
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "tv"), item(3, "new")]))
        await host.saved("new")
        assert host.ids()["new"] not in before.values()


async def test_a_path_that_is_learned_later_is_saved_too(open_host):
    async with open_host() as host:
        await host.categories.create("films")
        await host.learns_path()


async def test_the_number_that_came_late_is_told_to_readers(open_host):
    async with open_host() as host:
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "tv")]))
        host.catalogue.publish()
        shown = host.ids()["tv"]
        await host.saved("tv")
        host.catalogue.publish()
        first, last = host.ticks
        assert first["data"]["categories"][1]["id"] == shown < 0
        assert last["data"]["categories"][1]["id"] == host.ids()["tv"]
        (change,) = last["data"]["delta"]["changed"]
        assert (change["hash"], change["categoryId"]) == (item(1, "tv").hash, host.ids()["tv"])


async def test_a_number_that_comes_while_a_poll_is_taken_over(open_host):
    async with open_host() as host:
        await host.catalogue.apply(A, Changes(full=True, items=[item(0, "tv")]))
        many = Changes(full=True, items=[item(number, "tv") for number in range(1000)])
        async with trio.open_nursery() as nursery:
            nursery.start_soon(host.catalogue.apply, A, many)
            await trio.lowlevel.checkpoint()
            host.catalogue.settle_categories({"tv": 70})  # in the midst of it
        assert len(list(host.catalogue.items())) == 1000
        assert host.ids()["tv"] > 0
        await host.saved("tv")


async def test_two_who_make_the_same_one_get_the_same(open_host):
    async with open_host() as host:
        made = []

        async def make():
            made.append(await host.categories.create("films"))

        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(make)
            host.categories.ensure("films")
        await host.saved("films")
        assert len(await host.shelf.load()) == 1
        assert {each.name for each in made} == {"films"}


async def test_one_that_is_in_the_database_is_not_made_anew_before_it_was_loaded(open_host):
    async with open_host() as host:
        await host.categories.create("films")
        await host.learns_path()
        early = Categories(host.shelf)  # as another start would have it at its very beginning
        assert (await early.create("films")).path == "/f"
        assert await host.paths() == ["/f"]


async def test_mappings_are_kept_and_spoilt_ones_cost_nothing_else(open_host, caplog):
    async with open_host() as host:
        films = Category(id=-1, name="films", title="films", path_mappings={"qbittorrent": "/mnt/ü"})
        await host.shelf.save([films, replace(films, name="tv", title="tv")])
        spoil = text("UPDATE category SET path_mappings = '[1' WHERE name = 'tv'")
        await host.store.write(lambda connection: connection.execute(spoil))
    async with open_host() as host:
        assert host.categories.get("films").path_mappings == {"qbittorrent": "/mnt/ü"}
        assert host.categories.get("tv").path_mappings is None
    assert "the path mappings of category tv cannot be read" in caplog.text


async def test_what_no_database_takes_stays_live(open_host):
    odd = ["x" * 300, "nul\0byte"]
    async with open_host() as host:
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, odd[0]), item(2, odd[1]), item(3, "fine")]))
        await host.saved("fine")
        assert [each.name for each in await host.shelf.load()] == ["fine"]
        assert all(host.ids()[name] < 0 for name in odd)
        assert host.store.problem is None


@pytest.mark.slow
async def test_the_list_goes_on_while_the_database_is_locked(open_host_on_file, tmp_path):
    async with open_host_on_file() as host:
        other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with trio.fail_after(1):
            await host.catalogue.apply(A, Changes(full=True, items=[item(1, "tv")]))
        assert host.ids()["tv"] < 0

        async def told():
            return host.store.problem

        await until(told)  # it was tried to save it
        with pytest.raises(StorageUnavailable, match="is locked"):
            await host.categories.create("films")
        assert "films" not in host.ids()
        other.close()
        await gets_well(host.store)
        await host.saved("tv")
        assert [each.name for each in await host.shelf.load()] == ["tv"]


async def test_a_database_that_opens_late_brings_its_own(open_host_on_file, tmp_path):
    path = tmp_path / "amutorrent.db"
    async with open_host_on_file() as host:
        for name in ("zero", "films", "tv"):
            await host.categories.create(name)
        before = host.ids()
    path.rename(tmp_path / "elsewhere")
    path.mkdir()
    async with open_host_on_file() as host:
        assert host.store.problem
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "tv"), item(2, "new"), item(3, "films")]))
        assert [host.ids()[name] for name in ("tv", "new", "films")] == [-1, -2, -3]
        path.rmdir()
        (tmp_path / "elsewhere").rename(path)
        await gets_well(host.store)
        await host.saved("tv", "new", "films", "zero")
        assert {name: id for name, id in host.ids().items() if name != "new"} == before
        assert host.ids()["new"] not in before.values()


async def test_what_people_make_of_them_survives_a_restart(open_host):
    async with open_host() as host:
        catalogue = host.catalogue
        films = await catalogue.define_category(
            Category(id=0, name="films", title="films", path="/f", color=255, comment="ü", path_mappings={"a": "/m"})
        )
        gone = await catalogue.define_category(Category(id=0, name="gone", title="gone"))
        await catalogue.apply(A, Changes(full=True, items=[item(1, "films"), item(2, "gone")]))
        await catalogue.change_category("films", {"name": "cinema", "path": "/c"})
        await catalogue.change_category("Default", {"path": "/d", "comment": "none"})
        await catalogue.remove_category("gone")
        assert [each.item.category for each in catalogue.items()] == ["cinema", "Default"]
        before = host.categories.all()
        assert [each.name for each in before] == ["Default", "cinema"]
        assert before[1].id == films.id
    async with open_host() as host:
        assert host.categories.all() == before
        # its client has not heard of it yet
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "films"), item(2, "gone")]))
        assert [each.item.category for each in host.catalogue.items()] == ["cinema", "Default"]
        assert host.ids() == {"Default": 0, "cinema": films.id}
        new = await host.catalogue.define_category(Category(id=0, name="gone", title="gone"))
        assert new.id > gone.id  # an id is never given twice
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "films"), item(2, "gone"), item(3, "gone")]))
        assert [each.item.category for each in host.catalogue.items()] == ["cinema", "gone", "gone"]
        assert [row.name for row in await host.shelf.load_departed()] == ["films"]


async def test_a_departed_name_that_is_settled_is_forgotten_for_good(open_host):
    async with open_host() as host:
        for name in ("one", "two"):
            await host.catalogue.define_category(Category(id=0, name=name, title=name))
        await host.catalogue.change_category("one", {"name": "two and a half"})
        await host.catalogue.change_category("two and a half", {"name": "three"})
        await host.catalogue.remove_category("two")
        rows = {row.name: row for row in host.categories.departures.all()}
        assert {name: row.successor for name, row in rows.items()} == {
            "one": "three",
            "two and a half": "three",
            "two": None,
        }
        assert {row.name: row for row in await host.shelf.load_departed()} == rows
        host.categories.forget(rows["one"])

        async def forgotten():
            return [row.name for row in await host.shelf.load_departed()] == ["two and a half", "two"]

        await until(forgotten)
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "one")]))
        await host.saved("one")  # a new one


async def test_a_late_database_knows_what_is_gone(open_host_on_file, tmp_path):
    path = tmp_path / "amutorrent.db"
    async with open_host_on_file() as host:
        await host.catalogue.define_category(Category(id=0, name="gone", title="gone", path="/g"))
        await host.catalogue.remove_category("gone")
    path.rename(tmp_path / "elsewhere")
    path.mkdir()
    async with open_host_on_file() as host:
        defined = [ClientCategory(name="gone", path="/g"), ClientCategory(name="tv")]
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "gone")], categories=defined))
        assert set(host.ids()) == {"Default", "gone", "tv"}
        for change in (
            host.catalogue.define_category(Category(id=0, name="new", title="new")),
            host.catalogue.change_category("tv", {"name": "series"}),
            host.catalogue.remove_category("tv"),
        ):
            with pytest.raises(StorageUnavailable):
                await change
        assert set(host.ids()) == {"Default", "gone", "tv"}
        path.rmdir()
        (tmp_path / "elsewhere").rename(path)
        await gets_well(host.store)
        await host.saved("tv")
        assert set(host.ids()) == {"Default", "tv"}
        assert [each.item.category for each in host.catalogue.items()] == ["Default"]


async def test_one_that_is_deleted_while_it_is_being_saved_stays_deleted(open_host):
    async with open_host() as host:
        for number in range(20):
            await host.catalogue.apply(A, Changes(full=True, items=[item(1, f"tv {number}")]))
            await trio.lowlevel.checkpoint()
            await host.catalogue.remove_category(f"tv {number}")
        await host.catalogue.apply(A, Changes(full=True, items=[item(1, "last")]))
        await host.saved("last")
        assert [each.name for each in await host.shelf.load()] == ["last"]
