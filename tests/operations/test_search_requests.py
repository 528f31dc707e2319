"""Requests about searches are refused alike over both transports, and stand in the OpenAPI document."""

import pytest
import trio
from operations.searching import CANCEL, DOWNLOAD, NOBODY, RESULTS, START

import amutorrent as am

REQUESTS = [
    (START, {"query": "a"}, "search"),
    (RESULTS, {}, "getPreviousSearchResults"),
    (CANCEL, {}, "cancelSearch"),
    (DOWNLOAD, {"fileHashes": ["a" * 32]}, "batchDownloadSearchResults"),
    (None, {"fileHash": "a" * 32}, "download"),
]


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
