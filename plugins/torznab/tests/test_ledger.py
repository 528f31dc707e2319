"""What the indexer remembers: dates that stay, within bounds, whatever the database does."""

import json
from types import SimpleNamespace

import pytest
from amutorrent_torznab import ledger as module
from amutorrent_torznab.ledger import Ledger
from operations.ed2k import row

from amutorrent import Storage


def open_ledger(shelf):
    return Ledger(SimpleNamespace(storage=Storage("torznab", shelf)))


def dates(shelf):
    return {key: json.loads(text) for (kind, key), text in shelf.kept.items() if kind == "first-seen"}


async def test_a_date_stays_though_the_database_could_not_be_read_at_first(shelf):
    old, new = row(1), row(2)
    shelf.kept["first-seen", old.file_hash] = "1000"
    shelf.broken = True
    ledger = open_ledger(shelf)
    await ledger.load()
    await ledger.note("a", [old, new])
    assert ledger.first_seen(old).timestamp() > 1000
    shelf.broken = False
    await ledger.note("a", [old])
    assert ledger.first_seen(old).timestamp() == 1000
    assert dates(shelf)[old.file_hash] == 1000
    assert dates(shelf)[new.file_hash] == ledger.first_seen(new).timestamp()


async def test_nothing_new_writes_nothing(shelf):
    ledger = open_ledger(shelf)
    for _ in range(3):
        await ledger.note("a", [row(1), row(2)])
    assert shelf.writes == 1


async def test_what_was_not_met_for_longest_is_forgotten(shelf, monkeypatch):
    monkeypatch.setattr(module, "MOST_DATES", 3)
    ledger = open_ledger(shelf)
    await ledger.note("a", [row(1), row(2), row(3)])
    await ledger.note("a", [row(1)])
    await ledger.note("a", [row(4)])
    assert dates(shelf).keys() == {row(number).file_hash for number in (1, 3, 4)}
    assert [each.file_hash for each in ledger.recent(None)] == [row(number).file_hash for number in (4, 1, 3)]
    shelf.broken = True
    for number in range(5, 50):
        await ledger.note("a", [row(number)])
    shelf.broken = False
    await ledger.note("a", [row(50)])
    assert dates(shelf).keys() == {row(number).file_hash for number in (48, 49, 50)}


async def test_what_is_new_is_bounded_and_of_one_instance_or_of_all(shelf, monkeypatch):
    monkeypatch.setattr(module, "MOST_RECENT", 3)
    ledger = open_ledger(shelf)
    await ledger.note("a", [row(1), row(2)])
    await ledger.note("b", [row(3), row(4)])
    assert [each.source_count for each in ledger.recent(None)] == [3, 4, 1]
    assert [each.source_count for each in ledger.recent("a")] == [1]
    again = open_ledger(shelf)
    await again.load()
    assert again.recent(None) == ledger.recent(None)


@pytest.mark.parametrize("text", ['"no list"', "[1]", '[{"instanceId": "a"}]', "null"])
async def test_records_that_are_none_of_ours_are_left_out(shelf, text):
    shelf.kept["recent", "rows"] = text
    shelf.kept["first-seen", "x"] = '"no date"'
    ledger = open_ledger(shelf)
    await ledger.load()
    assert ledger.recent(None) == []
    await ledger.note("a", [row(1)])
    assert ledger.recent(None) == [row(1)]
