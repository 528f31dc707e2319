"""Every operation over REST and over the WebSocket: good input, each bad field, a client that lacks the capability."""

import base64
import json
from contextlib import asynccontextmanager
from importlib import metadata

import httpx
import msgspec
import pytest
import trio
from amutorrent_example.client import Example
from amutorrent_example.settings import ExampleSettings
from trio_websocket import connect_websocket_url

import amutorrent as am
from amutorrent.client import ClientConfig
from amutorrent.metafile import encode
from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.plugins import load_plugins
from amutorrent.web import create_app, serve

PLAIN, RICH = "example-one", "rich-two"
UNKNOWN = "f" * 40
ACCOUNTS = (
    "/api/auth/",
    "/api/users",
    "/api/config/",
    "/api/filesystem/",
    "/api/version",
    "/api/history",
    "/api/metrics",
)
"""What lies there is in tests/web, tests/configuration, test_history.py and test_metrics.py: it needs a database or a
whole daemon, and is offered over HTTP alone."""
EXAMPLE = metadata.EntryPoint("example", "amutorrent_example", "amutorrent")
INFO = {b"name": b"new.bin", b"length": 5 << 20, b"piece length": 1 << 18, b"pieces": b"x" * 20}
TORRENT = encode({b"info": INFO, b"announce": b"http://tracker.example/announce"})
BASE64 = base64.b64encode(TORRENT).decode()


class Rich(
    Example,
    am.Stop,
    am.Recheck,
    am.Reannounce,
    am.SpeedLimits,
    am.Trackers,
    am.Peers,
    am.PieceMap,
    am.Files,
    am.FilePriority,
    am.MoveData,
    am.MoveActiveDownloads,
):
    """The example client with the capabilities that it leaves out: it says yes to all."""

    type = "rich"
    label = "Rich"

    async def stop(self, hashes):
        return dict.fromkeys(hashes)

    async def recheck(self, hashes):
        return dict.fromkeys(hashes)

    async def reannounce(self, hashes):
        return dict.fromkeys(hashes)

    async def move(self, hashes, destination):
        return self._world.each(hashes, lambda item: msgspec.structs.replace(item, directory=destination))

    async def set_speed_limits(self, download=None, upload=None, alternative=None):
        if alternative is not None:
            raise am.Unsupported("speedLimits")
        return am.Limits(download=download or 0, upload=upload or 0)

    async def trackers(self, hash):
        return [am.TrackerState(url="http://tracker.example/announce", status="working")]

    async def peers(self, hash):
        return [am.Peer(id="192.0.2.1:6881")]

    async def pieces(self, hash):
        return am.Pieces.of(1 << 20, [2, 2, 0])

    async def files(self, hash):
        return [am.FileEntry(index=0, path="a", size=1, progress=0.0)]

    async def set_file_priority(self, hash, files, priority):
        if max(files) > 0:
            raise am.NotFound("There is no such file")


def config(id, type, order, seed):
    settings = ExampleSettings(seed=seed, items=6)
    return ClientConfig(id=id, type=type, name=seed, color=None, enabled=True, order=order, settings=settings)


class Served:
    """A running host behind a real server, asked over either transport."""

    def __init__(self, url, catalogue):
        self.url = url
        self.catalogue = catalogue

    def hash(self, number=0, instance_id=RICH):
        return [entry.item.hash for entry in self.catalogue.items(instance_id)][number]

    async def over_http(self, method, path, body):
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            if method == "GET":
                answer = await client.get(path, params=body)
            else:
                answer = await client.request(method, path, json=body)
        return answer.status_code, answer.json()

    async def over_socket(self, action, body):
        async with self._socket() as connection:
            await connection.send_message(json.dumps({"action": action, "requestId": 7, **body}))
            while (message := json.loads(await connection.get_message())).get("requestId") != 7:
                pass
        del message["requestId"]
        return message

    @asynccontextmanager
    async def _socket(self):
        async with trio.open_nursery() as nursery:
            connection = await connect_websocket_url(nursery, self.url.replace("http", "ws"))
            with trio.fail_after(10):
                yield connection
            await connection.aclose()


