"""A command comes to an end that says what is wrong, and a poll follows where its answer is lost."""

import pytest
import trio
import trio.testing
from instances.scripted import HASH, started

from amutorrent import DeadlineExceeded, Logs, PluginError, ProtocolError, Stop, Unreachable, Unsupported


@pytest.mark.parametrize("error", [Unreachable("lost"), DeadlineExceeded("late"), ProtocolError("nonsense")])
async def test_a_command_whose_answer_is_lost_is_followed_by_a_poll(instances, script, autojump_clock, error):
    instance = await started(instances)
    script.stop = error
    polls = len(script.polled)
    with pytest.raises(type(error)):
        await instance.call(Stop, lambda client: client.stop([HASH]))
    await trio.testing.wait_all_tasks_blocked()
    assert len(script.polled) == polls + 1


async def test_commands_say_what_is_wrong(instances, script, autojump_clock):
    instance = await started(instances)
    with pytest.raises(Unsupported):
        await instance.call(Logs, lambda client: client.log_lines())
    script.stop = KeyError("oops")
    with pytest.raises(PluginError):
        await instance.call(Stop, lambda client: client.stop([HASH]))
    script.stop = "for ever"
    with pytest.raises(DeadlineExceeded):
        await instance.call(Stop, lambda client: client.stop([HASH]), 3)
    assert instance.state == "online"


async def test_a_command_ends_with_its_connection(instances, script, autojump_clock, nursery):
    instance = await started(instances)
    script.stop = "for ever"
    caught = []

    async def command():
        with pytest.raises(Unreachable) as error:
            await instance.call(Stop, lambda client: client.stop([HASH]))
        caught.append(error.value)

    nursery.start_soon(command)
    await trio.testing.wait_all_tasks_blocked()
    script.poll = Unreachable("gone")
    instance.poke()
    await trio.sleep(0.1)
    assert len(caught) == 1
    with pytest.raises(Unreachable):
        await instance.call(Stop, lambda client: client.stop([HASH]))
