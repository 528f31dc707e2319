"""The bytes between two polls are counted once, also when a client begins anew or its counter wraps."""

import pytest
from history.measuring import A
from hypothesis import given
from hypothesis import strategies as st

from amutorrent import Totals
from amutorrent.history.counting import marked, moved
from amutorrent.model.metrics import Counted


def counted(session, up, down):
    return Counted(instance_id=A, session=session, uploaded=up, downloaded=down)


def anew(before, now):
    return before is not None and before.session != (now.session or "")


def totals(session, up, down):
    return Totals(session=session, uploaded=up, downloaded=down)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, totals(None, 5, 6), (0, 0)),
        (None, totals("s", 5, 6), (0, 0)),
        (counted("", 5, 6), totals(None, 7, 6), (2, 0)),
        (counted("", 500, 6), totals(None, 400, 7), (0, 1)),
        (counted("s", 5, 6), totals("s", 7, 9), (2, 3)),
        (counted("s", 500, 600), totals("t", 40, 700), (40, 700)),
        (counted("s", 500, 600), totals("s", 40, 601), (40, 1)),
        (counted("s", 2**32 - 10, 2**32 - 1), totals("s", 5, 0), (15, 1)),
        (counted("s", 2**33, 3), totals("s", 5, 3), (5, 0)),
        (counted("s", 5, 6), totals(None, 10**12, 10**12), (0, 0)),
        (counted("", 10**12, 10**12), totals("s", 5, 6), (5, 6)),
    ],
)
def test_what_was_moved(before, now, expected):
    assert moved(before, now, now.session or "", anew=anew(before, now)) == expected


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2**40)), max_size=30), st.booleans())
def test_no_byte_is_counted_twice_or_lost_over_restarts(steps, has_tokens):
    """Each step moves some bytes, and the client may have begun anew before it."""
    before, session, total, found, real = counted("s0", 0, 0), 0, 0, 0, 0
    for restarted, amount in steps:
        if restarted and (has_tokens or amount < total):  # else nobody could tell
            if not has_tokens and 2**32 - 2**30 <= total < 2**32 and amount < 2**30:
                continue  # that is what passing 4 GiB looks like
            session, total = session + 1, 0
        total, real = total + amount, real + amount
        token = f"s{session if has_tokens else 0}"
        up, down = moved(before, totals(token, total, total), token, anew=token != before.session)
        assert up == down
        found += up
        before = counted(token, total, total)
    assert found == real


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, totals(None, 0, 6), (0, 6)),
        (counted("", 5, 6), totals(None, 0, 0), (5, 6)),
        (counted("", 5, 6), totals(None, 0, 7), (5, 7)),
        (counted("", 500, 600), totals(None, 1, 2), (1, 2)),
        (counted("s", 5, 6), totals("s", 0, 0), (0, 0)),
        (counted("s", 5, 6), totals("t", 0, 0), (0, 0)),
        (counted("", 5, 6), totals("s", 0, 0), (0, 0)),
    ],
)
def test_a_client_that_has_not_read_its_own_totals_yet_begins_nothing_anew(before, now, expected):
    assert marked(before, now, now.session or "") == expected
