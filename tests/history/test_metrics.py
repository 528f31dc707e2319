"""Samples, buckets and totals, against a naive model and over real databases."""

import random
import sqlite3
from contextlib import asynccontextmanager

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from lab.info import info
from msgspec.structs import astuple
from store.conftest import gets_well, running_store, until

from amutorrent import Changes, Totals
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.errors import StorageUnavailable
from amutorrent.events import Events
from amutorrent.history import Metrics, sampler
from amutorrent.history.counting import marked, moved
from amutorrent.history.metrics import HISTORY_STEPS, SPANS, SPEED_STEPS, fold, span_of, summed, tier_for
from amutorrent.model.metrics import FINE, KEPT, MIDDLE, TIERS, TOTAL, Bucket, Counted
from amutorrent.store import MetricShelf

A, B, MULE = "box-a", "box-b", "mule"
DAY = 86_400_000
START = 20_000 * DAY


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


async def test_a_client_that_says_0_for_a_while_after_its_start_counts_nothing_twice(open_stage):
    async with open_stage() as stage:
        for at, total in ((0, 10**9), (2, 10**9 + 5), (4, 0), (6, 0), (8, 10**9 + 5), (10, 10**9 + 7)):
            await stage.poll(A, at, session=None, moved=(total, total))
        await stage.saved(20)
        figures, _ = await stage.read(A)
        assert sum(each.downloaded for each in figures) == 7


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


def rolled(rows, tier):
    """Make the rows of a tier as the database makes them: one by one."""
    kept = {}
    for row in rows:
        start = row.start - row.start % tier
        same = Bucket(**{**{name: getattr(row, name) for name in row.__struct_fields__}, "tier": tier, "start": start})
        kept[row.name, start] = kept[row.name, start].plus(same) if (row.name, start) in kept else same
    return list(kept.values())


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


class Stage:
    """Two torrent clients and a mule, whose polls a test makes, over a real database."""

    def __init__(self, store):
        self.now = START / 1000
        self.catalogue = Catalogue(Categories(), Events())
        self.shelf = MetricShelf(store)
        self.metrics = Metrics(self.catalogue, self.shelf, clock=lambda: self.now)
        for id, network in ((A, "bittorrent"), (B, "bittorrent"), (MULE, "ed2k")):
            self.catalogue.put_instance(id, info(type=id, name=id, network_type=network))

    async def poll(self, id, at, up=0, down=0, session="s", moved=None):
        self.now = START / 1000 + at
        uploaded, downloaded = moved or (0, 0)
        changes = Changes(
            full=True,
            upload_speed=up,
            download_speed=down,
            totals=Totals(uploaded=uploaded, downloaded=downloaded, session=session) if moved else None,
        )
        self.catalogue.set_stale(id, False)
        await self.catalogue.apply(id, changes)
        self.metrics.sampler.take(id, changes)

    async def saved(self, at=None):
        if at is not None:
            self.now = START / 1000 + at
        return await self.metrics.sampler.save()

    async def read(self, *ids, range="24h", step=FINE):
        return await self.metrics.read(range, step, self.metrics.choose(ids))


@pytest.fixture
def open_stage(database_url, tmp_path):
    """Give the function that runs a stage over the same database each time."""

    @asynccontextmanager
    async def run():
        async with running_store(database_url, tmp_path) as store:
            stage = Stage(store)
            assert await stage.saved()
            yield stage

    return run


