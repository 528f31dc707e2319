"""The watch on the loop."""

import hashlib
import time

import trio

from amutorrent.testing import LoopWatch

DATA = bytes(64 << 20)


async def test_a_step_that_blocks_is_seen_also_as_the_last_one():
    async with LoopWatch.running() as watch:
        await trio.sleep(0.01)
        time.sleep(0.06)  # noqa: ASYNC251  (this is what is to be seen)
    assert watch.longest_s >= 0.055
    assert watch.busy_s < 0.05, "it slept: that is a delay, but no work"


async def test_work_is_told_apart_from_waiting():
    async with LoopWatch.running() as watch:
        await trio.sleep(0.01)
        until = time.process_time() + 0.06
        while time.process_time() < until:
            pass
    assert 0.055 <= watch.busy_s <= watch.longest_s


async def test_a_thread_that_holds_the_interpreter_is_seen():
    async with LoopWatch.running() as watch:
        await trio.to_thread.run_sync(sum, range(4_000_000))
    held = watch.longest_s
    async with LoopWatch.running() as watch:
        await trio.to_thread.run_sync(hashlib.sha256, DATA)
    assert watch.longest_s < held, "hashing lets the interpreter go, adding does not"
