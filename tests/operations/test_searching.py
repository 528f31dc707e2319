"""Searches over both transports: started, followed, cancelled, read again, downloaded, and lost."""

import dataclasses

import pytest
import trio
import trio.testing
from operations.ed2k import PARTIAL, SHARED, progress, row

import amutorrent as am
from amutorrent.searches.search import MAX_ROWS

START = "POST", "/api/v1/search"
RESULTS = "GET", "/api/v1/search/results"
CANCEL = "DELETE", "/api/v1/search"
DOWNLOAD = "POST", "/api/v1/downloads/search-results"
RUNNING = [progress(row(1))]
GUEST = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
ANOTHER = am.User(id=2, name="another", is_admin=False, permissions=frozenset({"search", "add_downloads"}))
NOBODY = am.User(id=3, name="nobody", is_admin=False)


async def started(ed2k, **body):
    """Start a search that goes on, and give its id."""
    ed2k.script.answers.setdefault("search_progress", list(RUNNING))
    status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu", "wait": False, **body})
    assert status == 200, reply
    await trio.testing.wait_all_tasks_blocked()
    return reply["searchId"]


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


async def test_after_two_minutes_the_caller_is_answered_and_the_search_goes_on(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = list(RUNNING)
    began = trio.current_time()
    status, reply = await ed2k.wire.rest(*START, {"query": "ubuntu"})
    assert trio.current_time() - began == pytest.approx(120, abs=1)
    assert (status, reply["running"], len(reply["data"])) == (200, True, 1)
    assert (await ed2k.wire.rest(*RESULTS))[1]["running"] is True


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


async def test_a_client_that_does_not_stop_is_an_error_and_the_search_is_over(ed2k, autojump_clock):
    await started(ed2k)
    ed2k.script.answers["stop_search"] = am.ClientFailed("No")
    status, reply = await ed2k.wire.rest(*CANCEL, {})
    assert (status, reply["code"]) == (502, "client_error")
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["error"]) == (False, "No")


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


