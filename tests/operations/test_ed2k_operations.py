"""Priorities, ratings, servers, Kad and reports over both transports, against a scripted client."""

from dataclasses import dataclass, field

import pytest
import trio
from operations.ed2k import PARTIAL, SERVER, SHARED

import amutorrent as am

ITEM = {"fileHash": SHARED, "instanceId": "ed2k-0"}
GOOD = {"comment": "Gute Qualität", "rating": 4}


@dataclass
class Case:
    """One operation: how it is asked for, what the client is asked then, and what is answered."""

    kind: type
    asked: tuple
    reply: dict
    route: str = ""
    body: dict = field(default_factory=dict)
    action: str = ""
    fields: dict | None = None
    permission: str = ""
    from_hash: bool = False

    @property
    def id(self):
        return f"{self.action or self.route} {self.body.get('action', self.body.get('command', ''))}".strip()


SERVERS = {"servers": (am.Servers, "view_servers")}
A_SERVER = {"ip": SERVER.ip, "port": SERVER.port}
ADDRESS = {"serverAddress": SERVER.address}
WIRE_SERVER = {
    **A_SERVER, "address": SERVER.address, "name": "Server", "description": "", "version": "", "ping": 0, "users": 1000,
    "maxUsers": 0, "files": 0, "priority": 0, "failed": 0, "static": False, "connected": False,
}  # fmt: skip
ONE = {"results": [{"fileHash": SHARED, "success": True, "instanceId": "ed2k-0"}], "message": "1/1 successful"}


def server(action, asked, body=None, socket="", fields=None, route="POST /api/v1/amule/servers/action"):
    body = {"action": action, **(body or {})} if route.endswith("action") else body
    reply = {"type": "server-action", "data": True, "action": action}
    return Case(am.Servers, asked, reply, route, body, socket, fields, "view_servers")


def kad(command, asked, **more):
    reply = {"type": "kad-action", "data": True, "command": command}
    body = {"command": command, **more}
    return Case(am.Kad, asked, reply, "POST /api/v1/amule/kad", body, "kadAction", body, "view_servers")