@pytest.fixture
async def served(nursery, wire_parts):
    types = load_plugins(entry_points=[EXAMPLE], host_operations=HOST_OPERATIONS).client_types
    configs = [config(PLAIN, "example", 0, "one"), config(RICH, "rich", 1, "two")]
    rig = await wire_parts(nursery, {**types, "rich": Rich}, configs)
    nursery.start_soon(rig.catalogue.run)
    with trio.fail_after(5):
        while sum(1 for _ in rig.catalogue.items()) < 12:
            await trio.lowlevel.checkpoint()
    app, stop = create_app(rig.context), trio.Event()
    (url,) = await nursery.start(
        lambda task_status: serve(app, host="127.0.0.1", port=0, stop=stop, task_status=task_status)
    )
    yield Served(url, rig.catalogue)
    stop.set()


DOWNLOADS = "/api/v1/downloads"
LIMITS = f"/api/v1/clients/instances/{RICH}/speed-limits"
MAGNET = "magnet:?xt=urn:btih:" + "a" * 40
ITEMS = {"items": [{"fileHash": "HASH", "instanceId": RICH}]}
ONE = {"fileHash": "HASH", "instanceId": RICH}

# action, method, path (None: on the socket alone), fields, type of the reply
GOOD = [
    ("batchPause", "POST", f"{DOWNLOADS}/pause", ITEMS, "batch-pause-complete"),
    ("batchResume", "POST", f"{DOWNLOADS}/resume", ITEMS, "batch-resume-complete"),
    ("batchStop", "POST", f"{DOWNLOADS}/stop", ITEMS, "batch-stop-complete"),
    ("batchRecheck", "POST", f"{DOWNLOADS}/recheck", ITEMS, "batch-recheck-complete"),
    ("batchReannounce", "POST", f"{DOWNLOADS}/reannounce", ITEMS, "batch-reannounce-complete"),
    (
        "batchSetFileCategory",
        "POST",
        f"{DOWNLOADS}/category",
        {**ITEMS, "categoryName": "tv"},
        "batch-category-changed",
    ),
    ("batchSetTags", "POST", f"{DOWNLOADS}/tags", {**ITEMS, "add": ["a"], "remove": ["b"]}, "batch-tags-changed"),
    ("renameFile", "POST", f"{DOWNLOADS}/rename", {**ONE, "newName": "new"}, "rename-complete"),
    ("addMagnetLinks", "POST", f"{DOWNLOADS}/magnets", {"links": [MAGNET], "instanceId": RICH}, "magnet-added"),
    ("addTorrentFile", "POST", f"{DOWNLOADS}/torrent", {"data": BASE64, "instanceId": RICH}, "torrent-added"),
    ("setSpeedLimits", "PUT", LIMITS, {"download": 1000, "instanceId": RICH}, "speed-limits"),
    (
        "connectInstance",
        "POST",
        f"/api/v1/clients/instances/{RICH}/connect",
        {"instanceId": RICH},
        "instance-connecting",
    ),
    ("batchMoveFiles", "POST", f"{DOWNLOADS}/move", {**ITEMS, "destPath": "/elsewhere"}, "batch-move-complete"),
    ("checkDeletePermissions", "POST", "/api/v1/permissions/delete", ITEMS, "delete-permissions"),
    ("checkMovePermissions", "POST", "/api/v1/permissions/move", {**ITEMS, "categoryName": ""}, "move-permissions"),
    (
        "checkMoveToPermissions",
        "POST",
        "/api/v1/permissions/move-to",
        {**ITEMS, "destPath": "/x"},
        "move-to-permissions",
    ),
    ("requestFullSnapshot", "GET", "/api/v1/data/snapshot", {}, "batch-update"),
    ("getInstances", "GET", "/api/v1/clients/instances", {}, "client-instances"),
    ("getPlugins", "GET", "/api/v1/plugins", {}, "plugins"),
    ("getDownloads", None, None, {}, "downloads-update"),
    ("getUploadingQueue", None, None, {}, "uploads-update"),
    ("getShared", None, None, {}, "shared-update"),
    ("getStats", None, None, {}, "stats-update"),
    ("subscribe", None, None, {"channel": "stats"}, "subscribed"),
    ("unsubscribe", None, None, {"channel": "stats"}, "unsubscribed"),
    ("getAppLog", "GET", "/api/v1/logs/app", {"minLevel": "info", "limit": 5}, "app-log-update"),
    ("pauseDownload", None, None, ONE, "batch-pause-complete"),
    ("resumeDownload", None, None, ONE, "batch-resume-complete"),
    ("setFileCategory", None, None, {**ONE, "categoryId": 0}, "batch-category-changed"),
    ("itemDetail", "GET", "/api/item/detail/HASH", {"instanceId": RICH}, None),
    ("itemFiles", "GET", "/api/item/files/HASH", {"instanceId": RICH}, None),
    ("setFilePriority", "PUT", "/api/item/files/HASH", {"files": [0], "priority": 2, "instanceId": RICH}, None),
    ("batchDelete", "POST", f"{DOWNLOADS}/delete", {**ITEMS, "deleteFiles": True}, "batch-delete-complete"),
    ("delete", None, None, {**ONE, "deleteFiles": True}, "batch-delete-complete"),
]
OVER_HTTP_ALONE = {"getInstances", "getPlugins", "itemDetail", "itemFiles", "setFilePriority"}
BY_ACTION = {each[0]: each for each in GOOD}


