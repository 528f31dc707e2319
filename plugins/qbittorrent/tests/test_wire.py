"""Malformed answers, and answers with text that is none."""

import json
from pathlib import Path

import pytest
from amutorrent_qbittorrent.wire import (
    Category,
    File,
    LogLine,
    Maindata,
    PeerList,
    Preferences,
    Properties,
    Row,
    Torrent,
    TorrentDelta,
    Tracker,
    mended,
    merge,
    read,
)
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import ProtocolError

DATA = Path(__file__).parent / "data"

MALFORMED = [
    b"",
    b"Forbidden",
    b"<!DOCTYPE html><html></html>",
    b'{"rid": 1',
    b'{"rid": "one"}',
    b'{"rid": 1} x',
    b'{"torrents": []}',
    b'{"torrents": {"a": 1}, "torrents_removed": 5}',
    b'{"trackers": {"u": "h"}}',
    b'{"categories": {"c": 7}}',
    b'{"rid": NaN}',
    b"[" * 5000,
    b"null",
    b"[]",
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:20]))
def test_a_malformed_answer_is_a_protocol_error_that_says_what_was_asked(body):
    with pytest.raises(ProtocolError, match="sync/maindata"):
        read(body, Maindata, "sync/maindata")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    try:
        read(body, Maindata, "x")
    except ProtocolError:
        return
    assert isinstance(json.loads(body.decode("utf-8", "replace")), dict)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name": "a\xffb"}', "a�b"),
        (rb'{"name": "a\ud800b"}', "a�b"),
        (rb'{"name": "a\udc00\ud83c\udf1eb"}', "a�\U0001f31eb"),
        (rb'{"name": "a\\ud800\ud800"}', "a\\ud800�"),
        (b'{"name": "a\xed\xa0\x80b"}', "a���b"),
        (rb'{"name": "a\u0000b"}', "a\0b"),
        ('{"name": "\U0001f31e"}'.encode(), "\U0001f31e"),
    ],
)
def test_every_text_can_be_encoded(body, name):
    delta = read(body, TorrentDelta, "torrent")
    held = Torrent()
    merge(held, delta)
    assert held.name == name
    assert held.name.encode()


@given(st.text(st.characters(codec="utf-8")))
def test_mending_leaves_good_text_alone(text):
    for body in (json.dumps(text).encode(), json.dumps(text, ensure_ascii=False).encode()):
        assert json.loads(mended(body)) == text


def test_a_merge_touches_only_what_was_said():
    held = Torrent(name="x", size=5)
    assert merge(held, read(b'{"size": 6}', TorrentDelta, "t"))
    assert not merge(held, read(b'{"size": 6, "unheard_of": [1]}', TorrentDelta, "t"))
    assert (held.name, held.size) == ("x", 6)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("files", list[File]),
        ("trackers", list[Tracker]),
        ("torrentPeers", PeerList),
        ("properties", Properties),
        ("preferences", Preferences),
        ("categories", dict[str, Category]),
        ("log", list[LogLine]),
        ("info", list[Row]),
        ("pieceStates", list[int]),
    ],
)
def test_captured_answers_are_read(name, kind):
    assert read((DATA / f"{name}-4.5.2.json").read_bytes(), kind, name)
