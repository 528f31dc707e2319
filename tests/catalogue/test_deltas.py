"""Deltas say what changed and no more, and a reader that replays them holds what a snapshot holds."""

import json

import trio
from catalogue.live_list import A, Reader, catalogue_of, item
from hypothesis import given, settings
from hypothesis import strategies as st
from lab.info import info

from amutorrent import Changes
from amutorrent.accounts import LOCAL_ADMIN

FACTS = st.fixed_dictionaries(
    {
        "progress": st.sampled_from([0.0, 12.5, 100.0]),
        "complete": st.booleans(),
        "status": st.sampled_from(["active", "seeding", "stopped"]),
    },
    optional={
        "message": st.sampled_from([None, "Missing files"]),
        "tags": st.sampled_from([(), ("a",), ("a", "b")]),
        "category": st.sampled_from(["Default", "tv", "films"]),
        "extra": st.sampled_from([{}, {"seen": True}]),
        "eta": st.sampled_from([None, 60]),
    },
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("full"), st.dictionaries(st.integers(0, 30), FACTS, max_size=30)),
        st.tuples(st.just("some"), st.dictionaries(st.integers(0, 30), FACTS, max_size=4)),
        st.tuples(st.just("gone"), st.sets(st.integers(0, 30), max_size=4)),
        st.tuples(st.just("stale"), st.booleans()),
        st.tuples(st.just("tick"), st.none()),
        st.tuples(st.just("forget"), st.none()),
    ),
    max_size=25,
)


async def take(catalogue, step, what):
    if step == "full":
        await catalogue.apply(A, Changes(full=True, items=[item(n, **facts) for n, facts in what.items()]))
    elif step == "some":
        await catalogue.apply(A, Changes(items=[item(n, **facts) for n, facts in what.items()]))
    elif step == "gone":
        await catalogue.apply(A, Changes(removed=[f"{n:040x}" for n in what]))
    elif step == "stale":
        catalogue.set_stale(A, what)
    elif step == "tick":
        catalogue.publish()
    else:
        catalogue.remove_instance(A)
        catalogue.put_instance(A, info())


@settings(deadline=None, max_examples=60)
@given(STEPS, st.integers(0, 25))
async def test_replayed_deltas_equal_the_last_snapshot(steps, resume_at):
    catalogue = catalogue_of()
    steady = Reader(catalogue)
    resumed = None
    for number, (step, what) in enumerate(steps):
        await take(catalogue, step, what)
        if number == resume_at:
            resumed = Reader(catalogue)
            catalogue.on_tick.pop()
    snapshot = Reader(catalogue)
    assert steady.items == snapshot.items
    assert steady.seq == snapshot.seq == catalogue.seq
    if resumed is not None:
        missed = resumed.view.since(resumed.seq)
        if missed is not None:
            resumed.apply(json.loads(missed)["data"]["delta"])
            assert resumed.items == snapshot.items


async def test_only_what_changed_is_sent():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(100)]))
    catalogue.publish()
    messages = []
    view = catalogue.view(LOCAL_ADMIN)
    catalogue.on_tick.append(lambda tick: messages.append(json.loads(tick.message(view))))
    await catalogue.apply(A, Changes(full=True, items=[item(n, download_speed=5 * (n == 3)) for n in range(100)]))
    catalogue.publish()
    delta = messages[0]["data"]["delta"]
    assert delta["changed"] == [{"hash": f"{3:040x}", "instanceId": A, "downloadSpeed": 5}]
    assert (delta["added"], delta["removed"]) == ([], [])
    assert "instances" not in messages[0]["data"]["stats"]


async def test_removals_alone_never_make_a_full_form():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(40)]))
    reader = Reader(catalogue)
    await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(5)]))
    catalogue.publish()
    assert (reader.full_forms, len(reader.items)) == (1, 5)


async def test_above_half_of_the_items_the_full_form_is_sent():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(40)]))
    reader = Reader(catalogue)
    await catalogue.apply(A, Changes(items=[item(n, size=5) for n in range(20)]))
    catalogue.publish()
    assert reader.full_forms == 1
    await catalogue.apply(A, Changes(items=[item(n, size=6) for n in range(21)]))
    catalogue.publish()
    assert reader.full_forms == 2


async def test_ticks_come_250_ms_after_a_change_and_every_5_s_without(autojump_clock, nursery):
    catalogue = catalogue_of()
    ticks = []
    catalogue.on_tick.append(lambda tick: ticks.append(round(trio.current_time() - start, 2)))
    start = trio.current_time()
    nursery.start_soon(catalogue.run)
    await trio.sleep(1)
    catalogue.set_stale(A, True)
    await trio.sleep(0.1)
    catalogue.set_stale(A, False)
    await trio.sleep(11)
    assert ticks == [0.25, 1.25, 6.25, 11.25]


async def test_the_window_is_bounded_and_says_when_it_cannot_help(monkeypatch):
    monkeypatch.setattr("amutorrent.catalogue.window.MAX_TICKS", 20)
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n) for n in range(30)]))
    view = catalogue.view(LOCAL_ADMIN)
    view.full()
    start = catalogue.seq
    assert json.loads(view.since(start))["data"]["delta"] == {"seq": start, "added": [], "removed": [], "changed": []}
    assert view.since(start + 1) is None
    for n in range(21):
        await catalogue.apply(A, Changes(items=[item(1, size=n)]))
        catalogue.publish()
    assert view.since(start) is None
    assert view.since(catalogue.seq - 5) is not None
