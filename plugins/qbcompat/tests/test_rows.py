"""States, goals, paths and numbers of an item, as the programs are told them."""

import math
from datetime import UTC, datetime

import msgspec
import pytest
from amutorrent_qbcompat.record import Last, Record
from amutorrent_qbcompat.rows import UNKNOWN_ETA, Rows, parent
from amutorrent_qbcompat.shown import Categories, View
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import Category, DownloadTimes, Entry, Item, Sources, percent

HASH, NOW = "0123456789abcdef0123456789abcdef", 1_800_000_000
CATEGORIES = Categories(
    data=[
        Category(id=0, name="Default", title="Default"),
        Category(id=1, name="tv", title="tv", path="/downloads/tv"),
        Category(id=2, name="bare", title="bare"),
    ],
    client_default_paths={"mule": "/incoming"},
)
DONE = {"complete": True, "status": "seeding", "progress": 100.0, "size_downloaded": 1000, "path": "/incoming/film.mkv"}


def entry(**facts):
    values = {
        "hash": HASH, "name": "film.mkv", "status": "active", "progress": 10.0, "size": 1000, "download_speed": 0,
        "upload_speed": 0, "complete": False, "size_downloaded": 100,
    }  # fmt: skip
    return Entry("mule", Item(**values | facts), 0, b"", "")


def moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


def times_of(row):
    return row.added_on, row.completion_on


def record(**fields):
    values = {"hash": HASH, "name": "film.mkv", "size": 1000, "kind": "ed2k", "added_on": NOW - 9000, "state": "done"}
    return Record(**values | {"instance_id": "mule"} | fields)


def row(entry=None, record=None, times=None):
    return Rows(CATEGORIES, "/incoming", times or {}, lambda: NOW).row(View(HASH, entry, record))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"download_speed": 5}, "downloading"),
        ({"sources": Sources(total=3)}, "queuedDL"),
        ({}, "stalledDL"),
        ({"status": "paused"}, "pausedDL"),
        ({"status": "stopped", "download_speed": 5}, "pausedDL"),
        ({"status": "checking"}, "checkingDL"),
        ({"status": "hashing-queued"}, "checkingDL"),
        ({"status": "error"}, "error"),
        ({"status": "moving"}, "moving"),
        (DONE, "pausedUP"),
        (DONE | {"status": "stopped"}, "pausedUP"),
        (DONE | {"status": "completed"}, "pausedUP"),
        (DONE | {"status": "checking"}, "checkingUP"),
        (DONE | {"status": "moving"}, "moving"),
        (DONE | {"move_status": "verifying"}, "moving"),
        (DONE | {"path": None}, "moving"),
        (DONE | {"status": "error"}, "error"),
    ],
)
def test_trap_16_and_25_states(facts, state):
    assert row(entry(**facts)).state == state


def test_trap_15_what_only_rounds_to_all_of_it_is_not_complete():
    size = 10**9
    found = row(entry(size=size, size_downloaded=size - 1, progress=percent(size - 1, size)))
    assert found.progress < 1
    assert (found.state, found.amount_left) == ("stalledDL", 1)
    found = row(entry(size=size, size_downloaded=size, progress=100.0))  # all there, but not yet verified and moved
    assert found.progress < 1
    assert found.amount_left > 0
    assert found.completion_on == -1


def test_times_are_those_of_our_record_of_the_client_or_of_the_history():
    kept = {("mule", HASH): DownloadTimes(moment(NOW - 500), moment(NOW - 400))}
    assert times_of(row(entry(**DONE), record(added_on=NOW - 9, completed_on=NOW - 8), kept)) == (NOW - 9, NOW - 8)
    assert times_of(row(entry(**DONE, added_at=moment(NOW - 7)), None, kept)) == (NOW - 7, NOW - 400)
    assert times_of(row(entry(**DONE), None, kept)) == (NOW - 500, NOW - 400)
    assert times_of(row(entry(), None, kept)) == (NOW - 500, -1), "not before it is complete"
    begun = {("mule", HASH): DownloadTimes(moment(NOW - 500))}
    assert times_of(row(entry(**DONE), None, begun)) == (NOW - 500, NOW), "the history writes it down in a moment"
    assert times_of(row(entry(**DONE, added_at=moment(NOW - 7)))) == (NOW - 7, NOW - 7)
    assert times_of(row(entry(**DONE), record(added_on=0, kind="found"), kept)) == (NOW - 500, NOW - 400)


def test_the_minutes_of_a_goal_begin_when_it_is_complete_though_that_is_not_noted_yet():
    found = row(entry(**DONE), record(added_on=NOW - 90_000, seeding_time_limit=60))
    assert (found.state, found.seeding_time, found.completion_on) == ("stalledUP", 0, NOW)