def points(figures):
    return [((each.start - START) // 1000, each.upload_speed, each.download_speed, each.uploaded) for each in figures]


async def test_samples_of_three_clients(open_stage):
    async with open_stage() as stage:
        assert await stage.read() == ([], {"bittorrent": [], "ed2k": []})
        await stage.poll(A, 0, 100, 10, moved=(1000, 0))
        await stage.poll(B, 1, 50, 20, moved=(7, 7), session=None)
        await stage.poll(MULE, 2, 30, 30)
        await stage.poll(A, 16, 200, 10, moved=(1500, 0))
        await stage.poll(B, 17, 50, 20, moved=(10, 7), session=None)
        assert await stage.saved(31)
        total, networks = await stage.read()
        # the samples of all: 100, 150, 180; then 280, 280
        assert points(total) == [(0, 143, 33, 0), (15, 280, 60, 503)]
        assert points(networks["bittorrent"]) == [(0, 125, 20, 0), (15, 250, 30, 503)]
        assert points(networks["ed2k"]) == [(0, 30, 30, 0)]
        assert (total[1].upload_peak, total[0].upload_peak) == (280, 180)
        total, networks = await stage.read(A, MULE)
        assert points(total) == [(0, 130, 40, 0), (15, 200, 10, 500)]
        assert set(networks) == {"bittorrent", "ed2k"}
        for range, step in (("24h", MIDDLE), ("7d", MIDDLE), ("30d", 3_600_000), ("1y", DAY)):
            ((found,), _) = await stage.read(range=range, step=step)
            assert (found.uploaded, found.upload_peak, found.upload_speed) == (503, 280, 212)


async def test_a_client_that_does_not_answer_has_no_speed(open_stage):
    async with open_stage() as stage:
        await stage.poll(A, 0, 100)
        await stage.poll(B, 0, 50)
        stage.catalogue.set_stale(A, True)
        await stage.poll(B, 20, 50)
        assert await stage.saved(40)
        assert points((await stage.read())[0]) == [(0, 125, 0, 0), (15, 50, 0, 0)]


async def test_our_own_restart_loses_nothing(open_stage):
    async with open_stage() as stage:
        await stage.poll(A, 0, moved=(1000, 0))
        await stage.poll(A, 16, moved=(1300, 0))
        assert await stage.saved(20)
        await stage.poll(A, 31, moved=(1400, 0))  # it is not saved
    async with open_stage() as stage:
        await stage.poll(A, 100, moved=(2000, 0))
        await stage.poll(A, 116, moved=(50, 0), session="t")
        assert await stage.saved(200)
        assert sum(each.uploaded for each in (await stage.read())[0]) == 1050


async def test_a_database_that_is_away(open_stage, monkeypatch):
    async with open_stage() as stage:
        well = stage.shelf.add

        async def ill(*arguments):
            raise StorageUnavailable("test")

        monkeypatch.setattr(stage.shelf, "add", ill)
        monkeypatch.setattr(sampler, "MOST_WAITING", 20)
        for number in range(100):
            await stage.poll(A, 15 * number, 100, moved=(10 * number, 0))
            assert not await stage.saved()
        assert len(stage.metrics.sampler._slots) <= 23
        monkeypatch.setattr(stage.shelf, "add", well)
        assert await stage.saved(1600)
        found = await stage.read()
        assert (sum(each.uploaded for each in found[0]), {each.upload_speed for each in found[0]}) == (990, {100})


async def test_what_is_old_is_kept_in_the_longer_buckets_alone(open_stage):
    async with open_stage() as stage:
        for day in (0, 20, 39, 40):
            await stage.poll(A, day * 86400, 100, moved=(day, day))
            assert await stage.saved(day * 86400 + 20)
        await stage.shelf.forget(START + 40 * DAY + 20_000)
        days = {}
        for tier in TIERS:
            rows = await stage.shelf.fold([TOTAL], tier, 0, 2**60, list)
            days[tier] = [(each.start - START) // DAY for each in rows]
        assert days == {TIERS[0]: [39, 40], TIERS[1]: [20, 39, 40], TIERS[2]: [0, 20, 39, 40]}


async def test_a_renamed_instance_adds_to_what_is_there(open_stage):
    async with open_stage() as stage:
        await stage.poll(A, 0, 100, moved=(5, 0))
        await stage.poll(B, 1, 50, moved=(7, 0))
        await stage.poll(A, 16, 100, moved=(9, 0))
        await stage.metrics.sampler.rename_instance(A, B)
        await stage.poll(B, 32, 100, moved=(12, 0))
        assert await stage.saved(60)
        assert [each.uploaded for each in (await stage.read(B))[0]] == [0, 4, 3]
        assert (await stage.read(A))[0] == []


async def test_it_saves_by_itself(open_stage, monkeypatch):
    monkeypatch.setattr(sampler, "LOOK_S", 0.01)
    async with open_stage() as stage, trio.open_nursery() as nursery:
        await nursery.start(stage.metrics.sampler.run)
        await stage.poll(A, 0, 100)
        stage.now += 20

        async def saved():
            return bool((await stage.read())[0])

        await until(saved)
        nursery.cancel_scope.cancel()


class Counter:
    """What one client has moved, what it says, and what has to be counted of it."""

    def __init__(self):
        self.session = self.total = 0
        self.seen = self.saved = None
        """(session, total) as it was polled last, and as that was saved."""
        self.moved = self.unsaved = self.counted = self.lost = 0
        self.doubtful = False
        """Bytes were not saved when the daemon was killed, and the client has forgotten them since."""

    def poll(self, gained):
        self.total += gained
        if self.seen is not None:
            same = self.seen[0] == self.session
            self.unsaved += self.total - self.seen[1] if same else self.total
            self.moved += gained
        self.lost = 0  # what a killed daemon had not saved was counted just now
        self.seen = (self.session, self.total)

    def restart(self):
        self.doubtful |= self.lost > 0
        self.session, self.total = self.session + 1, 0

    def save(self):
        self.counted, self.unsaved, self.saved = self.counted + self.unsaved, 0, self.seen

    def kill(self):
        self.lost += self.unsaved
        self.doubtful |= self.lost > 0 and (self.saved is None or self.saved[0] != self.session)
        self.seen, self.unsaved = self.saved, 0


class Life:
    """Three clients that move bytes, restart and are away, and a daemon that saves, is killed and lives on."""

    def __init__(self, seed):
        self.chosen = random.Random(seed)
        self.at = 0.0
        self.counters = {id: Counter() for id in (A, B, MULE)}

    async def poll(self, stage, id):
        counter = self.counters[id]
        counter.poll(self.chosen.randrange(5 * 10**7))
        moved = (counter.total, 2 * counter.total)
        speed = self.chosen.randrange(10**6)
        await stage.poll(id, self.at, up=speed, session=f"s{counter.session}", moved=moved)

    async def save(self, stage):
        assert await stage.metrics.sampler.save(everything=True)
        for each in self.counters.values():
            each.save()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_a_long_life_against_a_simple_model(open_stage, seed):
    """Polls, gaps, restarts of clients, kills of the daemon and steps of the clock, in any order."""
    life, ended = Life(seed), False
    while not ended:
        async with open_stage() as stage:
            while True:
                what = life.chosen.choices(
                    ["poll", "gap", "client", "clock", "save", "kill", "end"], [60, 5, 4, 4, 12, 4, 0.5]
                )[0]
                life.at += life.chosen.random() * 15
                if what == "poll":
                    await life.poll(stage, life.chosen.choice((A, B, MULE)))
                elif what == "gap":
                    life.at += life.chosen.randrange(7200)
                elif what == "client":
                    life.chosen.choice([*life.counters.values()]).restart()
                elif what == "clock":
                    life.at = max(0, life.at + life.chosen.randrange(-1800, 1800))
                elif what == "save":
                    await life.save(stage)
                elif what == "kill":
                    for each in life.counters.values():
                        each.kill()
                    break
                else:
                    await life.save(stage)
                    ended = True
                    break
    async with open_stage() as stage:
        raw = await stage.shelf.fold([A, B, MULE, TOTAL, TOTAL + "bittorrent", TOTAL + "ed2k"], FINE, 0, 2**60, list)
        for id, counter in life.counters.items():
            assert sum(each.uploaded for each in raw if each.name == id) == counter.counted
            assert sum(each.downloaded for each in raw if each.name == id) == 2 * counter.counted
            assert counter.counted <= counter.moved
            assert counter.counted + counter.lost == counter.moved or counter.doubtful
        assert sum(each.uploaded for each in raw if each.name == TOTAL) == sum(
            each.counted for each in life.counters.values()
        )
        for tier in (MIDDLE, DAY):
            kept = await stage.shelf.fold(sorted({each.name for each in raw}), tier, 0, 2**60, list)
            assert_same(kept, rolled(raw, tier))  # the longer buckets are the shorter ones put together
        for step in {*SPEED_STEPS.values(), *HISTORY_STEPS.values()}:
            names, tier = sorted({each.name for each in raw}), tier_for(step)
            summed_there = await stage.shelf.fold(names, tier, 0, 2**60, list, step=step)
            assert_same(summed_there, rolled(await stage.shelf.fold(names, tier, 0, 2**60, list), step))


def assert_same(found, expected):
    """Compare rows by name and start; sums of floats depend a little on the order."""
    by_key = [{(each.name, each.start): astuple(each)[3:] for each in rows} for rows in (found, expected)]
    assert by_key[0].keys() == by_key[1].keys()
    for key, values in by_key[0].items():
        assert values == pytest.approx(by_key[1][key], rel=1e-12)


@pytest.mark.slow
async def test_a_file_that_another_program_locks_costs_nothing_and_the_list_goes_on(tmp_path):
    async with running_store("", tmp_path) as store:
        stage = Stage(store)
        assert await stage.saved()
        await stage.poll(A, 0, 100, moved=(1000, 1000))
        assert await stage.saved()
        other = sqlite3.connect(tmp_path / "amutorrent.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for number in range(1, 5):
            await stage.poll(A, 15 * number, 100, moved=(1000 + number, 1000))
            assert stage.catalogue.sources[A].speeds.upload_speed == 100, "the live list waits for nothing"
            assert await stage.saved() == (number == 1)  # the first 15 s are not over then
        assert "is locked by another program" in store.problem
        other.execute("ROLLBACK")
        other.close()
        await gets_well(store)
        assert await stage.saved(100)
        figures, _ = await stage.read(A)
        assert sum(each.uploaded for each in figures) == 4


@pytest.mark.slow
async def test_a_full_disk_costs_nothing_and_the_list_goes_on(disk):
    async with running_store("", disk.path) as store:
        stage = Stage(store)
        assert await stage.saved()
        await stage.poll(A, 0, 100, moved=(1000, 1000))
        assert await stage.saved()
        disk.fill()
        moved, at = 1000, 0
        while store.problem is None and at < 15 * 5000:  # pages that are there already have room for some
            at += 15
            moved += 1
            await stage.poll(A, at, 100, moved=(moved, 1000))
            assert stage.catalogue.sources[A].speeds.upload_speed == 100, "the live list waits for nothing"
            await stage.saved()
        assert "is full" in store.problem
        disk.free()
        await gets_well(store)
        assert await stage.saved(at + 100)
        figures, _ = await stage.read(A)
        assert sum(each.uploaded for each in figures) == moved - 1000
