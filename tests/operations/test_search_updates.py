"""Sockets of those who may search are told who searches, what was found so far and the end, each once and in order."""

import trio
import trio.testing
from operations.ed2k import progress, row
from operations.searching import GUEST, NOBODY, RUNNING, started

import amutorrent as am


async def test_sockets_are_told_in_order_and_the_sender_once(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = [*RUNNING * 2, progress(row(1), row(2), running=False, percent=None)]
    async with ed2k.wire.socket() as sender, ed2k.wire.socket() as another:
        ed2k.wire.user = am.User(id=4, name="n", is_admin=False, permissions=frozenset({"view_servers"}))
        lock = {"type": "search-lock", "locked": False, "instances": []}
        assert sender.greeting[2] == lock
        await sender.send("search", query="ubuntu")
        told = [await another.get() for _ in range(5)]
        assert [each["type"] for each in told] == [
            "search-lock",
            "search-progress",
            "search-progress",
            "search-results",
            "search-lock",
        ]
        assert told[0] == {"type": "search-lock", "locked": True, "instances": ["ed2k-0"]}
        assert [len(each["data"]) for each in told[1:4]] == [1, 1, 2]
        assert {key: told[1][key] for key in ("searchId", "instanceId", "percent")} == {
            "searchId": "s1",
            "instanceId": "ed2k-0",
            "percent": 50,
        }
        assert told[4] == lock
        mine = [await sender.get() for _ in range(5)]
        assert sorted(each["type"] for each in mine) == sorted(each["type"] for each in told)
        (results,) = [each for each in mine if each["type"] == "search-results"]
        assert results.pop("requestId") == "search"
        assert results == told[3]
        await trio.testing.wait_all_tasks_blocked()
        assert sender.nothing_more()
        assert another.nothing_more()


async def test_the_sender_of_a_search_that_ends_at_once_is_told_once(ed2k, autojump_clock):
    async with ed2k.wire.socket() as sender:
        assert (await sender.ask("search", query="ubuntu"))["running"] is False
        assert "search-results" not in [each["type"] for each in sender.before]
        await trio.testing.wait_all_tasks_blocked()
        assert sender.nothing_more()


async def test_a_sender_who_was_answered_before_the_end_is_told_of_the_end(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = list(RUNNING)
    async with ed2k.wire.socket() as sender:
        assert (await sender.ask("search", query="ubuntu"))["running"] is True
        ed2k.script.answers["search_progress"] = progress(row(1), running=False)
        assert (await sender.get("search-results"))["running"] is False


async def test_a_new_socket_is_greeted_with_who_searches_and_the_others_are_told_nothing(ed2k, autojump_clock):
    await started(ed2k)
    async with ed2k.wire.socket() as reader:
        assert reader.greeting[2] == {"type": "search-lock", "locked": True, "instances": ["ed2k-0"]}
    ed2k.wire.user = NOBODY
    async with ed2k.wire.socket(greeting=3) as reader:
        assert [each["type"] for each in reader.greeting] == ["connected", "connection-status", "batch-update"]
        await trio.sleep(400)
        assert reader.nothing_more()


async def test_who_may_search_from_now_on_is_told_who_searches(ed2k, autojump_clock):
    await started(ed2k)
    ed2k.wire.user = NOBODY
    async with ed2k.wire.socket(greeting=3) as reader:
        (socket,) = ed2k.wire.app._hub._readers
        socket.become(GUEST)
        assert await reader.get("search-lock") == {"type": "search-lock", "locked": True, "instances": ["ed2k-0"]}
        socket.become(GUEST)
        assert (await reader.ask("getStats"))["type"] == "stats-update"
        assert "search-lock" not in [each["type"] for each in reader.before]