CASES = [
    Case(
        am.Priority, ("set_priority", [SHARED], "veryHigh"), {"type": "batch-priority-changed", **ONE},
        "POST /api/v1/downloads/priority", {"items": [ITEM], "priority": "veryHigh"},
        "batchSetPriority", {"items": [ITEM], "priority": "veryHigh"}, "edit_downloads", from_hash=True,
    ),
    Case(
        am.FilePriority, ("set_file_priority", PARTIAL, [0, 2], 2), {"success": True},
        f"PUT /api/item/files/{PARTIAL}", {"files": [0, 2], "priority": 2, "instanceId": "ed2k-0"},
        permission="edit_downloads", from_hash=True,
    ),
    Case(
        am.FileRatingComment, ("set_rating_comment", SHARED, 4, "Gute Qualität"),
        {"type": "rating-comment-complete", "success": True, "fileHash": SHARED, **GOOD},
        "POST /api/v1/downloads/rating-comment", {**ITEM, **GOOD},
        "setFileRatingComment", {**ITEM, **GOOD}, "set_comment",
        from_hash=True,
    ),
    Case(
        am.Servers, ("servers",), {"type": "servers-update", "data": [WIRE_SERVER]},
        "GET /api/v1/amule/servers", {}, "getServers", {}, "view_servers",
    ),
    server("connect", ("connect_server", SERVER.ip, SERVER.port), A_SERVER, "connectServer", ADDRESS),
    server("connect", ("connect_server", None, None)),
    server("disconnect", ("disconnect_server",), {}, "disconnectServer", {}),
    server("remove", ("remove_server", SERVER.ip, SERVER.port), A_SERVER, "removeServer", ADDRESS),
    server(
        "add", ("add_server", "ed2k.example", 4661, "Mine"), {"ip": "ed2k.example", "port": 4661, "name": " Mine "},
        "addServer", {"ip": "ed2k.example", "port": 4661, "name": " Mine "}, "POST /api/v1/amule/servers",
    ),
    server(
        "update", ("update_servers", "https://lists.example/server.met"), {"url": "https://lists.example/server.met"},
        "updateServers", {"url": "https://lists.example/server.met"}, "POST /api/v1/amule/servers/update",
    ),
    kad("start", ("start_kad",)),
    kad("stop", ("stop_kad",)),
    kad("bootstrap", ("bootstrap_kad", "1.2.3.4", 4672), ip="1.2.3.4", port=4672),
    kad("bootstrap", ("update_kad_nodes", "http://lists.example/nodes.dat"), url="http://lists.example/nodes.dat"),
    Case(
        am.ServerInfo, ("server_info",), {"type": "serverinfo-update", "data": ["Welcome"]},
        "GET /api/v1/amule/server-info", {}, "getServerInfo", {}, "view_servers",
    ),
    Case(
        am.StatsTree, ("stats_tree",),
        {"type": "stats-tree-update", "data": [{
            "label": "Statistics", "template": "Statistics", "values": [],
            "children": [{"label": "Uptime: 4m 58s", "template": "Uptime: %s", "values": ["4m 58s"], "children": []}],
        }]},
        "GET /api/v1/amule/stats-tree", {}, "getStatsTree", {}, "view_statistics",
    ),
    Case(
        am.RefreshShared, ("refresh_shared",), {"type": "shared-files-refreshed", "message": "Shared files refreshed"},
        "POST /api/v1/amule/refresh-shared", {}, "reloadSharedFiles", {}, "view_shared",
    ),
    Case(
        am.Logs, ("log_lines",), {"type": "log-update", "data": ["first", "last"], "client": "ed2ktest"},
        "GET /api/v1/logs/ed2ktest", {}, "getLog", {}, "view_logs",
    ),
]  # fmt: skip
BATCH = ("batch-priority-changed",)
NAMED = [case for case in CASES if case.reply.get("type") not in BATCH]
"""Those that take one instance; a batch names one for each item."""


async def over_rest(ed2k, case, **more):
    method, _, path = case.route.partition(" ")
    body = {**case.body, **more}
    return await (ed2k.wire.rest(method, path, query=body) if method == "GET" else ed2k.wire.rest(method, path, body))


async def over_both(ed2k, case, **more):
    """Ask over each transport that the operation has; gives (status, reply), None as status on the socket."""
    answers = [await over_rest(ed2k, case, **more)]
    if case.action:
        async with ed2k.wire.socket() as reader:
            answers.append((None, await reader.ask(case.action, **{**case.fields, **more})))
    return answers


async def errors(ed2k, case, **more):
    """Give the codes of the errors, and the statuses."""
    answers = await over_both(ed2k, case, **more)
    if case.reply.get("type") in BATCH:
        assert [status for status, _ in answers] == [200, None]
        return {each["results"][0]["code"] for _, each in answers}, set()
    assert {each["type"] for _, each in answers} == {"error"}
    return {each["code"] for _, each in answers}, {status for status, _ in answers if status}


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


RATING = "POST /api/v1/downloads/rating-comment", "setFileRatingComment"
ACTION = "POST /api/v1/amule/servers/action", ""
ADD = "POST /api/v1/amule/servers", "addServer"
UPDATE = "POST /api/v1/amule/servers/update", "updateServers"
KAD = "POST /api/v1/amule/kad", "kadAction"


