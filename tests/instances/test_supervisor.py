"""Supervisors: what a client does wrong costs its own instance, and only for as long as it does it."""

import json
import logging
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace

import msgspec
import pytest
import trio
import trio.testing

from amutorrent import (
    AuthRejected,
    Changes,
    Client,
    ClientCategory,
    ClientSettings,
    DeadlineExceeded,
    Item,
    Light,
    Logs,
    PluginError,
    Probe,
    ProtocolError,
    Stop,
    Unreachable,
    Unsupported,
    done,
)
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.client import ClientConfig
from amutorrent.events import Events
from amutorrent.instances import Instances

HASH = "a" * 40


@dataclass
class Script:
    """What the client of a test does next; each field is awaited, raised or returned."""

    open: object = None
    probe: object = None
    poll: object = None
    stop: object = None
    size: int = 1
    poll_takes_s: float = 0.0
    opened: list[float] = field(default_factory=list)
    polled: list[float] = field(default_factory=list)
    closed: int = 0

    async def play(self, what):
        if isinstance(what, Exception):
            raise what
        if what == "for ever":
            await trio.sleep_forever()
        if what == "fails when it ends":
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.fail_at_the_end)
                await trio.sleep_forever()
        return what

    async def fail_at_the_end(self):
        try:
            await trio.sleep_forever()
        finally:
            raise ProtocolError("it was cut off in the middle")


class Settings(ClientSettings):
    """Names the script, so that changed settings are another script."""

    script: int = 0


SCRIPTS: dict[int, Script] = {}


class Scripted(Client, Stop):
    type, label, network, Settings = "scripted", "Scripted", "bittorrent", Settings

    def __init__(self, script):
        self.script = script

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        script = SCRIPTS[settings.script]
        script.opened.append(trio.current_time())
        await script.play(script.open)
        try:
            yield cls(script)
        finally:
            script.closed += 1

    async def probe(self):
        return await self.script.play(self.script.probe) or Probe(version="1.0")

    async def poll(self):
        self.script.polled.append(trio.current_time())
        await trio.sleep(self.script.poll_takes_s)
        answer = await self.script.play(self.script.poll)
        return answer if answer is not None else Changes(full=True, items=[an_item(self.script.size)])

    async def stop(self, hashes):
        await self.script.play(self.script.stop)
        return done(hashes)

    async def resume(self, hashes):
        return done(hashes)


def an_item(size):
    facts = {"status": "active", "progress": 0.0, "download_speed": 0, "upload_speed": 0, "complete": False}
    return Item(hash=HASH, name="a", size=size, **facts)


def config(number=0, **facts):
    values = {"type": "scripted", "name": "S", "color": None, "enabled": True, "order": number}
    return ClientConfig(id=f"scripted-{number}", **{**values, "settings": Settings(script=number), **facts})


async def run_inline(function, *args):
    return function(*args)


@pytest.fixture
def script():
    SCRIPTS.clear()
    SCRIPTS[0], SCRIPTS[1] = Script(), Script()
    return SCRIPTS[0]


@pytest.fixture
async def instances(script, nursery):
    events = Events()
    catalogue = Catalogue(Categories(), events)
    instances = Instances(catalogue, events, {"scripted": Scripted}, lambda name: run_inline)
    instances.catalogue, instances.events = catalogue, events
    await nursery.start(instances.run)
    return instances


async def started(instances, *configs):
    await instances.configure(list(configs) or [config()])
    await trio.testing.wait_all_tasks_blocked()
    return instances.all()[0]


def stale(instances):
    data = json.loads(instances.catalogue.view(LOCAL_ADMIN).full())["data"]
    return [each.get("stale", False) for each in data["items"]]


async def state_after(instance, seconds):
    await trio.sleep(seconds)
    return instance.state


async def test_it_comes_online_and_shows_its_items(instances, script, autojump_clock):
    instance = await started(instances)
    assert (instance.state, instance.connected) == ("online", True)
    assert [entry.item.hash for entry in instances.catalogue.items()] == [HASH]
    info = instance.info()
    assert info.version == "1.0"
    assert info.capabilities["stop"] is True
    assert info.capabilities["pause"] is False


