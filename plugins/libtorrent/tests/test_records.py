"""The file that keeps the list."""

import sqlite3

import pytest
from amutorrent_libtorrent.records import FILE, Facts, Record, Shelf

from amutorrent import ClientFailed

HASH, OTHER = "a" * 40, "b" * 40


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "main")
    shelf.open()
    yield shelf
    shelf.close()


def reopened(shelf):
    shelf.close()
    shelf.open()
    return shelf.records()[0]


def test_what_was_put_is_there_after_it_was_opened_again(shelf):
    facts = Facts(running=True, name="ünï", category="films", tags=("a", "b"), added_at=7, share_ratio=1.5)
    first, second = (
        Record(hash=OTHER, facts=facts, resume=b"r", info=b"i"),
        Record(hash=HASH, facts=Facts(running=False), resume=b"s"),
    )
    shelf.put(first)
    shelf.put(second)
    assert reopened(shelf) == [first, second]
    shelf.set_facts({HASH: facts})
    shelf.set_resume({HASH: b"t"}, {HASH: b"j"})
    shelf.delete([OTHER])
    assert reopened(shelf) == [Record(hash=HASH, facts=facts, resume=b"t", info=b"j")]
    assert shelf.get("limits") is None
    shelf.set({"limits": b"1"})
    shelf.set({"limits": b"2"})
    assert shelf.get("limits") == b"2"


def test_what_was_never_put_does_not_come_to_be(shelf):
    shelf.set_facts({HASH: Facts(running=True)})
    shelf.set_resume({HASH: b"t"}, {})
    assert reopened(shelf) == []


def test_a_second_engine_is_kept_out(shelf, tmp_path):
    shelf.put(Record(hash=HASH, facts=Facts(running=False), resume=b"s"))
    second = Shelf(tmp_path / "main")
    with pytest.raises(ClientFailed, match="locked"):
        second.open()
    second.close()


def test_a_file_that_is_broken_or_newer_is_left_alone(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database " * 1000)
    broken = Shelf(tmp_path)
    with pytest.raises(ClientFailed, match="cannot be used"):
        broken.open()
    broken.close()
    assert (tmp_path / FILE).read_bytes() == b"no database " * 1000
    newer = tmp_path / "newer"
    newer.mkdir()
    db = sqlite3.connect(newer / FILE)
    db.execute("PRAGMA user_version=2")
    db.close()
    shelf = Shelf(newer)
    with pytest.raises(ClientFailed, match="newer version"):
        shelf.open()
    shelf.close()


def test_without_a_folder_nothing_is_kept():
    with pytest.raises(ClientFailed, match="no folder"):
        Shelf(None).open()
    with pytest.raises(ClientFailed, match="closed"):
        Shelf(None).records()