@pytest.mark.parametrize(
    ("goal", "facts", "state", "limits"),
    [
        ({}, {}, "pausedUP", (0, -2)),
        ({"ratio_limit": 2.0}, {"ratio": 1.99}, "stalledUP", (2, -2)),
        ({"ratio_limit": 2.0}, {"ratio": 2.0}, "pausedUP", (2, -2)),
        ({"seeding_time_limit": 120}, {}, "stalledUP", (-2, 120)),
        ({"seeding_time_limit": 60}, {}, "pausedUP", (-2, 60)),
        ({"ratio_limit": -1.0, "seeding_time_limit": -1}, {"ratio": 99.0}, "stalledUP", (-1, -1)),
    ],
)
def test_trap_17_and_18_a_seed_goal_is_kept_and_without_one_it_is_met(goal, facts, state, limits):
    found = row(entry(**DONE, **facts), record(completed_on=NOW - 3600, **goal))
    assert (found.state, (found.ratio_limit, found.seeding_time_limit)) == (state, limits)
    assert found.seeding_time == 3600


def test_trap_20_the_category_it_was_added_with_stays():
    assert row(entry(**DONE, category="Default"), record(category="tv")).category == "tv"
    assert row(entry(**DONE, category="movies"), record(category="tv")).category == "tv"
    assert row(entry(category="tv")).category == "tv"
    assert row(entry()).category == ""


@pytest.mark.parametrize(
    ("category", "facts", "paths"),
    [
        ("tv", {}, ("/downloads/tv", "/downloads/tv/film.mkv")),
        ("bare", {}, ("/incoming", "/incoming/film.mkv")),
        ("", {}, ("/incoming", "/incoming/film.mkv")),
        ("tv", DONE, ("/incoming", "/incoming/film.mkv")),
        ("tv", DONE | {"path": "/x/film(1).mkv"}, ("/x", "/x/film(1).mkv")),
        ("tv", DONE | {"path": "D:\\in\\film.mkv"}, ("D:\\in", "D:\\in\\film.mkv")),
        ("", {"name": "a/b"}, ("/incoming", "/incoming/a_b")),
    ],
)
def test_trap_22_paths_are_absolute_and_never_the_same(category, facts, paths):
    found = row(entry(**facts), record(category=category))
    assert (found.save_path, found.content_path) == paths


def test_trap_13_an_item_whose_client_is_away_shows_as_it_was():
    last = Last(complete=True, downloaded=1000, ratio=0.5, path="/incoming/film.mkv")
    found = row(None, record(category="tv", last=last, completed_on=NOW - 60))
    assert (found.state, found.progress, found.content_path) == ("pausedUP", 1.0, "/incoming/film.mkv")
    assert (found.category, found.ratio, found.completion_on) == ("tv", 0.5, NOW - 60)
    found = row(None, record(last=Last(downloaded=500)))
    assert (found.state, found.progress, found.completion_on) == ("queuedDL", 0.5, -1)


def test_trap_12_what_waits_for_its_hand_over_is_queued():
    waiting = record(state="waiting", instance_id=None)
    assert (row(None, waiting).state, row(None, waiting).size) == ("queuedDL", 1000)
    assert row(None, record(state="waiting", paused=True)).state == "pausedDL"
    assert row(None, record(state="failed", refusals=6)).state == "error"


@given(
    size=st.integers(0, 2**63 - 1),
    done=st.integers(0, 2**63 - 1),
    ratio=st.floats(0, 1e9),
    eta=st.none() | st.integers(0, 2**63 - 1),
    complete=st.booleans(),
    added=st.none() | st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(lambda day: day.replace(tzinfo=UTC)),
)
def test_trap_14_numbers_are_numbers_and_nothing_is_null(size, done, ratio, eta, complete, added):
    facts = {"size": size, "size_downloaded": done, "ratio": ratio, "eta": eta, "complete": complete, "added_at": added}
    found = msgspec.json.decode(msgspec.json.encode(row(entry(**facts, path="/x/y" if complete else None))))
    for key, value in found.items():
        assert value is not None, key
        if isinstance(value, float):
            assert math.isfinite(value), key
    assert all(isinstance(found[key], int) for key in ("size", "eta", "seeding_time", "added_on", "amount_left"))
    assert 0 <= found["progress"] <= 1
    assert (found["progress"] == 1) == complete
    assert complete or found["eta"] == (UNKNOWN_ETA if eta is None else eta)


@pytest.mark.parametrize(
    ("path", "folder"),
    [("/a/b", "/a"), ("/a", "/"), ("/", ""), ("", ""), ("a", ""), ("C:\\a", "C:\\"), ("C:\\a\\b\\", "C:\\a")],
)
def test_the_folder_of_a_path(path, folder):
    assert parent(path) == folder
