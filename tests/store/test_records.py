"""What plugins keep: the same on both databases, there after a restart, all or nothing."""

import math

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from store.conftest import running_store, storage

from amutorrent.errors import InvalidRequest, StorageUnavailable
from amutorrent.store import Store, locate
from amutorrent.store.tables import record

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=100)


async def test_records_are_there_after_a_restart(open_store):
    async with open_store() as store:
        notes = storage(store)
        await notes.put("links", "b", {"size": 2**80, "name": "ü\0\U0001f40e"})
        await notes.put("links", "B", None)
        await notes.put("links", "a", [1.5, True])
        await notes.put("links", "a", [2.5, False])
        await notes.put("other", "a", "another collection")
        await notes.put("links", "gone", 1)
        await notes.delete("links", "gone")
        await notes.delete("links", "never there")
    async with open_store() as store:
        notes = storage(store)
        found = await notes.all("links")
        assert found == {"B": None, "a": [2.5, False], "b": {"size": 2**80, "name": "ü\0\U0001f40e"}}
        assert list(found) == ["B", "a", "b"]
        assert await notes.get("links", "a") == [2.5, False]
        assert await notes.get("links", "gone") is None
        assert await notes.all("nothing") == {}


async def test_plugins_do_not_see_each_others(open_store):
    async with open_store() as store:
        mine, theirs = storage(store), storage(store, "others")
        await mine.put("a", "key", "mine")
        await theirs.put("a", "key", "theirs")
        await theirs.delete("a", "key")
        assert (await mine.all("a"), await theirs.all("a")) == ({"key": "mine"}, {})


async def test_a_batch_is_made_as_a_whole_or_not_at_all(open_store):
    async with open_store() as store:
        notes = storage(store)
        await notes.put("a", "old", 0)
        async with notes.batch() as batch:
            batch.put("a", "one", 1)
            batch.put("b", "two", 2)
            batch.put("a", "three", 3)
            batch.delete("a", "three")
            batch.delete("a", "old")
            assert await notes.all("a") == {"old": 0}
        assert (await notes.all("a"), await notes.all("b")) == ({"one": 1}, {"two": 2})
        with pytest.raises(RuntimeError, match="changed my mind"):
            await _change_of_mind(notes)
        async with notes.batch():
            pass
        assert await notes.all("a") == {"one": 1}


async def _change_of_mind(notes):
    async with notes.batch() as batch:
        batch.delete("a", "one")
        raise RuntimeError("changed my mind")


@pytest.mark.slow
async def test_a_batch_may_be_big(open_store):
    async with open_store() as store:
        notes = storage(store)
        async with notes.batch() as batch:
            for number in range(5000):
                batch.put("many", f"{number:05}", number)
        assert list((await notes.all("many")).values()) == list(range(5000))


WRONG = [
    ("collection", "", "k", 1),
    ("collection", "c" * 101, "k", 1),
    ("collection", "c\0", "k", 1),
    ("key", "c", "", 1),
    ("key", "c", "k" * 501, 1),
    ("key", "c", "\ud800", 1),
    ("value", "c", "k", math.nan),
    ("value", "c", "k", b"bytes"),
    ("value", "c", "k", {1, 2}),
    ("value", "c", "k", ["\ud800"]),
    ("value", "c", "k", "x" * (1 << 20)),
]


@pytest.mark.parametrize(("field", "collection", "key", "value"), WRONG)
async def test_what_cannot_be_kept_is_refused_by_name_and_nothing_is_written(tmp_path, field, collection, key, value):
    async with running_store("", tmp_path) as store:
        notes = storage(store)
        with pytest.raises(InvalidRequest) as caught:
            await _fine_and(notes, collection, key, value)
        assert caught.value.details["field"] == field
        assert await notes.all("c") == {}


async def _fine_and(notes, *wrong):
    async with notes.batch() as batch:
        batch.put("c", "fine", 1)
        batch.put(*wrong)


async def test_a_value_that_holds_itself_is_refused(tmp_path):
    endless = []
    endless.append(endless)
    async with running_store("", tmp_path) as store:
        with pytest.raises(InvalidRequest):
            await storage(store).put("c", "k", endless)


@pytest.mark.slow
async def test_any_json_value_comes_back_as_it_was(open_store):
    async with open_store() as store:
        notes = storage(store)
        portal = trio.lowlevel.current_trio_token()

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(NAMES, NAMES, JSON)
        def same(collection, key, value):
            trio.from_thread.run(notes.put, collection, key, value, trio_token=portal)
            assert trio.from_thread.run(notes.get, collection, key, trio_token=portal) == value
            assert trio.from_thread.run(notes.all, collection, trio_token=portal)[key] == value

        await trio.to_thread.run_sync(same)


async def test_a_transaction_that_raises_leaves_nothing(open_store):
    async with open_store() as store:
        notes = storage(store)

        def half(connection):
            connection.exec_driver_sql("INSERT INTO record VALUES ('notes', 'a', 'half', '1')")
            raise LookupError("in the middle")

        with pytest.raises(LookupError):
            await store.write(half)
        assert await notes.all("a") == {}
        assert store.problem is None


async def test_a_row_that_is_there_already_is_the_callers_business(open_store):
    async with open_store() as store:
        await storage(store).put("a", "key", "hunter2")

        def again(connection):
            connection.execute(insert(record).values(owner="notes", collection="a", key="key", value="hunter3"))

        with pytest.raises(IntegrityError) as caught:
            await store.write(again)
        assert "hunter3" not in str(caught.value)
        assert store.problem is None
        assert await storage(store).get("a", "key") == "hunter2"


async def test_a_caller_that_is_cancelled_leaves_whole_writes(open_store):
    async with open_store() as store:
        notes = storage(store)
        with trio.CancelScope() as scope:
            scope.cancel()
            await notes.put("a", "key", 1)
        with trio.move_on_after(5):
            await notes.put("a", "other", 2)
        assert await notes.all("a") in ({"key": 1, "other": 2}, {"other": 2})


async def test_many_at_once_come_one_after_the_other(open_store):
    async with open_store() as store:
        notes = storage(store)
        async with trio.open_nursery() as nursery:
            for number in range(20):
                nursery.start_soon(notes.put, "a", str(number), number)
        assert sorted((await notes.all("a")).values()) == list(range(20))


async def test_before_it_runs_and_afterwards_it_says_so(database_url, tmp_path):
    store = Store(locate(database_url, tmp_path))
    with pytest.raises(StorageUnavailable, match="is not open yet"):
        await storage(store).put("a", "b", 1)
    with pytest.raises(StorageUnavailable, match="is not open yet"):
        await storage(store).get("a", "b")
    async with running_store(database_url, tmp_path) as store:
        pass
    with pytest.raises(StorageUnavailable, match="is closed"):
        await storage(store).get("a", "b")
