"""The merged list: what a reader replays is what the catalogue holds."""

import json
import logging
import math

import pytest
import trio
import trio.testing
from hypothesis import given, settings
from hypothesis import strategies as st
from lab.info import info

from amutorrent import Changes, ClientCategory, Item
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.catalogue.catalogue import SLICE
from amutorrent.categories import Categories
from amutorrent.events import Events

A = "example-a"


def item(number, **facts):
    values = {
        "name": f"item {number}",
        "status": "active",
        "progress": 0.0,
        "size": 1000,
        "download_speed": 0,
        "upload_speed": 0,
        "complete": False,
    }
    return Item(hash=f"{number:040x}", **{**values, **facts})


def catalogue_of(*ids):
    catalogue = Catalogue(Categories(), Events())
    for each in ids or (A,):
        catalogue.put_instance(each, info(type="example", name=each))
    return catalogue


class Reader:
    """A socket's reader by websocket.md 5.1."""

    def __init__(self, catalogue):
        self.items, self.seq, self.full_forms = {}, -1, 0
        self.view = catalogue.view(LOCAL_ADMIN)
        self.read(self.view.full())
        catalogue.on_tick.append(lambda tick: self.read(tick.message(self.view)))

    def read(self, message):
        data = json.loads(message)["data"]
        if "items" in data:
            self.items = {(each["instanceId"], each["hash"]): each for each in data["items"]}
            self.seq = data["seq"]
            self.full_forms += 1
            return
        delta = data["delta"]
        assert delta["seq"] == self.seq + 1 or self.seq == -1
        self.apply(delta)

    def apply(self, delta):
        self.seq = delta["seq"]
        for each in delta["added"]:
            self.items[each["instanceId"], each["hash"]] = each
        for key in delta["removed"]:
            instance_id, _, hash = key.rpartition(":")
            self.items.pop((instance_id, hash), None)
        for each in delta["changed"]:
            merged = {**self.items[each["instanceId"], each["hash"]], **each}
            self.items[each["instanceId"], each["hash"]] = {k: v for k, v in merged.items() if v is not None}


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


async def test_an_item_carries_identity_and_what_follows_from_it():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(1, status="seeding", complete=True, category="tv")]))
    (found,) = Reader(catalogue).items.values()
    assert found["instanceId"] == A
    assert found["client"] == "example"
    assert found["networkType"] == "bittorrent"
    assert (found["downloading"], found["seeding"], found["categoryId"]) == (False, True, 1)
    assert list(found)[-1] == "ownedByMe"
    assert found["ownedByMe"] is True
    assert "message" not in found
    assert "tags" not in found


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


async def test_categories_are_sent_only_when_they_or_the_paths_changed():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(1)]))
    catalogue.publish()
    sent = []
    view = catalogue.view(LOCAL_ADMIN)
    catalogue.on_tick.append(lambda tick: sent.append(json.loads(tick.message(view))["data"]))
    catalogue.put_instance(A, info(name="another name"))
    catalogue.publish()
    await catalogue.apply(A, Changes(items=[item(1, category="tv")]))
    catalogue.publish()
    await catalogue.apply(A, Changes(default_path="/data"))
    catalogue.publish()
    catalogue.remove_instance(A)
    catalogue.publish()
    keys = [({"categories", "clientDefaultPaths"} <= set(data), "instances" in data["stats"]) for data in sent]
    assert keys == [(False, True), (True, False), (True, False), (True, True)]
    assert sent[2]["clientDefaultPaths"] == {A: "/data"}
    assert sent[3]["clientDefaultPaths"] == {}


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


@pytest.mark.parametrize("stale", [(), ("first",), ("last",), ("first", "last")])
async def test_a_full_form_over_stale_current_and_empty_instances(stale):
    catalogue = catalogue_of("first", "empty", "last", "also-empty")
    for each in ("first", "last"):
        await catalogue.apply(each, Changes(full=True, items=[item(1), item(2)]))
    for each in stale:
        catalogue.set_stale(each, True)
    found = json.loads(catalogue.view(LOCAL_ADMIN).full())["data"]["items"]
    assert [(each["instanceId"], each["hash"], each.get("stale"), each["ownedByMe"]) for each in found] == [
        (id, item(number).hash, True if id in stale else None, True) for id in ("first", "last") for number in (1, 2)
    ]


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


async def test_categories_and_default_paths_travel_with_the_list():
    catalogue = catalogue_of()
    changes = Changes(full=True, default_path="/downloads", categories=[ClientCategory(name="tv", path="/tv")])
    await catalogue.apply(A, changes)
    data = json.loads(catalogue.view(LOCAL_ADMIN).full())["data"]
    assert [(each["id"], each["name"], each["path"]) for each in data["categories"]] == [
        (0, "Default", ""),
        (1, "tv", "/tv"),
    ]
    assert data["clientDefaultPaths"] == {A: "/downloads"}
    assert data["hasPathWarnings"] is False


async def test_equal_etags_mean_equal_bytes():
    catalogue = catalogue_of()
    view = catalogue.view(LOCAL_ADMIN)
    before = view.etag, view.full()
    assert (view.etag, view.full()) == before
    await catalogue.apply(A, Changes(full=True, download_speed=7))
    assert view.etag != before[0]
    assert json.loads(view.full())["data"]["stats"]["instanceSpeeds"] == {A: {"uploadSpeed": 0, "downloadSpeed": 7}}


async def test_items_that_come_while_others_follow_a_rename_follow_too():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n, category="tv") for n in range(1000)]))
    number = catalogue.categories.get("tv").id
    async with trio.open_nursery() as nursery:
        nursery.start_soon(catalogue.change_category, "tv", {"name": "series"})
        for _ in range(4):  # it is at it
            await trio.lowlevel.checkpoint()
        assert catalogue.categories.get("series") is None
        await catalogue.apply(A, Changes(items=[item(5000, category="tv"), item(1, category="tv", size=7)]))
    found = {entry.item.hash: entry for entry in catalogue.items()}
    assert len(found) == 1001
    assert {(each.item.category, each.category_id, each.label) for each in found.values()} == {("series", number, "tv")}
    assert found[item(1).hash].item.size == 7
    await catalogue.apply(A, Changes(items=[item(2, category="series")]))  # its client has heard of it
    assert catalogue.get(A, item(2).hash).label == "series"
    assert [each.name for each in catalogue.categories.all()] == ["Default", "series"]
