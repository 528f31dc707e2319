"""A day of polling, in short: everything but times is as it must be. `benchmarks.arr_day` is its long form."""

import pytest

from benchmarks.arr_day import live

WARM, POLLS = 100, 500


@pytest.mark.slow
def test_two_apps_poll_and_grab_hundreds_of_times_and_nothing_grows_or_fails():
    def polled(count):
        return lambda day: len(day.polls) == 2 and min(day.polls.values()) >= count

    day, log = live(500, polled(POLLS), polled(WARM), every_s=0.02)
    assert [*day.problems(log)] == []
    assert min(day.polls.values()) >= POLLS
