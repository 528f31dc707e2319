"""Over restarts of clients, kills of the daemon and steps of the clock, every byte that is known is counted once."""

import random

import pytest
from history.measuring import DAY, MULE, A, B, rolled
from msgspec.structs import astuple

from amutorrent.history.metrics import HISTORY_STEPS, SPEED_STEPS, tier_for
from amutorrent.model.metrics import FINE, MIDDLE, TOTAL


async def test_a_client_that_says_0_for_a_while_after_its_start_counts_nothing_twice(open_stage):
    async with open_stage() as stage:
        for at, total in ((0, 10**9), (2, 10**9 + 5), (4, 0), (6, 0), (8, 10**9 + 5), (10, 10**9 + 7)):
            await stage.poll(A, at, session=None, moved=(total, total))
        await stage.saved(20)
        figures, _ = await stage.read(A)
        assert sum(each.downloaded for each in figures) == 7


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
