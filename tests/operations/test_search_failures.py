"""A search whose client fails or goes away ends with an error, keeps what it found, and leaves no lock."""

import dataclasses

import pytest
import trio
import trio.testing
from operations.ed2k import progress
from operations.searching import CANCEL, RESULTS, RUNNING, START, started

import amutorrent as am


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (am.ClientFailed("eD2k is not connected"), "client_error", 502),
        ("for ever", "timeout", 504),
        (KeyError("x"), "internal_error", 500),
    ],
)
async def test_a_search_that_does_not_start_is_an_error_and_leaves_no_lock(ed2k, autojump_clock, answer, code, status):
    ed2k.script.answers["start_search"] = answer
    async with ed2k.wire.socket() as reader:
        for wait in (True, False):
            found, reply = await ed2k.wire.rest(*START, {"query": "ubuntu", "wait": wait})
            assert (found, reply["code"]) == (status, code)
        assert (await reader.ask("search", query="ubuntu"))["code"] == code
        assert reader.before == []
    assert (await ed2k.wire.rest(*RESULTS))[1]["searchId"] is None
    del ed2k.script.answers["start_search"]
    assert await started(ed2k)


@pytest.mark.parametrize(
    "answer", [am.ClientFailed("No"), "for ever", KeyError("x"), 7, progress(7), progress(percent="x")]
)
async def test_a_search_whose_client_fails_ends_with_an_error_and_keeps_its_rows(ed2k, autojump_clock, answer):
    ed2k.script.answers["search_progress"] = [*RUNNING, answer]
    async with ed2k.wire.socket() as reader:
        status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu"})
        assert status in (500, 502, 504)
        told = await reader.get("search-results")
        assert (told["running"], told["error"], len(told["data"])) == (False, reply["message"], 1)
        assert (await reader.get("search-lock"))["locked"] is False
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["error"]) == (False, told["error"])
    ed2k.script.answers["search_progress"] = list(RUNNING)
    assert await started(ed2k)


async def test_a_client_that_does_not_stop_is_an_error_and_the_search_is_over(ed2k, autojump_clock):
    await started(ed2k)
    ed2k.script.answers["stop_search"] = am.ClientFailed("No")
    status, reply = await ed2k.wire.rest(*CANCEL, {})
    assert (status, reply["code"]) == (502, "client_error")
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["error"]) == (False, "No")


async def test_a_search_does_not_outlive_its_client(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = list(RUNNING)
    async with ed2k.wire.socket() as waiting, ed2k.wire.socket() as another:
        await waiting.send("search", query="ubuntu")
        await another.get("search-progress")
        ed2k.script.reachable = False
        told = await another.get("search-results")
        assert (told["running"], told["cancelled"], told["error"]) == (False, False, "The client was disconnected")
        answered = await waiting.get("error")
        assert (answered["code"], answered["requestId"]) == ("not_connected", "search")
        ed2k.script.reachable = True
        await trio.sleep(120)
        assert ed2k.instances.get("ed2k-0").state == "online"
        assert (await another.ask("getPreviousSearchResults"))["searchId"] == "s1"
    assert await started(ed2k) == "s2"


async def test_an_instance_that_is_reconfigured_ends_its_search(ed2k, autojump_clock):
    await started(ed2k)
    configs = [each.config for each in ed2k.instances.all()]
    await ed2k.instances.configure([dataclasses.replace(configs[0], enabled=False), *configs[1:]])
    await trio.testing.wait_all_tasks_blocked()
    assert (await ed2k.wire.rest(*RESULTS, query={"instanceId": "ed2k-0"}))[1]["error"]
    await ed2k.instances.configure(configs[1:])
    status, reply = await ed2k.wire.rest(*RESULTS, query={"searchId": "s1"})
    assert (status, reply["code"]) == (404, "instance_not_found")
