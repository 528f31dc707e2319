"""Rows are written once: the same as if they were made anew each time, and anew when anything has changed."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
from amutorrent_qbcompat.cards import Deck, as_list, as_mapping
from amutorrent_qbcompat.record import Record
from amutorrent_qbcompat.rows import Rows
from amutorrent_qbcompat.shown import Categories, View
from msgspec.structs import replace

from amutorrent import Category, DownloadTimes, Entry, Item

NOW = 1_800_000_000
CATEGORIES = Categories(data=[Category(id=1, name="tv", title="tv", path="/data/tv")], client_default_paths={})


def item(number, **facts):
    values = {
        "hash": f"{number:032x}", "name": f'film "{number}" ,"last_activity":5.mkv', "status": "active", "size": 1000,
        "progress": 10.0, "download_speed": number, "upload_speed": 0, "complete": False, "size_downloaded": 100,
    }  # fmt: skip
    return Item(**values | facts)


def view(number, record=None, **facts):
    found = item(number, **facts)
    return View(found.hash, Entry("mule", found, 0, b"", ""), record)


def whole(number, **facts):
    return view(number, complete=True, status="seeding", path=f"/data/{number}", progress=100.0, **facts)


def rows(now=NOW, times=None, categories=CATEGORIES):
    return Rows(categories, "/data", times or {}, lambda: now)


def goal(**limits):
    return Record(
        hash=f"{3:032x}",
        name="x",
        size=1000,
        kind="ed2k",
        added_on=NOW - 90,
        state="done",
        completed_on=NOW - 60,
        **limits,
    )


VIEWS = [view(1), whole(2), whole(3, record=goal(seeding_time_limit=2)), view(0, name="ü\n\\")]


@pytest.mark.parametrize("count", [0, 1, 4])
async def test_a_list_and_a_mapping_are_what_the_rows_are(count):
    deck, views = Deck(), VIEWS[:count]
    expected = [msgspec.to_builtins(rows().row(each)) for each in views]
    cards = await deck.cards(rows(), views)
    assert json.loads(await as_list(cards, NOW)) == expected
    mapping = json.loads(await as_mapping(cards, NOW))
    assert mapping == {row["hash"]: {key: row[key] for key in row if key != "hash"} for row in expected}


async def test_only_what_has_changed_is_written_anew_though_time_goes_on():
    deck = Deck()
    before = await deck.cards(rows(), VIEWS)
    later = rows(NOW + 30)
    after = await deck.cards(later, VIEWS)
    assert [a is b for a, b in zip(before, after, strict=True)] == [True] * 4
    assert json.loads(await as_list(after, NOW + 30)) == [msgspec.to_builtins(later.row(each)) for each in VIEWS]
    assert json.loads(await as_list(after, NOW + 30))[1]["seeding_time"] == 0, "nobody knows since when"
    changed = [view(1, download_speed=7), *VIEWS[1:]]
    now = await deck.cards(later, changed)
    assert [a is b for a, b in zip(after, now, strict=True)] == [False, True, True, True]


async def test_a_goal_of_minutes_is_met_by_the_clock_alone():
    deck = Deck()
    for now, state in ((NOW, "stalledUP"), (NOW + 59, "stalledUP"), (NOW + 60, "pausedUP"), (NOW + 600, "pausedUP")):
        (card,) = await deck.cards(rows(now), [VIEWS[2]])
        assert (card.state, json.loads(await as_list([card], now))[0]["state"]) == (state, state)


@pytest.mark.parametrize(
    "other",
    [
        Categories(data=[replace(CATEGORIES.data[0], path="/else")], client_default_paths={}),
        Categories(data=CATEGORIES.data, client_default_paths={"mule": "/incoming"}),
        Categories(data=[], client_default_paths={}),
    ],
)
async def test_other_folders_are_another_edition(other):
    deck = Deck()
    waiting = [view(5, category="tv"), view(6)]
    await deck.cards(rows(), waiting)
    again = rows(categories=other)
    cards = await deck.cards(again, waiting)
    assert json.loads(await as_list(cards, NOW)) == [msgspec.to_builtins(again.row(each)) for each in waiting]


async def test_what_the_history_says_later_shows_then():
    deck, found = Deck(), whole(2)
    (card,) = await deck.cards(rows(), [found])
    assert card.clock.added == 0
    times = {("mule", found.hash): DownloadTimes(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))}
    (card,) = await deck.cards(rows(times=times), [found])
    (row,) = json.loads(await as_list([card], NOW))
    assert (row["added_on"], row["completion_on"]) == (1_767_225_600, 1_767_312_000)
    assert row["seeding_time"] == NOW - 1_767_312_000


async def test_what_is_gone_is_forgotten():
    deck = Deck()
    first = await deck.cards(rows(), VIEWS)
    deck.keep([VIEWS[0].hash])
    again = await deck.cards(rows(), VIEWS)
    assert [a is b for a, b in zip(first, again, strict=True)] == [True, False, False, False]
