"""A lost connection is tried again ever more rarely, refused credentials only when somebody asks."""

import trio
import trio.testing
from instances.scripted import started, state_after

from amutorrent import AuthRejected, Unreachable


async def test_backoff_grows_and_is_reset_by_success(instances, script, autojump_clock):
    script.open = Unreachable("nobody there")
    instance = await started(instances)
    await trio.sleep(300)
    gaps = [b - a for a, b in zip(script.opened, script.opened[1:], strict=False)]
    assert gaps[0] <= 1
    assert 45 <= gaps[-1] <= 60
    script.open = None
    assert await state_after(instance, 61) == "online"
    script.poll = Unreachable("gone")
    instance.poke()
    await trio.sleep(20)
    script.poll = None
    assert await state_after(instance, 10) == "online"


async def test_credentials_that_were_accepted_are_tried_once_more(instances, script, autojump_clock):
    instance = await started(instances)
    assert await state_after(instance, 1) == "online"
    for _ in range(2):  # each time that it has worked there is one more try
        script.poll = script.open = AuthRejected("wrong password")
        instance.poke()
        assert await state_after(instance, 5) == "waiting"
        assert instance.info().error == "wrong password"
        assert instance.info().retry_at is not None
        script.poll = script.open = None
        assert await state_after(instance, 31) == "online"
    opened = len(script.opened)
    script.poll = script.open = AuthRejected("wrong password")
    instance.poke()
    assert await state_after(instance, 3600) == "rejected"
    assert len(script.opened) == opened + 1


async def test_refused_credentials_are_tried_once_until_somebody_asks(instances, script, autojump_clock):
    script.open = AuthRejected("wrong password")
    instance = await started(instances)
    assert await state_after(instance, 3600) == "rejected"
    instances.looked()
    instance.poke()
    await trio.sleep(60)
    assert len(script.opened) == 1
    assert instance.info().retry_at is None
    script.open = None
    instance.reconnect()
    assert instance.state == "connecting"
    assert await state_after(instance, 1) == "online"


async def test_reconnect_ends_a_wait(instances, script, autojump_clock):
    script.open = Unreachable("nobody there")
    instance = await started(instances)
    await trio.sleep(100)
    tries, script.open = len(script.opened), None
    assert instance.state == "waiting"
    instance.reconnect()
    await trio.sleep(0.01)
    assert (len(script.opened), instance.state) == (tries + 1, "online")
    instance.reconnect()
    assert instance.state == "online"


async def test_unavailable_is_told_after_three_failures_or_30_s_and_once(instances, script, autojump_clock):
    instance = await started(instances)
    with instances.events.subscribe() as events:
        names = []

        async def listen():
            while True:
                event = await events.get()
                if event.name != "instances_changed":
                    names.append((event.name, round(trio.current_time() - start)))

        start = trio.current_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(listen)
            script.poll = script.open = Unreachable("gone")
            instance.poke()
            await trio.sleep(300)
            script.poll = script.open = None
            await trio.sleep(100)
            nursery.cancel_scope.cancel()
    assert [name for name, _ in names] == ["client_unavailable", "client_available"]
    assert names[0][1] <= 30