async def test_a_failure_at_the_moment_of_its_end_costs_nobody_else(instances, script, autojump_clock):
    SCRIPTS[1].poll = "fails when it ends"
    other = await started(instances, config(), config(1))
    await instances.configure([config()])
    await trio.sleep(60)
    assert instances.all() == [other]
    assert other.state == "online"


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


@pytest.mark.parametrize("where", ["open", "probe", "poll"])
async def test_an_unexpected_error_costs_this_instance_alone(instances, script, autojump_clock, where, caplog):
    setattr(script, where, ZeroDivisionError("oops"))
    await instances.configure([config(0), config(1)])
    await trio.sleep(30)
    bad, good = instances.all()
    assert bad.state == "waiting"
    assert bad.info().error == "ZeroDivisionError: oops"
    assert good.state == "online"
    assert any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize(("where", "what"), [("probe", "1.0"), ("poll", ["items"])])
async def test_a_wrong_answer_is_named(instances, script, autojump_clock, where, what):
    setattr(script, where, what)
    instance = await started(instances)
    assert instance.state == "waiting"
    assert f"{where}() gave" in instance.info().error


@pytest.mark.parametrize(
    "facts",
    [
        {"network_status": Light(status="green", text="bad\udce9")},
        {"network_status": "green"},
        {"network_status": {"kad": "green"}},
        {"speed_limits": {"download": 1}},
        {"download_speed": math.nan},
        {"upload_speed": None},
        {"categories": [ClientCategory(name="\udce9")]},
        {"categories": ["tv"]},
        {"default_path": "/bad\udce9"},
        {"default_path": 7},
    ],
)
async def test_a_wrong_fact_of_a_poll_costs_this_instance_alone(instances, script, autojump_clock, facts):
    script.poll = Changes(full=True, **facts)
    instance = await started(instances)
    assert instance.state == "waiting"
    assert "poll() gave a" in instance.info().error
    msgspec.json.encode(instance.info())


@pytest.mark.parametrize("version", [None, 5, "\udce9"])
async def test_a_wrong_version_is_named(instances, script, autojump_clock, version):
    script.probe = Probe(version=version)
    instance = await started(instances)
    assert instance.state == "waiting"
    assert "as the version" in instance.info().error


async def test_an_error_that_cannot_be_encoded_is_told_all_the_same(instances, script, autojump_clock):
    script.poll = ValueError("no file bad\udce9")
    instance = await started(instances)
    assert instance.info().error == "ValueError: no file bad?"


async def test_a_new_instance_is_news(instances, script, autojump_clock):
    with instances._events.subscribe() as happened:
        await instances.configure([config(0)])
        event = await happened.get()
    assert (event.name, event.instance_id) == ("instances_changed", config(0).id)


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


@pytest.mark.parametrize("error", [Unreachable("lost"), DeadlineExceeded("late"), ProtocolError("nonsense")])
async def test_a_command_whose_answer_is_lost_is_followed_by_a_poll(instances, script, autojump_clock, error):
    instance = await started(instances)
    script.stop = error
    polls = len(script.polled)
    with pytest.raises(type(error)):
        await instance.call(Stop, lambda client: client.stop([HASH]))
    await trio.testing.wait_all_tasks_blocked()
    assert len(script.polled) == polls + 1


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


async def test_lights_are_out_while_it_is_away(instances, script, autojump_clock):
    script.poll = Changes(full=True, network_status=Light(status="green", text="Connected"))
    instance = await started(instances)
    assert instance.info().network_status["status"] == "green"
    script.poll = script.open = Unreachable("gone")
    instance.poke()
    await trio.sleep(60)
    assert (instance.state, instance.info().network_status) == ("waiting", None)


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


async def test_a_block_of_the_loop_is_not_mistaken_for_a_state(instances, script, autojump_clock, caplog):
    with caplog.at_level(logging.INFO):
        await started(instances)
    assert "scripted-0 is online" in caplog.text
