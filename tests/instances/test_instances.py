"""Instances come online, change and go without touching each other; a disabled one says why."""

import logging

import trio
import trio.testing
from instances.scripted import HASH, SCRIPTS, Script, config, started


async def test_it_comes_online_and_shows_its_items(instances, script, autojump_clock):
    instance = await started(instances)
    assert (instance.state, instance.connected) == ("online", True)
    assert [entry.item.hash for entry in instances.catalogue.items()] == [HASH]
    info = instance.info()
    assert info.version == "1.0"
    assert info.capabilities["stop"] is True
    assert info.capabilities["pause"] is False


async def test_a_new_instance_is_news(instances, script, autojump_clock):
    with instances._events.subscribe() as happened:
        await instances.configure([config(0)])
        event = await happened.get()
    assert (event.name, event.instance_id) == ("instances_changed", config(0).id)


async def test_instances_come_change_and_go_without_touching_others(instances, script, autojump_clock):
    await started(instances, config(0), config(1))
    other = SCRIPTS[1]
    SCRIPTS[2] = Script(size=9)
    await instances.configure([config(2), config(1)])
    await trio.sleep(1)
    assert [each.id for each in instances.all()] == ["scripted-2", "scripted-1"]
    assert {entry.instance_id for entry in instances.catalogue.items()} == {"scripted-1", "scripted-2"}
    assert (len(other.opened), other.closed, script.closed) == (1, 0, 1)
    await instances.configure([config(2), config(1, name="Renamed")])
    await trio.sleep(1)
    assert [each.config.name for each in instances.all()] == ["S", "Renamed"]
    await instances.configure([])
    assert list(instances.catalogue.items()) == []


async def test_a_disabled_one_and_one_without_plugin_are_listed_with_the_reason(instances, script, autojump_clock):
    missing = config(1, type="gone", settings=None, error="The plugin is quarantined: oops")
    await instances.configure([config(0, enabled=False), missing])
    off, gone = instances.all()
    assert (off.state, gone.state) == ("disabled", "disabled")
    assert gone.entry().error == "The plugin is quarantined: oops"
    assert off.entry().enabled is False
    await trio.sleep(100)
    assert script.opened == []


async def test_a_block_of_the_loop_is_not_mistaken_for_a_state(instances, script, autojump_clock, caplog):
    with caplog.at_level(logging.INFO):
        await started(instances)
    assert "scripted-0 is online" in caplog.text