def filled(value, hash):
    return json.loads(json.dumps(value).replace("HASH", hash))


ED2K = {
    *("addEd2kLinks", "addEd2kLink", "batchSetPriority", "setFileRatingComment", "reloadSharedFiles"),
    *("search", "getPreviousSearchResults", "cancelSearch", "batchDownloadSearchResults", "download"),
    *("getServers", "serverAction", "addServer", "updateServers", "connectServer", "disconnectServer", "removeServer"),
    *("kadAction", "getServerInfo", "getStatsTree", "getClientLog", "getLog"),
}
"""They have a client of their own, and the same tests (`ed2k.py`, and the modules that use it)."""

CATEGORIES = {
    *("getCategories", "postCategory", "putCategory", "removeCategory"),
    *("createCategory", "updateCategory", "deleteCategory"),
}
"""So have these (`test_categories.py`)."""


def test_every_operation_of_the_host_is_in_the_table():
    accounts = {each.action for each in HOST_OPERATIONS if (each.path or "").startswith(ACCOUNTS)}
    assert {each.action for each in HOST_OPERATIONS} == set(BY_ACTION) | ED2K | CATEGORIES | accounts


def succeeded(reply):
    return all(each.get("success", True) for each in reply.get("results", ())) and reply.get("success", True)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case[0])
async def test_good_input_over_rest_and_over_the_socket(served, case):
    action, method, path, fields, kind = case
    if path is not None:
        status, reply = await served.over_http(method, *filled([path, fields], served.hash(0)))
        assert (status, reply.get("type")) == (200, kind)
        assert succeeded(reply), reply
    if action in OVER_HTTP_ALONE:
        assert (await served.over_socket(action, fields))["code"] == "unknown_action"
        return
    if action.startswith("add"):
        fields = {**fields, "instanceId": PLAIN}  # the other one has it by now
    over_socket = await served.over_socket(action, filled(fields, served.hash(1)))
    assert over_socket["type"] == kind
    assert succeeded(over_socket), over_socket
    if path is not None:
        assert set(over_socket) == set(reply)


