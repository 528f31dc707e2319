"""What a client raises or answers wrongly is named, and costs its own instance alone."""

import math

import msgspec
import pytest
import trio
import trio.testing
from instances.scripted import SCRIPTS, config, started

from amutorrent import Changes, ClientCategory, Light, Probe


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


async def test_a_failure_at_the_moment_of_its_end_costs_nobody_else(instances, script, autojump_clock):
    SCRIPTS[1].poll = "fails when it ends"
    other = await started(instances, config(), config(1))
    await instances.configure([config()])
    await trio.sleep(60)
    assert instances.all() == [other]
    assert other.state == "online"
