"""A failure and a cancellation at the same time."""

import pytest
import trio

from amutorrent.cancellation import cancelled_alone


async def fail_when_cancelled():
    try:
        await trio.sleep_forever()
    finally:
        raise ValueError("cut off")


async def both():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(fail_when_cancelled)
        await trio.sleep_forever()


async def test_the_cancellation_goes_on_alone(autojump_clock):
    with trio.move_on_after(1) as scope, cancelled_alone():
        await both()
    assert scope.cancelled_caught
    with pytest.RaisesGroup(ValueError), trio.move_on_after(1):
        await both()


async def test_what_was_not_cancelled_is_a_failure():
    with pytest.RaisesGroup(ValueError), cancelled_alone():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fail_when_cancelled)
            await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()
    with pytest.raises(KeyError), cancelled_alone():
        raise KeyError