def bad_lists(field="items"):
    return [
        ({}, field),
        ({field: []}, field),
        ({field: "x"}, field),
        ({field: [{}]}, f"{field}[0].fileHash"),
        ({field: [{"fileHash": "xyz"}]}, f"{field}[0].fileHash"),
        ({field: [{"fileHash": UNKNOWN, "instanceId": 1}]}, f"{field}[0].instanceId"),
        ({field: [{"fileHash": UNKNOWN}] * 1001}, field),
    ]


SOME = {"items": [{"fileHash": UNKNOWN}]}
BAD = [
    *[
        (action, *each)
        for action in ("batchPause", "batchResume", "batchStop", "batchDelete", "batchRecheck", "batchReannounce")
        for each in bad_lists()
    ],
    ("batchDelete", {**SOME, "deleteFiles": "yes"}, "deleteFiles"),
    ("batchSetFileCategory", SOME, "categoryName"),
    ("batchSetFileCategory", {**SOME, "categoryName": 1}, "categoryName"),
    ("batchSetFileCategory", {**SOME, "categoryName": "a/b"}, "categoryName"),
    ("batchSetFileCategory", {**SOME, "categoryName": "x" * 101}, "categoryName"),
    ("batchSetFileCategory", {**SOME, "categoryName": "tv", "moveFiles": 1}, "moveFiles"),
    ("batchSetTags", SOME, "add"),
    ("batchSetTags", {**SOME, "add": ["a,b"]}, "add[0]"),
    ("batchSetTags", {**SOME, "remove": ["a", "x" * 101]}, "remove[1]"),
    ("batchSetTags", {**SOME, "add": [" "]}, "add"),
    ("batchSetTags", {**SOME, "add": ["a"], "remove": [" "]}, "remove"),
    ("renameFile", {"newName": "a"}, "fileHash"),
    ("renameFile", {"fileHash": UNKNOWN}, "newName"),
    ("renameFile", {"fileHash": UNKNOWN, "newName": "a/b"}, "newName"),
    ("renameFile", {"fileHash": UNKNOWN, "newName": ".."}, "newName"),
    ("renameFile", {"fileHash": UNKNOWN, "newName": "a\\b"}, "newName"),
    ("renameFile", {"fileHash": UNKNOWN, "newName": "x" * 256}, "newName"),
    ("addMagnetLinks", {}, "links"),
    ("addMagnetLinks", {"links": []}, "links"),
    ("addMagnetLinks", {"links": [1]}, "links[0]"),
    ("addMagnetLinks", {"links": [MAGNET] * 1001}, "links"),
    ("addMagnetLinks", {"links": [MAGNET], "savePath": "relative"}, "savePath"),
    ("addMagnetLinks", {"links": [MAGNET], "savePath": "/a/../b"}, "savePath"),
    ("addMagnetLinks", {"links": [MAGNET], "savePath": "/a\0b"}, "savePath"),
    ("addMagnetLinks", {"links": [MAGNET], "categoryName": ".."}, "categoryName"),
    ("addMagnetLinks", {"links": [MAGNET], "paused": "no"}, "paused"),
    ("addTorrentFile", {}, "data"),
    ("addTorrentFile", {"data": "not base64!"}, "data"),
    ("addTorrentFile", {"data": base64.b64encode(b"not a torrent").decode()}, "data"),
    ("addTorrentFile", {"data": ""}, "data"),
    ("addTorrentFile", {"data": BASE64, "savePath": "relative"}, "savePath"),
    ("setSpeedLimits", {"instanceId": RICH}, "download"),
    ("setSpeedLimits", {"instanceId": RICH, "download": -1}, "download"),
    ("setSpeedLimits", {"instanceId": RICH, "upload": 2**63}, "upload"),
    ("setSpeedLimits", {"instanceId": RICH, "alternative": "on"}, "alternative"),
    ("getAppLog", {"minLevel": "warning"}, "minLevel"),
    ("getAppLog", {"limit": 0}, "limit"),
    ("getAppLog", {"limit": 2001}, "limit"),
    ("pauseDownload", {}, "fileHash"),
    ("resumeDownload", {"fileHash": "x"}, "fileHash"),
    ("delete", {"fileHash": UNKNOWN, "deleteFiles": 1}, "deleteFiles"),
    ("setFileCategory", {"fileHash": UNKNOWN}, "categoryId"),
    ("setFilePriority", {"priority": 1}, "files"),
    ("setFilePriority", {"files": [], "priority": 1}, "files"),
    ("setFilePriority", {"files": [-1], "priority": 1}, "files[0]"),
    ("setFilePriority", {"files": [0], "priority": 3}, "priority"),
    *[("batchMoveFiles", {"destPath": "/a", **fields}, field) for fields, field in bad_lists()],
    ("batchMoveFiles", SOME, "destPath"),
    ("batchMoveFiles", {**SOME, "destPath": ""}, "destPath"),
    ("batchMoveFiles", {**SOME, "destPath": "a"}, "destPath"),
    ("batchMoveFiles", {**SOME, "destPath": "/a/../b"}, "destPath"),
    ("checkDeletePermissions", {}, "items"),
    ("checkDeletePermissions", {"items": [{"fileHash": "xyz"}]}, "items[0].fileHash"),
    ("checkDeletePermissions", {"items": [{"fileHash": UNKNOWN}] * 1001}, "items"),
    ("checkMovePermissions", {"categoryName": "a"}, "items"),
    ("checkMovePermissions", SOME, "categoryName"),
    ("checkMoveToPermissions", {"destPath": "/a"}, "items"),
    ("checkMoveToPermissions", SOME, "destPath"),
    ("checkMoveToPermissions", {**SOME, "destPath": "a"}, "destPath"),
    ("checkMoveToPermissions", {**SOME, "destPath": "/a/../b"}, "destPath"),
]


