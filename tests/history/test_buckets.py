"""Buckets and their sums are those of a naive model, and every range is made of what is kept long enough."""

from history.measuring import DAY, START, A, B, rolled
from hypothesis import given
from hypothesis import strategies as st

from amutorrent.history.metrics import HISTORY_STEPS, SPANS, SPEED_STEPS, fold, span_of, summed, tier_for
from amutorrent.model.metrics import FINE, KEPT, MIDDLE, TIERS, TOTAL, Bucket


def bucket(name, at, speed, amount=0):
    """Give one slot with one sample as a bucket of 15 s."""
    return Bucket(
        name=name,
        tier=FINE,
        start=at - at % FINE,
        slots=1,
        upload_sum=speed,
        download_sum=2 * speed,
        upload_peak=speed,
        download_peak=2 * speed,
        uploaded=amount,
        downloaded=3 * amount,
        first_at=at,
        last_at=at,
    )


SLOTS = st.dictionaries(
    st.integers(0, 3 * DAY // FINE), st.tuples(st.integers(0, 10**9), st.integers(0, 10**12)), max_size=60
)


@given(SLOTS, st.sampled_from([*SPEED_STEPS.values(), *HISTORY_STEPS.values()]))
def test_buckets_are_those_of_a_naive_model(slots, step):
    rows = [bucket(TOTAL, START + number * FINE + 7, *each) for number, each in slots.items()]
    found = fold(rolled(rows, tier_for(step)), step)
    naive = {}
    for number, each in slots.items():
        at = START + number * FINE
        naive.setdefault(at // step * step, []).append(each)
    assert [each.start for each in found] == sorted(naive)
    for each in found:
        speeds, amounts = zip(*naive[each.start], strict=True)
        assert each.upload_speed == round(sum(speeds) / len(speeds))
        assert each.download_speed == round(sum(2 * speed for speed in speeds) / len(speeds))
        assert (each.upload_peak, each.download_peak) == (max(speeds), 2 * max(speeds))
        assert (each.uploaded, each.downloaded) == (sum(amounts), 3 * sum(amounts))
    whole = summed(found)
    assert whole.uploaded == sum(amount for _, amount in slots.values())
    fastest = 2 * max((speed for speed, _ in slots.values()), default=0)
    assert whole.download_peak == max(fastest, whole.download_speed)
    if len(slots) > 1:
        seconds = (max(slots) - min(slots)) * FINE / 1000
        assert whole.upload_speed == round(whole.uploaded / seconds)
    else:
        assert (whole.upload_speed, whole.download_speed) == (0, 0)


def test_no_peak_is_below_its_average():
    """A client counted more than any sample of its speed saw: in the first minutes, or in bursts."""
    whole = summed(fold(rolled([bucket(A, START, 10), bucket(A, START + FINE, 20, 1500)], FINE), FINE))
    assert (whole.upload_speed, whole.upload_peak) == (100, 100)
    assert (whole.download_speed, whole.download_peak) == (300, 300)


def test_two_at_the_same_time_and_one_that_was_away():
    rows = [bucket(A, START, 100, 1), bucket(A, START + FINE, 300, 1), bucket(B, START, 50, 1)]
    (found,) = fold(rolled(rows, MIDDLE), MIDDLE)
    assert (found.upload_speed, found.upload_peak, found.uploaded) == (225, 350, 3)


@given(st.sampled_from(list(SPANS)), st.integers(0, 2**42))
def test_every_bucket_of_a_range_is_a_multiple_of_what_is_kept_long_enough(span, now):
    for steps, number in ((SPEED_STEPS, (5760, 672, 720, 365)), (HISTORY_STEPS, (96, 84, 120, 365))):
        step = steps[span]
        first, last = span_of(span, step, now)
        assert first % step == last % step == 0
        assert (last - first) // step + 1 == number[list(SPANS).index(span)]
        assert last <= now < last + step
        tier = tier_for(step)
        assert step % tier == 0
        assert tier == TIERS[-1] or SPANS[span] <= KEPT[tier]
