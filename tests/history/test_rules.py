"""What becomes of a row, step by step."""

from datetime import UTC, datetime

import pytest
from catalogue.live_list import item
from msgspec.structs import replace

from amutorrent.history.retention import next_cleaning
from amutorrent.history.rules import News, Seen, is_placeholder, next_row

EARLY = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


def seen(at=5000, appeared=True, finished_at=0, owner_id=0, username="external", **facts):
    return News(
        seen=Seen(
            instance_id="i",
            instance_name="I",
            client_type="example",
            network_type="bittorrent",
            item=item(1, **facts),
            at=at,
            appeared=appeared,
            finished_at=finished_at,
            owner_id=owner_id,
            username=username,
        )
    )


def again(**facts):
    return seen(appeared=False, **facts)


def after(*news):
    row = None
    for each in news:
        row = next_row(row, each)
    return row


def told(row):
    return row.status, row.started_at, row.completed_at, row.deleted_at


def test_the_first_sight():
    row = after(seen(category="tv", path="/p", tracker="t", size_downloaded=3, upload_total=4, ratio=0.5, owner_id=7))
    assert (row.hash, row.filename, row.size, row.category, row.path) == (item(1).hash, "item 1", 1000, "tv", "/p")
    assert (row.tracker_domain, row.downloaded, row.uploaded, row.ratio) == ("t", 3, 4, 0.5)
    assert (row.instance_id, row.instance_name, row.client_type) == ("i", "I", "example")
    assert (row.network_type, row.owner_id, row.username, row.last_seen_at) == ("bittorrent", 7, "external", 5000)
    assert told(row) == ("downloading", 5000, 0, 0)
    assert told(after(seen(added_at=EARLY))) == ("downloading", 1000, 0, 0)
    assert told(after(seen(at=500, added_at=EARLY))) == ("downloading", 500, 0, 0), "no client's clock is believed"


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (seen(complete=True), None),
        (seen(complete=True, added_at=EARLY), ("completed", 1000, 0, 0)),
        (seen(complete=True, finished_at=4000), ("completed", 5000, 4000, 0)),
        (again(), None),
        (News(deleted_at=9), None),
        (News(missing=True), None),
        (News(renamed="x"), None),
    ],
)
def test_what_is_no_download_of_ours(news, expected):
    row = after(news)
    assert (told(row) if row else None) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([again(at=6000, complete=True, finished_at=5900)], ("completed", 5000, 5900, 0)),
        ([again(at=6000, complete=True)], ("completed", 5000, 6000, 0)),
        ([again(complete=True), again(at=9000)], ("completed", 5000, 5000, 0)),
        ([News(missing=True)], ("missing", 5000, 0, 0)),
        ([News(missing=True), seen(at=8000)], ("downloading", 5000, 0, 0)),
        ([News(missing=True), seen(at=8000, complete=True)], ("completed", 5000, 8000, 0)),
        ([again(complete=True), News(missing=True)], ("completed", 5000, 5000, 0)),
        ([News(deleted_at=7000)], ("deleted", 5000, 0, 7000)),
        ([News(deleted_at=7000), again(at=7100)], ("deleted", 5000, 0, 7000)),
        ([News(deleted_at=7000), News(missing=True)], ("deleted", 5000, 0, 7000)),
        ([again(complete=True), News(deleted_at=7000)], ("deleted", 5000, 5000, 7000)),
        ([again(complete=True), News(deleted_at=7000), seen(at=8000)], ("downloading", 8000, 0, 0)),
        ([News(deleted_at=7000), seen(at=8000, complete=True)], ("completed", 8000, 8000, 0)),
        ([replace(seen(at=6000), deleted_at=7000)], ("deleted", 5000, 0, 7000)),
    ],
)
def test_what_becomes_of_it(steps, expected):
    assert told(after(seen(), *steps)) == expected


def test_what_only_grows():
    row = after(seen(size=10, size_downloaded=10, upload_total=10), again(size=5, size_downloaded=5, upload_total=5))
    assert (row.size, row.downloaded, row.uploaded) == (10, 10, 10)
    row = next_row(row, again(size=11, size_downloaded=12, upload_total=13, ratio=0.25))
    assert (row.size, row.downloaded, row.uploaded, row.ratio) == (11, 12, 13, 0.25)


def test_a_name_takes_the_place_of_a_placeholder_alone():
    hash = item(1).hash
    assert after(seen(name=f"{hash}.meta"), again(name="real"), again(name="later")).filename == "real"
    assert after(seen(name="real"), News(renamed="mine"), again(name="mine again")).filename == "mine"
    assert all(is_placeholder(each, hash) for each in ("", hash.upper(), f"{hash}.meta"))
    assert not any(is_placeholder(each, hash) for each in ("film", "cafe" * 8 + " film"))


def test_who_added_it_is_known_a_little_later():
    row = after(seen(), again(owner_id=3, username="ann"))
    assert (row.owner_id, row.username) == (3, "ann")
    row = after(seen(owner_id=3, username="ann"), again(owner_id=0, username="external"))
    assert (row.owner_id, row.username) == (3, "ann"), "the name stays when the account is gone"
    row = after(seen(owner_id=3, username="ann"), again(owner_id=4, username="bob"))
    assert (row.owner_id, row.username) == (3, "ann")


def test_where_it_was_is_not_forgotten():
    row = after(seen(path="/p", tracker="t"), again())
    assert (row.path, row.tracker_domain) == ("/p", "t")


def test_three_in_the_morning():
    assert next_cleaning(datetime(2024, 1, 31, 2, 59)) == datetime(2024, 1, 31, 3)
    assert next_cleaning(datetime(2024, 1, 31, 3)) == datetime(2024, 2, 1, 3)
