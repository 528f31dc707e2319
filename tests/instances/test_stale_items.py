"""A failed, hanging or late poll makes items stale, never gone, until a good one comes."""

import json
from types import SimpleNamespace

import pytest
import trio
import trio.testing
from instances.scripted import started, state_after

from amutorrent import Changes, Light, ProtocolError, Unreachable
from amutorrent.accounts import LOCAL_ADMIN


def stale(instances):
    data = json.loads(instances.catalogue.view(LOCAL_ADMIN).full())["data"]
    return [each.get("stale", False) for each in data["items"]]


async def test_a_failed_poll_makes_items_stale_never_gone_and_it_comes_back(instances, script, autojump_clock):
    instance = await started(instances)
    script.poll = ProtocolError("nonsense", data=b"\x00\x01")
    instance.poke()
    await trio.testing.wait_all_tasks_blocked()
    assert instance.state == "degraded"
    assert instance.info().error.startswith("nonsense")
    assert stale(instances) == [True]
    assert instance.connected
    script.poll = None
    assert await state_after(instance, 20) == "online"
    assert stale(instances) == [False]
    assert instance.info().error is None
    assert script.closed == 1


async def test_values_are_as_old_as_the_last_good_poll_however_often_it_fails(
    instances, script, autojump_clock, monkeypatch
):
    monkeypatch.setattr("amutorrent.instances.status.time", SimpleNamespace(time=trio.current_time))
    instance = await started(instances)
    assert instance.info().stale_since is None
    polled = round(trio.current_time() * 1000)
    await trio.sleep(1)
    for error in ("nonsense", "other nonsense"):
        script.poll = ProtocolError(error)
        await trio.sleep(20)
        assert instance.info().stale_since == polled < instance.info().error_time
    script.poll = None
    assert await state_after(instance, 400) == "online"
    assert instance.info().stale_since is None


async def test_a_hanging_poll_is_late_within_two_intervals(instances, script, autojump_clock):
    instance = await started(instances)
    with instances.watching():
        await trio.sleep(0.1)
        script.poll = "for ever"
        hung = trio.current_time()
        while instance.state == "online":  # noqa: ASYNC110  (how long it takes is what is asked)
            await trio.sleep(0.1)
        assert trio.current_time() - hung <= 4.2
        assert stale(instances) == [True]
        script.poll = None
        assert await state_after(instance, 40) == "online"


async def test_a_late_answer_makes_it_online_again_without_a_new_connection(instances, script, autojump_clock):
    instance = await started(instances)
    with instances.watching():
        await trio.sleep(0.1)
        script.poll_takes_s = 6
        await trio.sleep(5)
        assert instance.state == "degraded"
        await trio.sleep(4)
        assert instance.state == "online"
    assert len(script.opened) == 1


@pytest.mark.parametrize(("where", "deadline_s"), [("open", 20), ("probe", 10), ("poll", 120)])
async def test_awaiting_for_ever_meets_a_deadline(instances, script, autojump_clock, where, deadline_s):
    setattr(script, where, "for ever")
    instance = await started(instances)
    assert instance.state == "connecting"
    assert await state_after(instance, deadline_s - 2) == "connecting"
    assert await state_after(instance, 2.5) == "waiting"
    assert "within" in instance.info().error
    assert instance.info().retry_at is not None
    setattr(script, where, None)
    assert await state_after(instance, 120) == "online"


async def test_lights_are_out_while_it_is_away(instances, script, autojump_clock):
    script.poll = Changes(full=True, network_status=Light(status="green", text="Connected"))
    instance = await started(instances)
    assert instance.info().network_status["status"] == "green"
    script.poll = script.open = Unreachable("gone")
    instance.poke()
    await trio.sleep(60)
    assert (instance.state, instance.info().network_status) == ("waiting", None)
