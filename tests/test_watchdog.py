"""The watchdog names who holds the loop."""

import logging
import time

import trio

from amutorrent.watchdog import Watchdog, Workers


async def hog(seconds):
    await trio.lowlevel.checkpoint()
    time.sleep(seconds)  # noqa: ASYNC251  (that is what is to be caught)
    await trio.lowlevel.checkpoint()


async def test_a_long_step_is_named_once(caplog):
    with Watchdog(threshold_s=0.01) as watchdog:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hog, 0.02, name="the hog")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(hog, 0.02, name="the hog")
    assert [record.message.split(" for ")[0] for record in caplog.records] == ["the hog held the loop"]
    assert watchdog.statistics().over >= 2
    assert watchdog.statistics().longest_s >= 0.02


async def test_a_step_that_still_blocks_is_named_with_its_line(caplog, monkeypatch):
    monkeypatch.setattr("amutorrent.watchdog.STILL_BLOCKED_S", 0.05)
    with caplog.at_level(logging.ERROR), Watchdog(threshold_s=9):
        await hog(0.2)
    (record,) = caplog.records
    assert "blocks the loop at" in record.message
    assert "test_watchdog.py" in record.message
    assert "hog" in record.message


async def test_busy_threads_are_named(caplog):
    workers = Workers()
    run_sync = workers.runner("example", trio.CapacityLimiter(1))
    with Watchdog(workers, threshold_s=0.01):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run_sync, time.sleep, 0.2)
            await trio.sleep(0.05)
            nursery.start_soon(hog, 0.02, name="the hog")
    assert "busy threads: example: sleep" in caplog.text
    assert workers.busy() == []


async def test_short_steps_are_not_mentioned(caplog):
    with Watchdog(threshold_s=0.5) as watchdog:
        for _ in range(100):
            await trio.lowlevel.checkpoint()
    assert caplog.records == []
    assert watchdog.statistics().over == 0
