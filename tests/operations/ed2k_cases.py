"""The operations on an ED2K client: how each is asked for over both transports, and what has to come of it."""

from dataclasses import dataclass, field

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


async def over_socket(ed2k, case):
    async with ed2k.wire.socket() as reader:
        return [(None, await reader.ask(case.action, **case.fields))]


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
