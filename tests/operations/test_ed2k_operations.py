"""Each operation on an ED2K client asks the instance meant, over either transport, or its error says why not."""

import pytest
import trio
from operations.ed2k import PARTIAL
from operations.ed2k_cases import BATCH, CASES, NAMED, errors, over_both

import amutorrent as am


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_the_client_is_asked_and_the_reply_says_what_became_of_it(ed2k, autojump_clock, case):
    polls = ed2k.script.polls
    answers = await over_both(ed2k, case)
    for _, reply in answers:
        assert reply.pop("instanceId", "ed2k-0") == "ed2k-0"
        assert reply == case.reply
    assert ed2k.script.asked.count(case.asked) == len(answers)
    assert ed2k.other.asked == []
    await trio.testing.wait_all_tasks_blocked()
    if not case.route.startswith("GET"):
        assert ed2k.script.polls > polls


@pytest.mark.parametrize("case", NAMED, ids=lambda case: case.id)
async def test_the_instance_named_is_used_and_no_other(ed2k, autojump_clock, case):
    for _, reply in await over_both(ed2k, case, instanceId="ed2k-1"):
        assert reply.get("instanceId", "ed2k-1") == "ed2k-1"
        assert case.asked in ed2k.other.asked
    assert ed2k.script.asked == []
    codes, statuses = await errors(ed2k, case, instanceId="nowhere")
    assert (codes, statuses) == ({"instance_not_found"}, {404})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_client_without_the_capability_is_unsupported(ed2k, autojump_clock, scripts, case):
    for script in scripts.values():
        script.missing = frozenset({case.kind})
    for instance in ed2k.instances.all():
        await restart(ed2k, instance)
    more = {} if case.reply.get("type") in BATCH else {"instanceId": "ed2k-0"}
    codes, statuses = await errors(ed2k, case, **more)
    assert codes == {"unsupported_by_client"}
    assert statuses <= {422}
    if not case.from_hash:
        assert await errors(ed2k, case) == ({"not_connected"}, {503})
    assert ed2k.script.asked == []


async def restart(ed2k, instance):
    """Let an instance open its client anew."""
    if instance.config.type == "ed2ktest":
        script = ed2k.scripts[instance.config.settings.script]
        script.reachable = False
        await trio.sleep(20)
        script.reachable = True
        await trio.sleep(120)
        assert instance.state == "online"
        script.asked.clear()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_client_that_is_away_is_not_connected(ed2k, autojump_clock, scripts, case):
    for script in scripts.values():
        script.reachable = False
    await trio.sleep(60)
    more = {} if case.reply.get("type") in BATCH else {"instanceId": "ed2k-0"}
    codes, statuses = await errors(ed2k, case, **more)
    assert codes == {"not_connected"}
    assert statuses <= {503}


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        ("for ever", "timeout", 504),
        (am.ClientFailed("No"), "client_error", 502),
        (KeyError("x"), "internal_error", 500),
    ],
)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_what_goes_wrong_in_the_client_is_an_error_reply(ed2k, autojump_clock, case, answer, code, status):
    ed2k.script.answers[case.asked[0]] = answer
    codes, statuses = await errors(ed2k, case)
    assert codes == {code}
    assert statuses <= {status}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_the_permission_is_asked_for(ed2k, autojump_clock, case):
    every = frozenset({case.permission, "view_all_downloads", "edit_all_downloads"})
    ed2k.wire.user = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
    answers = await over_both(ed2k, case)
    assert {each["code"] for _, each in answers} == {"forbidden"}
    assert {status for status, _ in answers if status} == {403}
    assert ed2k.script.asked == []
    ed2k.wire.user = am.User(id=1, name="guest", is_admin=False, permissions=every | {"search"})
    assert {each.get("type") for _, each in await over_both(ed2k, case)} == {case.reply.get("type")}


async def test_openapi_lists_every_operation_with_its_route_and_action(ed2k, autojump_clock):
    _, document = await ed2k.wire.rest("GET", "/api/openapi.json")
    for case in CASES:
        method, _, path = case.route.partition(" ")
        path = path.replace(PARTIAL, "{hash}").replace("logs/ed2ktest", "logs/{type}")
        assert method.lower() in document["paths"][path]
        assert not case.action or f"socket.{case.action}" in document["components"]["schemas"]


async def test_the_log_of_a_type(ed2k, autojump_clock):
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/nonesuch")
    assert (status, reply["code"]) == (404, "not_found")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/example")
    assert (status, reply["code"]) == (503, "not_connected")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/example", query={"instanceId": "ed2k-0"})
    assert (status, reply["code"]) == (422, "unsupported_by_client")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/ed2ktest", query={"instanceId": "example-one"})
    assert (status, reply["code"]) == (422, "unsupported_by_client")
