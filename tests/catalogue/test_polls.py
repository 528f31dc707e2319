"""What a poll reports is applied whole, without its bad items, whatever happens meanwhile, and events tell of it."""

import logging
import math

import pytest
import trio
import trio.testing
from catalogue.live_list import A, Reader, catalogue_of, item

from amutorrent import Changes, Item
from amutorrent.catalogue.catalogue import SLICE


@pytest.mark.parametrize(
    "bad",
    [
        item(2, name="\udce9"),
        item(2, progress=math.nan),
        item(2, ratio=math.inf),
        item(2, progress=101.0),
        item(2, size=-1),
        item(2, size=2**63),
        item(2, status="sleeping"),
        item(2, tags=["a", 1]),
        item(2, extra={"a": math.nan}),
        item(2, extra={"a": object()}),
        item(2, category=None),
        Item(**{**{f: getattr(item(2), f) for f in Item.__struct_fields__}, "hash": "XYZ"}),
        {"hash": "2"},
        None,
    ],
)
async def test_a_bad_item_is_refused_alone_and_logged_once(bad, caplog):
    catalogue = catalogue_of()
    with caplog.at_level(logging.ERROR, "amutorrent.catalogue"):
        for _ in range(3):
            await catalogue.apply(A, Changes(full=True, items=[item(1), bad, item(3)]))
    assert {entry.item.hash for entry in catalogue.items()} == {f"{1:040x}", f"{3:040x}"}
    assert len(caplog.records) == 1
    assert "refused" in caplog.text


async def test_an_item_that_turns_bad_keeps_its_last_good_values():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(1, size=7)]))
    await catalogue.apply(A, Changes(full=True, items=[item(1, size=-7)]))
    assert catalogue.get(A, f"{1:040x}").item.size == 7


async def test_events_tell_what_happened_and_not_what_was_there_before():
    catalogue = catalogue_of()
    with catalogue._news._events.subscribe() as events:
        await catalogue.apply(A, Changes(full=True, items=[item(1), item(2, complete=True)]))
        await catalogue.apply(
            A, Changes(items=[item(3), item(1, complete=True, category="tv")], removed=[item(2).hash])
        )
        await catalogue.apply(A, Changes(items=[item(1, complete=True, category="tv", ratio=2.0)]))
        found = []
        with trio.move_on_after(0.01):
            while True:
                event = await events.get()
                found.append((event.name, event.hash[-1]))
    assert sorted(found) == [
        ("category_changed", "1"),
        ("download_added", "3"),
        ("download_finished", "1"),
        ("download_removed", "2"),
    ]


async def test_a_cancelled_apply_leaves_nothing_behind():
    catalogue = catalogue_of()
    with trio.CancelScope() as scope:
        scope.cancel()
        await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(2 * SLICE)]))
    assert list(catalogue.items()) == []


async def test_a_removed_instance_takes_its_items_along_even_while_a_poll_is_applied(nursery):
    catalogue = catalogue_of()
    nursery.start_soon(catalogue.apply, A, Changes(full=True, items=[item(n) for n in range(9 * SLICE)]))
    for _ in range(3):
        await trio.lowlevel.checkpoint()
    catalogue.remove_instance(A)
    await trio.testing.wait_all_tasks_blocked()
    assert list(catalogue.items()) == []
    assert Reader(catalogue).items == {}


async def test_a_poll_that_is_overtaken_while_it_is_prepared_is_told_right():
    catalogue = catalogue_of()
    many = [item(n) for n in range(4 * SLICE)]
    await catalogue.apply(A, Changes(full=True, items=many))
    reader = Reader(catalogue)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(catalogue.apply, A, Changes(items=[item(0, size=2), *many[1:]]))
        for _ in range(2):  # in the first of them both may be due
            await trio.lowlevel.checkpoint()
        await catalogue.apply(A, Changes(items=[item(0, name="overtaken")]))
        catalogue.publish()
        assert reader.items[A, item(0).hash]["name"] == "overtaken"
    catalogue.publish()
    assert reader.items == Reader(catalogue).items
    assert reader.full_forms == 1
