"""From rows to items: states, completion, and what is shown."""

from datetime import UTC, datetime

import pytest
from amutorrent_rtorrent.announces import announced
from amutorrent_rtorrent.detail import states, tracker_word
from amutorrent_rtorrent.mapping import added_at, item
from amutorrent_rtorrent.meter import Meter
from amutorrent_rtorrent.rows import COMMANDS, Fields, Row, method_of
from amutorrent_rtorrent.states import status_of

from amutorrent import AuthRejected, ProtocolError

BARE = ("A" * 40, "name", 1000, 500)


def row(state=1, is_open=1, is_active=1, complete=0, hashing=0, **other):
    return Row(*BARE, state, is_open, is_active, complete, hashing, **{"connection_current": "leech", **other})


def made(row):
    return item(row, row.name, (0, 0), ())


@pytest.mark.parametrize(
    ("given", "status", "complete"),
    [
        (row(), "active", False),
        (row(complete=1, connection_current="seed"), "seeding", True),
        (row(complete=1, connection_current="leech"), "active", False),  # the check after the last piece is to come
        (row(complete=1, hashing=2, is_active=0), "hashing-queued", False),
        (row(complete=1, hashing=3, is_hash_checking=1, connection_current="seed"), "checking", False),
        (row(complete=1, is_meta=1, connection_current="seed"), "active", False),
        (row(is_active=0), "paused", False),
        (row(is_active=0, complete=1), "paused", True),
        (row(state=0, is_open=0, is_active=0), "stopped", False),
        (row(state=0, is_open=0, is_active=0, complete=1), "completed", True),
    ],
)
def test_status_and_completion(given, status, complete):
    found = made(given)
    assert (found.status, status_of(given), found.complete) == (status, status, complete)


def test_progress_is_never_whole_while_it_is_checked():
    assert made(row(hashing=1, is_hash_checking=1, chunks_hashed=4, size_chunks=4)).progress == 99.99
    assert made(row(hashing=1, is_hash_checking=1, chunks_hashed=1, size_chunks=4)).progress == 25
    assert made(row()).progress == 50


def test_a_magnet_has_no_size_and_no_path_yet():
    found = made(row(is_meta=1, directory="/d"))
    assert (found.size, found.size_downloaded, found.progress, found.path, found.name_resolving) == (
        0,
        0,
        0,
        None,
        True,
    )


def test_names_labels_and_paths():
    found = made(row(label="a%2Fb", shown_name="x%20%F0%9F%98%80", directory="/d"))
    assert (found.category, found.name, found.path, found.multi_file) == ("a/b", "x \U0001f600", "/d/name", False)
    found = made(row(label="100%", directory="/d/name", is_multi_file=1))
    assert (found.category, found.path, found.multi_file) == ("100%", "/d/name", True)


def test_when_it_was_added():
    assert added_at(row(added="1700000000\n", started=5)) == datetime.fromtimestamp(1_700_000_000, UTC)
    assert added_at(row(added="nonsense", started=5, loaded=9)) == datetime.fromtimestamp(5, UTC)
    assert added_at(row(loaded=9)) == datetime.fromtimestamp(9, UTC)
    assert added_at(row()) is None


def test_speeds_are_differences_of_totals():
    meter = Meter()
    assert meter.measure("a", 10, 1000, 0, (7, 8)) == (7, 8)
    assert meter.measure("a", 10.5, 9000, 0, (0, 0)) == (7, 8)
    assert meter.measure("a", 12, 5000, 400, (0, 0)) == (2000, 200)
    assert meter.measure("a", 14, 10, 0, (3, 4)) == (3, 4)  # counted anew
    meter.forget("a")
    assert meter.measure("a", 16, 10, 0, (1, 1)) == (1, 1)


def test_pieces():
    assert states("C0", 3, False) == [2, 2, 0]
    assert states("", 2, True) == [2, 2]
    assert states("", 2, False) == [0, 0]
    assert states("F", 9, False) == [0] * 9


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({}, "idle"),
        ({"t.is_enabled": 0, "t.is_busy": 1}, "disabled"),
        ({"t.is_busy": 1}, "updating"),
        ({"t.success_counter": 1, "t.success_time_last": 9}, "working"),
        ({"t.failed_counter": 1, "t.failed_time_last": 9, "t.success_time_last": 3}, "error"),
        ({"t.failed_counter": 1, "t.failed_time_last": 2, "t.success_counter": 1, "t.success_time_last": 3}, "working"),
    ],
)
def test_how_a_tracker_does(told, word):
    assert tracker_word(told) == word


def test_the_entry_for_dht_is_no_tracker():
    assert announced([["http://a/"], ["dht://"], ["http://a/"], [""]]) == ("http://a/",)


def test_a_daemon_without_some_fields_gets_no_question_for_them():
    methods = {method_of(each) for each in COMMANDS} | {"d.multicall"}
    fields = Fields(methods - {"d.message", "d.load_date"})
    assert fields.table == "d.multicall"
    assert "d.message=" not in fields.commands
    values = [f"{'AB' * 20}", "n", *[1] * (len(fields.commands) - 2)]
    for place, command in enumerate(fields.commands):
        if command in ("d.connection_current=", "d.custom1=", "d.custom=amt_name", "d.custom=addtime", "d.directory="):
            values[place] = "text"
    read = fields.read(values)
    assert (read.message, read.loaded, read.tracker_size, read.label) == ("", 0, 1, "text")
    for wrong in (values[:-1], [*values[:-1], "x"], ["no hash", *values[1:]], None, 5):
        with pytest.raises(ProtocolError):
            fields.read(wrong)
    with pytest.raises(AuthRejected, match=r"d\.complete"):
        Fields(methods - {"d.complete"})