async def test_a_search_goes_on_though_the_caller_hangs_up(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = [*RUNNING * 3, progress(row(1), row(2), running=False)]
    with trio.move_on_after(0.2):
        await ed2k.wire.rest(*START, {"query": "ubuntu"})
    await trio.sleep(10)
    _, reply = await ed2k.wire.rest(*RESULTS)
    assert (reply["running"], reply["error"], len(reply["data"])) == (False, None, 2)


async def test_an_instance_that_is_reconfigured_ends_its_search(ed2k, autojump_clock):
    await started(ed2k)
    configs = [each.config for each in ed2k.instances.all()]
    await ed2k.instances.configure([dataclasses.replace(configs[0], enabled=False), *configs[1:]])
    await trio.testing.wait_all_tasks_blocked()
    assert (await ed2k.wire.rest(*RESULTS, query={"instanceId": "ed2k-0"}))[1]["error"]
    await ed2k.instances.configure(configs[1:])
    status, reply = await ed2k.wire.rest(*RESULTS, query={"searchId": "s1"})
    assert (status, reply["code"]) == (404, "instance_not_found")


async def test_results_are_marked_by_what_the_list_holds_now(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(
        row(1, file_hash=SHARED, status="new"), row(2, file_hash=PARTIAL), row(3, status="cancelled"), running=False
    )
    _, reply = await ed2k.wire.rest(*START, {"query": "ubuntu"})
    assert [each["status"] for each in reply["data"]] == ["cancelled", "downloading", "have"]


async def test_the_last_ten_searches_of_an_instance_stay_readable(ed2k, autojump_clock):
    for _ in range(12):
        await ed2k.wire.rest(*START, {"query": "ubuntu"})
    await ed2k.wire.rest(*START, {"query": "ubuntu", "instanceId": "ed2k-1"})
    found = {n: (await ed2k.wire.rest(*RESULTS, query={"searchId": f"s{n}"}))[0] for n in range(1, 14)}
    assert found == {n: 404 if n <= 2 else 200 for n in range(1, 14)}
    assert (await ed2k.wire.rest(*RESULTS))[1]["searchId"] == "s12"
    assert (await ed2k.wire.rest(*RESULTS, query={"instanceId": "ed2k-1"}))[1]["searchId"] == "s13"


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


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "query"),
        ({"query": "  "}, "query"),
        ({"query": 1}, "query"),
        ({"query": "a\0"}, "query"),
        ({"query": "a" * 1001}, "query"),
        ({"query": "a", "type": "all"}, "type"),
        ({"query": "a", "extension": "a b"}, "extension"),
        ({"query": "a", "extension": "x" * 33}, "extension"),
        ({"query": "a", "extension": 1}, "extension"),
        ({"query": "a", "instanceId": 1}, "instanceId"),
        ({"query": "a", "wait": "no"}, "wait"),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_searched(ed2k, autojump_clock, body, place):
    status, reply = await ed2k.wire.rest(*START, body)
    assert (status, reply["code"], reply["details"]["field"]) == (400, "validation_error", place)
    async with ed2k.wire.socket() as reader:
        reply = await reader.ask("search", **body)
        assert (reply["code"], reply["details"]["field"]) == ("validation_error", place)
    assert ed2k.script.asked == []


REQUESTS = [
    (START, {"query": "a"}, "search"),
    (RESULTS, {}, "getPreviousSearchResults"),
    (CANCEL, {}, "cancelSearch"),
    (DOWNLOAD, {"fileHashes": ["a" * 32]}, "batchDownloadSearchResults"),
    (None, {"fileHash": "a" * 32}, "download"),
]


async def both(ed2k, route, fields, action):
    found = []
    if route:
        asked = {"query": fields} if route[0] == "GET" else {"body": fields}
        found.append(await ed2k.wire.rest(*route, **asked))
    async with ed2k.wire.socket(greeting=None) as reader:
        found.append((None, await reader.ask(action, **fields)))
    return {(status, reply["code"]) for status, reply in found if status}, {reply["code"] for _, reply in found}


@pytest.mark.parametrize(("route", "fields", "action"), REQUESTS)
async def test_where_searching_cannot_be_done(ed2k, autojump_clock, route, fields, action):
    statuses, codes = await both(ed2k, route, {**fields, "instanceId": "example-one"}, action)
    assert codes == {"unsupported_by_client"}
    assert {status for status, _ in statuses} <= {422}
    statuses, codes = await both(ed2k, route, {**fields, "instanceId": "nowhere"}, action)
    assert codes == {"instance_not_found"}
    if route in (RESULTS, CANCEL, DOWNLOAD):
        statuses, codes = await both(ed2k, route, {**fields, "searchId": "s99"}, action)
        assert (statuses, codes) == ({(404, "not_found")}, {"not_found"})
    ed2k.wire.user = NOBODY
    statuses, codes = await both(ed2k, route, fields, action)
    assert codes == {"forbidden"}
    assert {status for status, _ in statuses} <= {403}
    ed2k.wire.user = am.User(id=None, name="", is_admin=True)
    for script in ed2k.scripts.values():
        script.reachable = False
    await trio.sleep(60)
    statuses, codes = await both(ed2k, route, fields, action)
    assert codes == {"not_connected"}
    assert {status for status, _ in statuses} <= {503}


async def test_results_are_downloaded_with_a_result_per_hash(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(
        row(1), row(1, name="better.iso", source_count=7), row(2), running=False
    )
    await ed2k.wire.rest(*START, {"query": "ubuntu"})
    one, two = f"{1:032x}", f"{2:032X}"
    body = {"fileHashes": [one, "f" * 32, two, "nonsense", one], "categoryName": "films"}
    status, reply = await ed2k.wire.rest(*DOWNLOAD, body)
    assert status == 200
    assert reply["type"] == "batch-download-complete"
    assert reply["message"] == "Downloaded 3/5 files"
    assert [(each["fileHash"], each["success"], each.get("code")) for each in reply["results"]] == [
        (one, True, None),
        ("f" * 32, False, "not_found"),
        (two.lower(), True, None),
        ("nonsense", False, "validation_error"),
        (one, True, None),
    ]
    assert reply["results"][0] == {"fileHash": one, "success": True}
    _, rows, options = ed2k.script.asked[-1]
    assert [each.file_name for each in rows] == ["better.iso", "ubuntu.iso"]
    assert options == am.AddOptions(category="films")


async def test_one_result_is_downloaded_over_the_socket(ed2k, autojump_clock):
    ed2k.script.answers["search_progress"] = progress(row(1), running=False)
    number = ed2k.catalogue.categories.ensure("films").id
    async with ed2k.wire.socket() as reader:
        await reader.ask("search", query="ubuntu")
        reply = await reader.ask("download", fileHash=f"{1:032x}", categoryId=number)
        assert reply["message"] == "Downloaded 1/1 files"
        assert ed2k.script.asked[-1][2].category == "films"
        assert (await reader.ask("download", fileHash="x"))["results"][0]["code"] == "validation_error"
        assert (await reader.ask("download", fileHash="x", categoryId=9))["code"] == "category_not_found"


async def test_a_search_of_before_is_downloaded_from_by_its_id(ed2k, autojump_clock):
    for number, instance in enumerate(["ed2k-1", "ed2k-0", "ed2k-0"]):
        ed2k.scripts[int(instance[-1])].answers["search_progress"] = progress(row(number), running=False)
        await ed2k.wire.rest(*START, {"query": "ubuntu", "instanceId": instance})
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"]})
    assert reply["results"][0]["code"] == "not_found"
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"], "searchId": "s2"})
    assert reply["results"][0]["success"]
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{0:032x}"], "searchId": "s1"})
    assert reply["results"][0]["success"]
    assert ed2k.other.asked[-1][0] == "download_results"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({f"{1:032x}": am.Conflict("It is there")}, "already_exists"),
        ({}, "internal_error"),
        (am.ClientFailed("The disk is full"), "client_error"),
        ("for ever", "timeout"),
    ],
)
async def test_what_the_client_says_of_a_download(ed2k, autojump_clock, answer, code):
    ed2k.script.answers |= {"search_progress": progress(row(1), running=False), "download_results": answer}
    await ed2k.wire.rest(*START, {"query": "ubuntu"})
    _, reply = await ed2k.wire.rest(*DOWNLOAD, {"fileHashes": [f"{1:032x}"]})
    found = reply["code"] if reply["type"] == "error" else reply["results"][0]["code"]
    assert found == code


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "fileHashes"),
        ({"fileHashes": []}, "fileHashes"),
        ({"fileHashes": ["a" * 32] * 1001}, "fileHashes"),
        ({"fileHashes": [1]}, "fileHashes[0]"),
        ({"fileHashes": ["a" * 32], "categoryName": "a/b"}, "categoryName"),
        ({"fileHashes": ["a" * 32], "searchId": 1}, "searchId"),
    ],
)
async def test_a_bad_field_of_a_download_is_named(ed2k, autojump_clock, body, place):
    status, reply = await ed2k.wire.rest(*DOWNLOAD, body)
    assert (status, reply["code"], reply["details"]["field"]) == (400, "validation_error", place)
    async with ed2k.wire.socket() as reader:
        reply = await reader.ask("batchDownloadSearchResults", **body)
        assert (reply["code"], reply["details"]["field"]) == ("validation_error", place)


async def test_openapi_knows_both_replies_of_a_search_and_what_sockets_are_told(ed2k, autojump_clock):
    _, document = await ed2k.wire.rest("GET", "/api/openapi.json")
    post = document["paths"]["/api/v1/search"]["post"]
    schema = post["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("SearchResults", "SearchStarted")]
    }
    told = {each["$ref"].rpartition("/")[2] for each in document["components"]["schemas"]["SocketMessage"]["oneOf"]}
    assert {"SearchLock", "SearchProgressUpdate", "SearchResults", "SearchStarted", "SearchCancelled"} <= told
    assert {"delete", "post"} <= set(document["paths"]["/api/v1/search"])
    for route, _, action in REQUESTS:
        assert f"socket.{action}" in document["components"]["schemas"]
        assert route is None or route[0].lower() in document["paths"][route[1]]
