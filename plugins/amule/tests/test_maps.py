"""Status maps."""

import pytest
from amutorrent_amule.codes import T
from amutorrent_amule.maps import MAX_MAP, apply_difference, pack_runs, ranges, unpack_runs
from hypothesis import given
from hypothesis import strategies as st
from lab.ec_captures import packet

from amutorrent import ProtocolError

runs = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 600)), max_size=12).map(
    lambda pairs: b"".join(bytes([value]) * count for value, count in pairs)
)


@given(plain=st.one_of(runs, st.binary(max_size=300)))
def test_what_is_packed_is_unpacked(plain):
    assert unpack_runs(pack_runs(plain)) == plain


@given(before=runs, after=runs)
def test_a_difference_leads_from_one_map_to_the_next(before, after):
    base = before[: len(after)].ljust(len(after), b"\0")
    difference = pack_runs(bytes(a ^ b for a, b in zip(base, after, strict=True)))
    assert apply_difference(before, difference) == after


@given(data=st.binary(max_size=200))
def test_any_bytes_give_ranges_in_order(data):
    assert all(0 <= start <= end < 2**64 for start, end in ranges(apply_difference(b"", data)))


def test_the_captured_gap_map():
    """512,000 of 3,000,000 bytes are done."""
    assert ranges(unpack_runs(bytes.fromhex("00bfd0c6072d00000a"))) == [(512_000, 2_999_999)]


def test_the_maps_of_a_full_answer():
    (file, *_) = packet("dload_queue_full").tags
    gaps = ranges(unpack_runs(file.child(T.PARTFILE_GAP_STATUS).data))
    assert gaps[0][0] == 0
    assert gaps[-1][1] == file.child(T.PARTFILE_SIZE_FULL).number - 1


def test_a_map_that_would_fill_the_memory():
    with pytest.raises(ProtocolError, match="status map"):
        unpack_runs(b"\0\0\xff" * (MAX_MAP // 255 + 1))
