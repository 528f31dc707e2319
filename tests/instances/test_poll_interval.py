"""How often a daemon is polled depends on who looks, on how long it takes, and on commands."""

import trio
import trio.testing
from instances.scripted import HASH, SCRIPTS, config, started

from amutorrent import Stop


async def test_nobody_looks_15_s_somebody_looks_2_s(instances, script, autojump_clock):
    await started(instances)
    start = script.polled[-1]
    await trio.sleep(31)
    assert [round(at - start) for at in script.polled] == [0, 15, 30]
    with instances.watching():
        await trio.sleep(7)
    assert [round(at - start) for at in script.polled[3:]] == [32, 34, 36, 38][: len(script.polled) - 3]
    assert len(script.polled) >= 6


async def test_a_list_that_was_read_counts_as_looking_for_30_s(instances, script, autojump_clock):
    await started(instances)
    instances.looked()
    await trio.sleep(60)
    assert 15 <= len(script.polled) <= 19


async def test_a_slow_daemon_is_asked_less_often(instances, script, autojump_clock):
    script.poll_takes_s = 3
    await started(instances)
    with instances.watching():
        await trio.sleep(100)
    gaps = {round(b - a) for a, b in zip(script.polled[2:], script.polled[3:], strict=False)}
    assert gaps == {15}


async def test_a_poll_comes_at_once_after_a_command(instances, script, autojump_clock):
    instance = await started(instances)
    script.size = 5
    await instance.call(Stop, lambda client: client.stop([HASH]))
    instance.poke()
    await trio.testing.wait_all_tasks_blocked()
    assert instances.catalogue.get(instance.id, HASH).item.size == 5


async def test_a_snapshot_waits_at_most_a_second_and_not_for_the_sick(instances, script, autojump_clock):
    instance = await started(instances, config(0), config(1))
    await trio.sleep(10)
    script.size, SCRIPTS[1].poll_takes_s = 7, 30
    start = trio.current_time()
    await instances.refresh()
    assert trio.current_time() - start == 1
    assert instances.catalogue.get(instance.id, HASH).item.size == 7
    await trio.sleep(2)
    start = trio.current_time()
    await instances.refresh()
    assert trio.current_time() == start
