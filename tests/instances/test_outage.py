"""When an outage is worth an event."""

import pytest
import trio

from amutorrent.events import Events
from amutorrent.instances.outage import Outage


@pytest.fixture
def outage():
    return Outage("a-1", Events())


async def told(outage):
    """Give the names of the events that a look at the outage publishes."""
    with outage._events.subscribe() as events:
        outage.tell("degraded", "gone")
        with trio.move_on_after(0.001):
            return (await events.get()).name
    return None


async def test_30_s_count_from_the_first_failure_however_many_follow(outage, autojump_clock):
    outage.failed()
    began = trio.current_time()
    assert outage.due_at == pytest.approx(began + 30, abs=0.1)
    await trio.sleep(25)
    outage.failed()
    assert await told(outage) is None
    await trio.sleep(6)
    assert await told(outage) == "client_unavailable"
    assert await told(outage) is None
    assert outage.due_at == float("inf")


async def test_the_third_failure_is_told_at_once_and_a_good_poll_begins_anew(outage, autojump_clock):
    for expected in (None, None, "client_unavailable"):
        outage.failed()
        assert await told(outage) == expected
    with outage._events.subscribe() as events:
        outage.over()
        assert (await events.get()).name == "client_available"
    outage.failed()
    assert (outage.failures, await told(outage)) == (1, None)


async def test_what_was_not_told_is_not_taken_back(outage, autojump_clock):
    outage.failed()
    with outage._events.subscribe() as events:
        outage.over()
        with trio.move_on_after(1) as nothing:
            await events.get()
    assert nothing.cancelled_caught