async def both(served, action, fields, hash=UNKNOWN):
    """Ask over whatever transports the operation is offered on; gives (status or None, reply)."""
    _, method, path, _, _ = BY_ACTION[action]
    if path is not None:
        yield await served.over_http(method, path.replace("HASH", hash), fields)
    if action not in OVER_HTTP_ALONE:
        yield None, await served.over_socket(action, fields)


async def test_each_bad_field_is_named_over_both(served):
    before = [entry.item.hash for entry in served.catalogue.items()]
    for action, fields, field in BAD:
        async for status, reply in both(served, action, fields, served.hash()):
            assert status in (400, None), (action, fields, reply)
            assert (reply["type"], reply["code"]) == ("error", "validation_error"), (action, fields, reply)
            assert reply["details"]["field"] == field, (action, fields, reply)
    assert [entry.item.hash for entry in served.catalogue.items()] == before
    assert [each.name for each in served.catalogue.categories.all()] == ["Default"]


@pytest.mark.parametrize("path", ["/api/item/detail/xyz", "/api/item/files/xyz"])
async def test_a_bad_hash_in_the_path_is_named(served, path):
    status, reply = await served.over_http("GET", path, {})
    assert (status, reply["details"]) == (400, {"field": "hash"})


REFUSED = [
    ("batchStop", {"items": [{"fileHash": "HASH", "instanceId": PLAIN}]}, None),  # it pauses instead
    ("batchRecheck", {"items": [{"fileHash": "HASH", "instanceId": PLAIN}]}, "unsupported_by_client"),
    ("batchReannounce", {"items": [{"fileHash": "HASH", "instanceId": PLAIN}]}, "unsupported_by_client"),
    (
        "batchMoveFiles",
        {"items": [{"fileHash": "HASH", "instanceId": PLAIN}], "destPath": "/a"},
        "unsupported_by_client",
    ),
]


@pytest.mark.parametrize(("action", "fields", "code"), REFUSED)
async def test_a_missing_capability_is_a_failed_item(served, action, fields, code):
    hash = served.hash(0, PLAIN)
    async for status, reply in both(served, action, filled(fields, hash)):
        assert status in (200, None)
        (result,) = reply["results"]
        assert (result["success"], result.get("code")) == (code is None, code)
        assert (result["fileHash"], result["instanceId"]) == (hash, PLAIN)


