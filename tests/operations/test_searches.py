"""A search is waited for or goes on by itself, one at a time for each instance, until it ends or is cancelled."""

import pytest
import trio
from operations.ed2k import progress, row
from operations.searching import ANOTHER, CANCEL, GUEST, RESULTS, RUNNING, START, started


async def test_a_search_that_is_waited_for_gives_its_results_most_sources_first(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = [
        progress(row(1)),
        progress(row(1), row(9, rating=4), running=False),
    ]
    body = {"query": " ubuntu ", "type": "kad", "extension": ".iso"}
    status, reply = await ed2k.wire.rest(*START, body)
    assert ed2k.script.asked == [("start_search", "ubuntu", "kad", "iso")]
    facts = {"status": None, "rating": None, "completeSources": None, "networkType": None}
    first = {
        "fileName": "ubuntu.iso",
        "fileSize": 1000,
        "fileHash": f"{9:032x}",
        "sourceCount": 9,
        **facts,
        "rating": 4,
    }
    second = {"fileName": "ubuntu.iso", "fileSize": 1000, "fileHash": f"{1:032x}", "sourceCount": 1, **facts}
    ends = {"instanceId": "ed2k-0", "searchId": "s1", "running": False, "cancelled": False}
    assert (status, reply) == (200, {"type": "search-results", "data": [first, second], **ends})


async def test_after_two_minutes_the_caller_is_answered_and_the_search_goes_on(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = list(RUNNING)
    began = trio.current_time()
    status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu"})
    assert trio.current_time() - began == pytest.approx(120, abs=1)
    assert (status, reply["running"], len(reply["data"])) == (200, True, 1)
    assert (await ed2k.wire.rest(*RESULTS))[1]["running"] is True


async def test_a_search_goes_on_though_the_caller_hangs_up(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = [*RUNNING * 3, progress(row(1), row(2), running=False)]
    with trio.move_on_after(0.2):
        await ed2k.wire.rest(*START, {"query": "ubuntu"})
    await trio.sleep(10)
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["error"], len(reply["data"])) == (False, None, 2)


async def test_a_search_that_does_not_end_is_stopped(ed2k, autojump_clock):
    await started(ed2k)
    await trio.sleep(310)
    assert ("stop_search",) in ed2k.script.asked
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["cancelled"], reply["error"], len(reply["data"])) == (False, False, None, 1)


async def test_one_search_at_a_time_for_each_instance(ed2k, autojump_clock):
    await started(ed2k)
    for wait in (True, False):
        status, reply = await ed2k.wire.rest(*START, {"query": "debian", "wait": wait})
        assert (status, reply["code"], reply["details"]) == (409, "search_in_progress", {"instanceId": "ed2k-0"})
    async with ed2k.wire.socket() as reader:
        assert (await reader.ask("search", query="debian"))["code"] == "search_in_progress"
        assert (await reader.ask("search", query="debian", instanceId="ed2k-1"))["type"] == "search-results"
    assert ed2k.script.asked == [("start_search", "ubuntu", "global", None)]
    await ed2k.wire.rest(*CANCEL, {})
    assert await started(ed2k, query="debian")


async def test_cancel_answers_who_waits_and_keeps_what_was_found(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = list(RUNNING)
    async with ed2k.wire.socket() as waiting, ed2k.wire.socket() as another:
        await waiting.send("search", query="ubuntu")
        await another.get("search-progress")
        reply = await another.ask("cancelSearch", searchId="s1")
        assert reply == {"type": "search-cancelled", "cancelled": True, "instanceId": "ed2k-0", "searchId": "s1"}
        assert [each["type"] for each in another.before] == ["search-results", "search-lock"]
        answered = await waiting.get("search-results")
        assert (answered["requestId"], answered["cancelled"], answered["running"]) == ("search", True, False)
        assert len(answered["data"]) == 1
    assert ("stop_search",) in ed2k.script.asked
    status, reply = await ed2k.wire.rest(*CANCEL, {"searchId": "s1"})
    assert (status, reply["cancelled"], reply["searchId"]) == (200, False, "s1")
    status, reply = await ed2k.wire.rest(*CANCEL, {})
    assert (status, reply) == (
        200,
        {"type": "search-cancelled", "cancelled": False, "instanceId": "ed2k-0", "searchId": None},
    )


async def test_only_ones_own_search_is_cancelled_and_an_admin_cancels_any(ed2k, autojump_clock):
    ed2k.wire.user = GUEST
    id = await started(ed2k)
    ed2k.wire.user = ANOTHER
    status, reply = await ed2k.wire.rest(*CANCEL, {"searchId": id})
    assert (status, reply["code"]) == (403, "not_owner")
    assert (await ed2k.wire.rest(*RESULTS))[1]["running"] is True
    ed2k.wire.user = GUEST
    assert (await ed2k.wire.rest(*CANCEL, query={"searchId": id}))[1]["cancelled"] is True
    id = await started(ed2k)
    assert (await ed2k.call("cancelSearch", instanceId="ed2k-0")).cancelled is True
