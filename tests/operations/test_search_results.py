"""Results are read while a search runs and afterwards, bounded in number and marked by what the list holds."""

import trio
from operations.ed2k import PARTIAL, SHARED, progress, row
from operations.searching import RESULTS, RUNNING, START

from amutorrent.searches.search import MAX_ROWS


async def test_before_the_first_search_there_is_nothing(ed2k, autojump_clock):
    status, reply = await ed2k.wire.rest(*RESULTS)
    nothing = ("searchId", "cancelled", "percent", "query", "searchType", "startedAt", "finishedAt", "error")
    assert (status, reply) == (
        200,
        {
            "type": "previous-search-results",
            "data": [],
            "instanceId": "ed2k-0",
            "running": False,
            **dict.fromkeys(nothing),
        },
    )


async def test_a_search_that_is_not_waited_for_is_read_while_it_runs_and_afterwards(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = RUNNING * 4 + [progress(row(1), row(2), running=False, percent=None)]
    status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu", "wait": False})
    assert (status, reply) == (
        200,
        {
            "type": "search-started",
            "message": "Search started. Poll GET /api/v1/search/results for results.",
            "instanceId": "ed2k-0",
            "searchId": "s1",
        },
    )
    await trio.sleep(1)
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["type"], reply["running"], reply["percent"], len(reply["data"])) == (
        "previous-search-results",
        True,
        50,
        1,
    )
    assert (reply["query"], reply["searchType"], reply["finishedAt"]) == ("ubuntu", "global", None)
    await trio.sleep(5)
    _, reply = await ed2k.wire.rest(*RESULTS, query={"searchId": "s1"})
    assert (reply["running"], reply["percent"], reply["cancelled"], len(reply["data"])) == (False, 100, False, 2)
    assert reply["startedAt"].endswith("Z")
    assert reply["finishedAt"] >= reply["startedAt"]
    assert reply["error"] is None
    async with ed2k.wire.socket() as reader:
        assert await reader.ask("getPreviousSearchResults", searchId="s1") == reply


async def test_the_last_ten_searches_of_an_instance_stay_readable(ed2k, autojump_clock):
    for _ in range(12):
        await ed2k.wire.rest(*START, {"query": "ubuntu"})
    await ed2k.wire.rest(*START, {"query": "ubuntu", "instanceId": "ed2k-1"})
    found = {n: (await ed2k.wire.rest(*RESULTS, query={"searchId": f"s{n}"}))[0] for n in range(1, 14)}
    assert found == {n: 404 if n <= 2 else 200 for n in range(1, 14)}
    assert (await ed2k.wire.rest(*RESULTS))[1]["searchId"] == "s12"
    assert (await ed2k.wire.rest(*RESULTS, query={"instanceId": "ed2k-1"}))[1]["searchId"] == "s13"


async def test_results_are_marked_by_what_the_list_holds_now(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(
        row(1, file_hash=SHARED, status="new"), row(2, file_hash=PARTIAL), row(3, status="cancelled"), running=False
    )
    _, reply = await ed2k.wire.rest(*START, {"query": "ubuntu"})
    assert [each["status"] for each in reply["data"]] == ["cancelled", "downloading", "have"]


async def test_rows_are_bounded_and_a_bad_one_is_refused_alone(ed2k, autojump_clock, caplog):
    many = [row(n) for n in range(MAX_ROWS + 10)]
    ed2k.script.answers["search_progress"] = progress(*many, running=False)
    assert len((await ed2k.wire.rest(*START, {"query": "a"}))[1]["data"]) == MAX_ROWS
    assert f"more than {MAX_ROWS} rows" in caplog.text
    bad = [row(1, name="\ud800"), row(2, source_count=-1), row(3, file_hash="XYZ"), row(4)]
    ed2k.script.answers["search_progress"] = progress(*bad, running=False)
    _, reply = await ed2k.wire.rest(*START, {"query": "a"})
    assert [each["sourceCount"] for each in reply["data"]] == [4]
    assert "a row was refused" in caplog.text
