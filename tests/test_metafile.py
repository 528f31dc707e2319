"""Torrent files: any bytes give a metafile or a clear error."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import InvalidRequest, Metafile
from amutorrent.metafile import MAX_DEPTH, decode, encode

VALUES = st.recursive(
    st.integers(-(2**63), 2**63) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.binary(max_size=10), inner, max_size=5),
    max_leaves=20,
)
SINGLE = {b"name": b"a.bin", b"length": 7, b"piece length": 16384, b"pieces": b"x" * 20}


def torrent(info, **top):
    return encode({b"info": info, **{key.replace("_", "-").encode(): value for key, value in top.items()}})


@given(VALUES)
def test_what_was_encoded_is_decoded(value):
    assert decode(encode(value)) == value


def refusal(read, data):
    try:
        read(data)
    except InvalidRequest as error:
        return error
    return None


@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_clear_error(data):
    for read in (decode, Metafile.parse):
        error = refusal(read, data)
        assert error is None or error.details["field"] == "data"


@given(st.data())
def test_a_torrent_with_a_changed_byte_never_crashes(data):
    good = bytearray(torrent(SINGLE, announce=b"http://t.example/"))
    good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    error = refusal(Metafile.parse, bytes(good))
    assert error is None or error.details["field"] == "data"


def test_a_single_file():
    file = Metafile.parse(torrent(SINGLE, announce=b"http://t.example/"))
    assert file.hash == hashlib.sha1(encode(SINGLE), usedforsecurity=False).hexdigest()
    assert (file.name, file.size, file.files) == ("a.bin", 7, (("a.bin", 7),))
    assert file.trackers == ("http://t.example/",)


def test_several_files_and_tiers_of_trackers():
    info = {**SINGLE, b"files": [{b"length": 1, b"path": [b"a", b"b"]}, {b"length": 2, b"path": [b"c"]}]}
    del info[b"length"]
    file = Metafile.parse(torrent(info, announce=b"a", announce_list=[[b"a", b"b"], [b"c"]]))
    assert file.files == (("a/b", 1), ("c", 2))
    assert file.size == 3
    assert file.trackers == ("a", "b", "c")


def test_version_2_is_known_by_its_shortened_hash():
    info = {b"name": b"v2", b"meta version": 2, b"piece length": 16384}
    info[b"file tree"] = {b"d": {b"f": {b"": {b"length": 9, b"pieces root": b"x" * 32}}}}
    file = Metafile.parse(torrent(info))
    assert file.hash == hashlib.sha256(encode(info)).hexdigest()[:40]
    assert file.files == (("d/f", 9),)


def test_the_hash_is_that_of_the_bytes_as_they_are_even_with_keys_out_of_order():
    info = b"d4:name1:a6:lengthi1e6:pieces20:" + b"x" * 20 + b"12:piece lengthi1ee"
    assert Metafile.parse(b"d4:info" + info + b"e").hash == hashlib.sha1(info, usedforsecurity=False).hexdigest()


def test_a_name_that_is_not_utf_8_is_shown_with_replacements():
    assert Metafile.parse(torrent({**SINGLE, b"name": b"a\xff"})).name == "a\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"d",
        b"de",
        b"i01e",
        b"i-0e",
        b"ie",
        b"i1",
        b"5:abc",
        b"99999999999999999999999999:a",
        b"le" + b"x",
        b"di1ei2ee",
        b"l" * (MAX_DEPTH + 2),
        b"l" * 100_000,
        torrent({b"name": b"a"}),
        torrent({**SINGLE, b"length": -1}),
        torrent({**SINGLE, b"length": 2**63}),
        torrent({b"name": b"a", b"pieces": b"", b"files": [{b"length": 1}]}),
        torrent({b"name": b"a", b"pieces": b"", b"files": [b"x"]}),
        torrent({b"name": b"a", b"pieces": b"", b"files": [{b"length": 1, b"path": []}]}),
        torrent({b"name": b"a", b"meta version": 2, b"file tree": {b"a": b"x"}}),
        torrent({**SINGLE, b"name": b"../up"}),
        torrent({**SINGLE, b"name": b".."}),
        torrent({**SINGLE, b"name.utf-8": b"a\0b"}),
        torrent({b"name": b"a", b"pieces": b"", b"files": [{b"length": 1, b"path": [b"..", b"etc"]}]}),
        torrent({b"name": b"a", b"pieces": b"", b"files": [{b"length": 1, b"path": [b"b"], b"path.utf-8": [b"a/b"]}]}),
        torrent({b"name": b"a", b"meta version": 2, b"file tree": {b"..": {b"": {b"length": 1}}}}),
        torrent([]),
        encode([1]),
    ],
)
def test_malformed_files_are_refused(data):
    with pytest.raises(InvalidRequest, match="not a torrent"):
        Metafile.parse(data)
