"""Samples of the Node program become buckets: bytes by the steps of its counters, none twice, none kept too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from legacy.home import NOW, moved
from legacy.old import samples

from amutorrent.legacy.metrics import Samples
from amutorrent.legacy.rows import OldSample
from amutorrent.model.metrics import DAY, FINE, KEPT, MIDDLE
from amutorrent.store import MetricShelf

pytestmark = pytest.mark.slow


def test_bytes_are_counted_from_the_steps_and_a_counter_that_falls_or_begins_counts_nothing(home, old):
    home.take(old)
    main, rt, qb = (294, 0), (148 * 10 + 149 * 5, 0), (299, 299_000)
    bittorrent = (rt[0] + qb[0], qb[1])
    expected = {"main": main, "rt": rt, "qb": qb, "*ed2k": main, "*bittorrent": bittorrent}
    expected["*"] = (main[0] + bittorrent[0], bittorrent[1])
    assert moved(home) == {(name, tier): each for name, each in expected.items() for tier in (FINE, MIDDLE, DAY)}

    async def look(store, accounts):
        return await MetricShelf(store).fold(["*", "rt"], MIDDLE, 0, 2**62, list)

    for each in home.use(look):
        assert (each.upload_sum / each.slots, each.upload_peak) == ((13, 13) if each.name == "*" else (10, 10))


def test_what_was_measured_here_as_well_is_not_counted_twice(home, old):
    from store.test_migrations import METRIC

    begin = NOW - 3_600_000 + 100 * 3_000

    def ours(connection):
        from sqlalchemy import text

        connection.execute(text(METRIC.replace("'*'", "'qb'").replace("8, 9)", f"{begin}, {begin})")))

    home.use(lambda store, accounts: store.write(ours))
    report = home.take(old)
    assert report["metrics.db"].taken == 600 + 100
    assert "200 samples were left" in report["metrics.db"].notes[0]
    assert moved(home)["qb", DAY] == (99, 99_000)


@given(
    st.lists(
        st.tuples(st.integers(0, 40_000), st.sampled_from(["a", "b"]), st.integers(0, 10**6), st.integers(0, 10**6)),
        max_size=60,
    )
)
def test_tiers_hold_the_same_bytes_and_the_highest_sample(steps):
    start = 10 * DAY
    whole, at, moved = Samples(start + DAY), start, {}
    for gap, name, up, speed in steps:
        at += gap
        found = OldSample(timestamp=at, instance_id=name, upload_speed=speed)
        whole.add(found, "n", up, 2 * up)
        for each in (name, "*", "*n"):
            moved[each] = moved.get(each, 0) + up
    buckets = whole.buckets()
    for tier in (FINE, MIDDLE, DAY):
        found = {}
        for each in buckets:
            if each.tier == tier:
                assert each.start % tier == 0
                assert each.start <= each.first_at <= each.last_at < each.start + tier
                found[each.name] = found.get(each.name, 0) + each.uploaded
        assert found == moved
    for name in ("a", "b"):
        speeds = [speed for _, each, _, speed in steps if each == name]
        # two samples of one time are one round: their sum
        peaks = [each.upload_peak for each in buckets if each.name == name and each.tier == DAY]
        assert max(peaks, default=0) >= max(speeds, default=0)


def test_only_what_is_still_kept_is_made():
    now = 100 * DAY
    made = Samples(now)
    for age in (60 * DAY, 10 * DAY, 1000):
        made.add(OldSample(timestamp=now - age, instance_id="a"), None, 1, 1)
    tiers = sorted((each.tier, now - each.start) for each in made.buckets() if each.name == "a")
    assert [tier for tier, _ in tiers] == [FINE, MIDDLE, MIDDLE, DAY, DAY, DAY]
    assert all(age <= KEPT.get(tier, 2**62) + tier for tier, age in tiers)


def test_the_samples_of_the_test_are_what_they_seem():
    assert len(samples(0)) == 900