@pytest.mark.parametrize(
    ("action", "path", "fields", "status", "code"),
    [
        (
            "setSpeedLimits",
            LIMITS.replace(RICH, PLAIN),
            {"download": 1, "instanceId": PLAIN},
            422,
            "unsupported_by_client",
        ),
        ("setSpeedLimits", LIMITS, {"alternative": True, "instanceId": RICH}, 422, "unsupported_by_client"),
        ("setSpeedLimits", LIMITS.replace(RICH, "no"), {"download": 1, "instanceId": "no"}, 404, "instance_not_found"),
        ("connectInstance", "/api/v1/clients/instances/no/connect", {"instanceId": "no"}, 404, "instance_not_found"),
        ("renameFile", f"{DOWNLOADS}/rename", {"fileHash": UNKNOWN, "newName": "a"}, 404, "item_not_found"),
        (
            "renameFile",
            f"{DOWNLOADS}/rename",
            {"fileHash": UNKNOWN, "newName": "a", "instanceId": "no"},
            404,
            "instance_not_found",
        ),
        ("addMagnetLinks", f"{DOWNLOADS}/magnets", {"links": [MAGNET], "instanceId": "no"}, 404, "instance_not_found"),
        ("addTorrentFile", f"{DOWNLOADS}/torrent", {"data": BASE64, "instanceId": "no"}, 404, "instance_not_found"),
    ],
)
async def test_errors_are_the_same_over_both(served, action, path, fields, status, code):
    found, reply = await served.over_http(BY_ACTION[action][1], path, fields)
    assert (found, reply["code"]) == (status, code)
    over_socket = await served.over_socket(action, fields)
    assert over_socket == {**reply, "action": action}


async def test_detail_and_files_come_from_the_client(served):
    hash = served.hash()
    _, detail = await served.over_http("GET", f"/api/item/detail/{hash.upper()}", {})
    assert list(detail) == ["hash", "instanceId", "raw", "trackersDetailed", "peers", "pieces", "comments"]
    assert (detail["hash"], detail["instanceId"], detail["comments"]) == (hash, RICH, None)
    assert detail["trackersDetailed"][0]["status"] == "working"
    assert detail["peers"][0]["id"] == "192.0.2.1:6881"
    assert detail["pieces"] == {"size": 1 << 20, "count": 3, "states": [[2, 2], [0, 1]]}
    _, files = await served.over_http("GET", f"/api/item/files/{hash}", {})
    assert files == {"files": [{"index": 0, "path": "a", "size": 1, "progress": 0.0, "priority": 1}]}
    plain = served.hash(0, PLAIN)
    status, reply = await served.over_http("GET", f"/api/item/files/{plain}", {})
    assert (status, reply["code"]) == (422, "unsupported_by_client")
    fields = {"files": [0], "priority": 0}
    assert (await served.over_http("PUT", f"/api/item/files/{plain}", fields))[0] == 422
    for path in (f"/api/item/detail/{UNKNOWN}", f"/api/item/files/{UNKNOWN}"):
        status, reply = await served.over_http("GET", path, {})
        assert (status, reply["code"]) == (404, "item_not_found")


async def test_a_torrent_comes_as_a_part_of_a_form(served):
    async with httpx.AsyncClient(base_url=served.url, trust_env=False) as client:
        answer = await client.post(
            f"{DOWNLOADS}/torrent",
            files={"torrent": ("my file.torrent", TORRENT)},
            data={"instanceId": RICH, "paused": "true", "categoryName": "tv"},
        )
    reply = answer.json()
    assert (answer.status_code, reply["type"], reply["fileName"]) == (200, "torrent-added", "my file.torrent")
    item = served.catalogue.categories.get("tv")
    assert item is not None
    assert (reply["instanceId"], reply["clientId"], reply["name"], reply["size"]) == (RICH, "rich", "new.bin", 5 << 20)
