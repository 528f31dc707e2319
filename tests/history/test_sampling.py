"""Polls become speeds and bytes of each client, each network and all together, saved and kept in time."""

import trio
from history.measuring import DAY, MULE, START, A, B
from store.conftest import until

from amutorrent.history import sampler
from amutorrent.model.metrics import MIDDLE, TIERS, TOTAL


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