@pytest.mark.parametrize(
    ("where", "body", "place"),
    [
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [], "priority": "low"}, "items"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM] * 1001, "priority": "low"}, "items"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM]}, "priority"),
        (("POST /api/v1/downloads/priority", "batchSetPriority"), {"items": [ITEM], "priority": "top"}, "priority"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [], "priority": 1}, "files"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [-1], "priority": 1}, "files[0]"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [0], "priority": 3}, "priority"),
        ((f"PUT /api/item/files/{PARTIAL}", ""), {"files": [0]}, "priority"),
        (("PUT /api/item/files/xyz", ""), {"files": [0], "priority": 1}, "hash"),
        (RATING, {"rating": 1}, "fileHash"),
        (RATING, {"fileHash": "xyz"}, "fileHash"),
        (RATING, {"fileHash": SHARED, "rating": 6}, "rating"),
        (RATING, {"fileHash": SHARED, "rating": -1}, "rating"),
        (RATING, {"fileHash": SHARED, "rating": "4"}, "rating"),
        (RATING, {"fileHash": SHARED, "comment": "a\0b"}, "comment"),
        (RATING, {"fileHash": SHARED, "comment": None}, "comment"),
        (ACTION, {}, "action"),
        (ACTION, {"action": "add", **A_SERVER}, "action"),
        (ACTION, {"action": "remove"}, "ip"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4"}, "port"),
        (ACTION, {"action": "connect", "port": 1}, "ip"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4", "port": 0}, "port"),
        (ACTION, {"action": "connect", "ip": "1.2.3.4", "port": 65536}, "port"),
        (ACTION, {"action": "connect", "ip": "1.2.3.400", "port": 1}, "ip"),
        (ACTION, {"action": "remove", "ip": "a b", "port": 1}, "ip"),
        (("", "connectServer"), {}, "serverAddress"),
        (("", "connectServer"), {"serverAddress": "1.2.3.4"}, "serverAddress"),
        (("", "connectServer"), {"serverAddress": "1.2.3.4:0"}, "serverAddress"),
        (("", "removeServer"), {"serverAddress": "1.2.3.4:99999"}, "serverAddress"),
        (("", "removeServer"), {"serverAddress": ":4661"}, "serverAddress"),
        (ADD, {"port": 1}, "ip"),
        (ADD, {"ip": "-bad-", "port": 1}, "ip"),
        (ADD, {"ip": "1.2.3.4"}, "port"),
        (ADD, {"ip": "1.2.3.4", "port": 1, "name": "a\nb"}, "name"),
        (UPDATE, {}, "url"),
        (UPDATE, {"url": "ftp://lists.example/server.met"}, "url"),
        (UPDATE, {"url": "file:///etc/passwd"}, "url"),
        (UPDATE, {"url": "http://"}, "url"),
        (UPDATE, {"url": "http://[::1"}, "url"),
        (UPDATE, {"url": "http://lists.example:99999/"}, "url"),
        (UPDATE, {"url": "http://lists.example/a\r\nb"}, "url"),
        (UPDATE, {"url": "http://lists.example/" + "a" * 2048}, "url"),
        (KAD, {}, "command"),
        (KAD, {"command": "restart"}, "command"),
        (KAD, {"command": "bootstrap"}, "ip"),
        (KAD, {"command": "bootstrap", "ip": "1.2.3.4"}, "port"),
        (KAD, {"command": "bootstrap", "ip": "1 2", "port": 1}, "ip"),
        (KAD, {"command": "bootstrap", "url": "nodes.dat"}, "url"),
        (KAD, {"command": "bootstrap", "url": "http://lists.example/nodes.dat", "ip": "1.2.3.4"}, "url"),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_asked(ed2k, autojump_clock, where, body, place):
    route, action = where
    case = Case(am.Servers, (), {}, route, body, action, body)
    answers = await over_both(ed2k, case) if route else await over_socket(ed2k, case)
    for status, reply in answers:
        assert (reply["type"], reply["code"], reply["details"]["field"]) == ("error", "validation_error", place)
        assert status in (400, None)
    assert ed2k.script.asked == []


async def over_socket(ed2k, case):
    async with ed2k.wire.socket() as reader:
        return [(None, await reader.ask(case.action, **case.fields))]


async def test_only_a_shared_and_complete_file_can_be_rated(ed2k, autojump_clock):
    body = {"fileHash": PARTIAL, "rating": 3, "instanceId": "ed2k-0"}
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", body)
    assert (status, reply["code"], reply["details"]) == (
        422,
        "unsupported_by_client",
        {"capability": "fileRatingComment"},
    )
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": "c" * 32})
    assert (status, reply["code"]) == (404, "item_not_found")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": SHARED})
    assert (status, reply["code"]) == (409, "ambiguous_hash")
    assert ed2k.script.asked == []


async def test_what_rating_leaves_out_is_cleared(ed2k, autojump_clock):
    await ed2k.wire.rest("POST", "/api/v1/downloads/rating-comment", {"fileHash": SHARED, "instanceId": "ed2k-0"})
    assert ed2k.script.asked == [("set_rating_comment", SHARED, 0, "")]


async def test_the_detail_of_an_item_shows_what_others_say(ed2k, autojump_clock):
    ed2k.script.answers["comments"] = [am.FileComment(user_name="u", file_name="f", rating=2, comment="fake")]
    status, detail = await ed2k.wire.rest("GET", f"/api/item/detail/{PARTIAL}", query={"instanceId": "ed2k-0"})
    assert status == 200
    assert detail["comments"] == [{"userName": "u", "fileName": "f", "rating": 2, "comment": "fake"}]


async def test_a_client_that_declines_is_data_false(ed2k, autojump_clock):
    ed2k.script.answers |= {"connect_server": False, "start_kad": False}
    body = {"action": "connect", **A_SERVER}
    assert (await ed2k.wire.rest("POST", "/api/v1/amule/servers/action", body))[1]["data"] is False
    assert (await ed2k.wire.rest("POST", "/api/v1/amule/kad", {"command": "start"}))[1]["data"] is False


async def test_a_server_that_is_there_already_exists(ed2k, autojump_clock):
    ed2k.script.answers["add_server"] = am.Conflict("It is there")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/amule/servers", A_SERVER)
    assert (status, reply["code"]) == (409, "already_exists")


async def test_after_an_action_those_who_may_see_servers_get_the_list_before_the_reply(ed2k, autojump_clock):
    guest = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
    async with ed2k.wire.socket() as admin, ed2k.wire.socket() as another:
        ed2k.wire.user = guest
        async with ed2k.wire.socket() as onlooker:
            reply = await admin.ask("connectServer", **ADDRESS)
            assert reply["type"] == "server-action"
            assert admin.before == [{"type": "servers-update", "data": [WIRE_SERVER], "instanceId": "ed2k-0"}]
            assert (await another.get("servers-update"))["instanceId"] == "ed2k-0"
            await trio.testing.wait_all_tasks_blocked()
            assert onlooker.nothing_more()


async def test_an_action_is_done_though_the_list_cannot_be_read_afterwards(ed2k, autojump_clock, caplog):
    ed2k.script.answers["servers"] = am.ClientFailed("busy")
    status, reply = await ed2k.wire.rest("POST", "/api/v1/amule/servers/action", {"action": "disconnect"})
    assert (status, reply["data"]) == (200, True)
    assert "could not be read after an action: busy" in caplog.text


async def test_the_log_of_a_type(ed2k, autojump_clock):
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/nonesuch")
    assert (status, reply["code"]) == (404, "not_found")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/example")
    assert (status, reply["code"]) == (503, "not_connected")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/example", query={"instanceId": "ed2k-0"})
    assert (status, reply["code"]) == (422, "unsupported_by_client")
    status, reply = await ed2k.wire.rest("GET", "/api/v1/logs/ed2ktest", query={"instanceId": "example-one"})
    assert (status, reply["code"]) == (422, "unsupported_by_client")


async def test_openapi_lists_every_operation_with_its_route_and_action(ed2k, autojump_clock):
    _, document = await ed2k.wire.rest("GET", "/api/openapi.json")
    for case in CASES:
        method, _, path = case.route.partition(" ")
        path = path.replace(PARTIAL, "{hash}").replace("logs/ed2ktest", "logs/{type}")
        assert method.lower() in document["paths"][path]
        assert not case.action or f"socket.{case.action}" in document["components"]["schemas"]


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
