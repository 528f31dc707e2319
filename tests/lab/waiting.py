"""Waiting for conditions with a deadline, never for fixed times."""

import time
from collections.abc import Callable
from typing import TypeVar

import trio

T = TypeVar("T")


def wait_until(condition: Callable[[], T], within_s: float, otherwise: Callable[[], str] = lambda: "") -> T:
    """Block until the condition is true, and give what it gave."""
    end = time.monotonic() + within_s
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {within_s} s: {otherwise()}")
        time.sleep(0.03)
    return found


async def wait_for(condition: Callable[[], T], within_s: float = 20, otherwise: Callable[[], str] = lambda: "") -> T:
    """Wait until the condition is true, and give what it gave. The condition runs in a thread: it may block."""
    with trio.move_on_after(within_s):
        while True:
            if found := await trio.to_thread.run_sync(condition):
                return found
            await trio.sleep(0.05)
    raise AssertionError(f"not within {within_s} s: {otherwise()}")
