"""What the host says of an item, over what its client says."""

import trio
from catalogue.live_list import A, Reader, catalogue_of, item
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from amutorrent import Changes

KEY = (A, item(1).hash)
MOVING = {"status": "moving", "move_status": "moving", "move_progress": 50.0}


async def told(catalogue, *items, **more):
    await catalogue.apply(A, Changes(items=items, **more))
    catalogue.publish()


def shown(catalogue):
    found = catalogue.get(*KEY).item
    return found.status, found.name, found.move_progress


async def test_it_stays_whatever_the_client_says_and_goes_when_it_is_lifted():
    catalogue = catalogue_of()
    await told(catalogue, item(1), full=True)
    reader = Reader(catalogue)
    catalogue.overlay(KEY, MOVING)
    catalogue.publish()
    assert (reader.items[KEY]["status"], reader.items[KEY]["moveProgress"]) == ("moving", 50.0)
    await told(catalogue, item(1, name="renamed", status="paused"))
    assert shown(catalogue) == ("moving", "renamed", 50.0)
    assert catalogue.plain(KEY).status == "paused"
    catalogue.overlay(KEY, {})
    catalogue.publish()
    assert shown(catalogue) == ("paused", "renamed", None)
    assert (reader.items[KEY]["status"], "moveProgress" in reader.items[KEY]) == ("paused", False)
    assert reader.full_forms == 1
    await told(catalogue, item(1, status="active"))
    assert shown(catalogue) == ("active", "item 1", None)


async def test_it_waits_for_an_item_that_is_not_there_yet_or_gone_for_a_while():
    catalogue = catalogue_of()
    catalogue.overlay(KEY, MOVING)
    assert catalogue.plain(KEY) is None
    await told(catalogue, item(1), full=True)
    assert shown(catalogue) == ("moving", "item 1", 50.0)
    await told(catalogue, removed=[KEY[1]])
    assert catalogue.plain(KEY) is None
    await told(catalogue, item(1, name="back"))
    assert shown(catalogue) == ("moving", "back", 50.0)


async def test_the_news_are_those_of_the_client():
    catalogue = catalogue_of()
    happened = []
    catalogue._news._events.publish = lambda event: happened.append(event.name)
    await told(catalogue, item(1, complete=True, status="seeding"), full=True)
    catalogue.overlay(KEY, MOVING)
    await told(catalogue, item(1, complete=True, status="seeding", name="other"))
    catalogue.overlay(KEY, {})
    assert happened == []


@example(["remove", "begin", "overlay", "end"])
@given(st.lists(st.sampled_from(["overlay", "lift", "poll", "begin", "end", "remove"]), max_size=12))
def test_after_any_order_of_polls_and_moves_the_list_shows_both(steps):
    """`begin` and `end`: a poll that is being taken over while other things happen."""
    trio.run(play, steps)


async def play(steps):
    catalogue = catalogue_of()
    await told(catalogue, item(1), full=True)
    reader = Reader(catalogue)
    facts, under_way = {}, None
    for number, step in enumerate(steps):
        if step == "overlay":
            facts = {**MOVING, "move_progress": float(number)}
            catalogue.overlay(KEY, facts)
        elif step == "lift":
            facts = {}
            catalogue.overlay(KEY, facts)
        elif step == "poll":
            await told(catalogue, item(1, name=f"n{number}"))
        elif step == "begin" and under_way is None:
            source = catalogue.sources[A]
            changes = Changes(items=[item(1, name=f"n{number}")])
            under_way = source, (await catalogue._prepare(source, changes))[0]
        elif step == "end" and under_way is not None:
            catalogue._commit(*under_way, [])
            under_way = None
        elif step == "remove" and under_way is None and catalogue.get(*KEY):
            await told(catalogue, removed=[KEY[1]])
        if under_way is None and (entry := catalogue.get(*KEY)) is not None:
            assert entry.item == replace(catalogue.plain(KEY), **facts)
    catalogue.publish()
    fresh = Reader(catalogue)
    assert reader.items == fresh.items
