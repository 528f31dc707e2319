"""Rounding of limits."""

import pytest
from amutorrent_qbittorrent.limits import MOST, whole
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("asked", "set_to"),
    [(0, 0), (-1, 0), (1, 1024), (1023, 1024), (1024, 1024), (2047, 1024), (1_500_000, 1_499_136), (2**40, MOST)],
)
def test_whole_units_but_never_none(asked, set_to):
    assert whole(asked) == set_to


@given(st.integers(1, 2**63 - 1))
def test_a_limit_stays_one_and_fits(asked):
    assert 0 < whole(asked) < 2**31
    assert whole(asked) <= max(asked, 1024)
    assert whole(whole(asked)) == whole(asked)
