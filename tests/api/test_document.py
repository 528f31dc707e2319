"""The examples of the API document, taken from its text and sent as they stand, to our daemon over real clients.

Ids, hashes, links and places are replaced by real ones. Each is asked by a user without permissions first, who is
refused, and then by one who has exactly the permission that the document names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from lab import api_document
from lab.ec import look
from lab.reader import reader
from lab.stage import ADMIN, AMULE, ANY_USER, Stage
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
EXAMPLES = api_document.examples()
OTHER_PLACES = {
    "Lists current downloads.",
    "Returns configured categories.",
}
"""The API of qBittorrent."""


@dataclass(frozen=True)
class Case:
    """One example: the sentence that it begins with, and what it is about.

    `samples` are what its hashes and links stand for; `seen` is what has to come true in the client itself. `type` is
    that of the answer where the document shows the one of another route; `who` asks, if not who may do just that.
    `unknown` are fields that may be null.
    """

    says: str
    method: str
    path: str
    needs: str
    samples: Callable[[Stage], list[Any]] = lambda stage: []
    seen: Callable[[Stage], object] = lambda stage: True
    number: int = 0
    type: str = ""
    who: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def example(self):
        """Its example."""
        return [each for each in EXAMPLES if each.says.startswith(self.says)][self.number]

    def __str__(self):
        return f"{self.method} {self.path} {self.number or ''}".strip()


def mule_files(stage):
    """What amuled itself lists."""
    with look(stage.mule.port, stage.mule.password) as other:
        return other.files()


def mule_categories(stage):
    """What amuled itself calls its categories."""
    with look(stage.mule.port, stage.mule.password) as other:
        return set(other.categories().values())


def rt(stage, field, sample):
    """A field of a torrent in rtorrent itself."""
    return stage.rtorrent.get(field, sample.hash)


def told_of_all(stage):
    """Say whether the history tells of what was added and of what was deleted."""
    rows = stage.ours.get("/api/history", limit="500")["entries"]
    found = {each["hash"]: (each["status"], each["username"]) for each in rows}
    mine = "p.add_downloads"
    return (
        found.get(stage.added.hash, ("", ""))[1] == mine
        and found.get(stage.wanted.hash) == ("downloading", mine)
        and found.get(stage.doomed.hash) == ("deleted", "external")
        and found.get(stage.seeded.hash) == ("completed", "external")
    )


V1 = "/api/v1"
DOWNLOADS = f"{V1}/downloads"
CONTROL = "All control endpoints accept"
CASES = [
    Case("Returns the current state of all downloads", "GET", f"{V1}/data/snapshot", ANY_USER, who=ADMIN),
    Case("List all categories", "GET", f"{V1}/categories", ANY_USER),
    Case(
        "Create a new category", "POST", f"{V1}/categories", "manage_categories",
        seen=lambda stage: "Movies" in mule_categories(stage),
    ),
    Case("Update an existing category", "PUT", f"{V1}/categories", "manage_categories"),
    Case(
        "Add magnet links", "POST", f"{DOWNLOADS}/magnets", "add_downloads",
        lambda stage: [stage.linked], lambda stage: stage.linked.hash in stage.rtorrent.hashes(),
    ),
    Case(
        "Add ED2K links", "POST", f"{DOWNLOADS}/ed2k", "add_downloads",
        lambda stage: [stage.wanted], lambda stage: stage.wanted.hash in mule_files(stage),
    ),
    Case(
        "Add a torrent file", "POST", f"{DOWNLOADS}/torrent", "add_downloads",
        lambda stage: [stage.added], lambda stage: stage.added.hash in stage.rtorrent.hashes(),
    ),
    Case("Start an ED2K search", "POST", f"{V1}/search", "search"),
    Case("Get cached results from the last search", "GET", f"{V1}/search/results", "search"),
    Case(
        "Download files from an ED2K search result", "POST", f"{DOWNLOADS}/search-results", "add_downloads",
        lambda stage: stage.found, lambda stage: {each.hash for each in stage.found} <= mule_files(stage).keys(),
    ),
    Case(
        CONTROL, "POST", f"{DOWNLOADS}/pause", "pause_resume",
        lambda stage: [stage.seeded], lambda stage: rt(stage, "d.is_active", stage.seeded) == 0,
    ),
    Case(
        CONTROL, "POST", f"{DOWNLOADS}/resume", "pause_resume",
        lambda stage: [stage.seeded], lambda stage: rt(stage, "d.is_active", stage.seeded) == 1,
        type="batch-resume-complete",
    ),
    Case(
        CONTROL, "POST", f"{DOWNLOADS}/stop", "pause_resume",
        lambda stage: [stage.seeded], lambda stage: rt(stage, "d.is_open", stage.seeded) == 0,
        type="batch-stop-complete",
    ),
    Case("Pre-flight checks", "POST", f"{V1}/permissions/delete", "remove_downloads", lambda stage: [stage.doomed]),
    Case(
        "Check permissions for category-based", "POST", f"{V1}/permissions/move", "move_files",
        lambda stage: [stage.seeded],
    ),
    Case(
        "Check permissions for direct path", "POST", f"{V1}/permissions/move-to", "edit_downloads",
        lambda stage: [stage.seeded],
    ),
    Case(
        "Move files to a destination path", "POST", f"{DOWNLOADS}/move", "edit_downloads",
        lambda stage: [stage.seeded], lambda stage: lies_in(stage, "movies"),
    ),
    Case(
        "Change the category/label", "POST", f"{DOWNLOADS}/category", "assign_categories",
        lambda stage: [stage.seeded],
        lambda stage: stage.rtorrent.label(stage.seeded.hash) == "Movies" and lies_in(stage, "movies-updated"),
    ),
    Case(
        "Rename a file", "POST", f"{DOWNLOADS}/rename", "rename_files",
        lambda stage: [stage.seeded], lambda stage: stage.item(stage.seeded)["name"] == "new-name.mkv",
    ),
    Case(
        "Set the rating and comment", "POST", f"{DOWNLOADS}/rating-comment", "set_comment",
        lambda stage: [stage.shared],
        lambda stage: rated(stage.item(stage.shared)) == (4, "High-quality rip"),
    ),
    Case(
        CONTROL, "POST", f"{DOWNLOADS}/delete", "remove_downloads",
        lambda stage: [stage.doomed],
        lambda stage: stage.doomed.hash not in stage.rtorrent.hashes() and kept(stage, stage.doomed),
        number=1,
    ),
    Case(
        "Connect, disconnect, or remove", "POST", f"{V1}/amule/servers/action", "view_servers",
        seen=lambda stage: stage.joined(),
    ),
    Case(
        "Returns paginated download history", "GET", "/api/history", "view_history",
        seen=told_of_all, unknown=("completed_at", "username"),
    ),
    Case("Returns speed data with different granularities", "GET", "/api/metrics/speed-history", "view_statistics"),
    Case("Returns data transferred with time buckets", "GET", "/api/metrics/history", "view_statistics"),
    Case("Returns summary statistics for a time range", "GET", "/api/metrics/stats", "view_statistics"),
    Case("Trigger a shared files rescan", "POST", f"{V1}/amule/refresh-shared", "view_shared"),
    Case("Save the sharedDirDatPath", "PUT", "/api/amule/shared-dirs/config", ADMIN),
    Case(
        "Save shared directories", "PUT", "/api/amule/shared-dirs", ADMIN,
        seen=lambda stage: str(stage.downloads / "tv") in stage.shareddir.read_text(),
    ),
    Case("Read current shared directories", "GET", "/api/amule/shared-dirs", ADMIN),
    Case(
        "Delete a category", "DELETE", f"{V1}/categories", "manage_categories",
        seen=lambda stage: "Movies" not in mule_categories(stage) and not stage.rtorrent.label(stage.seeded.hash),
    ),
]  # fmt: skip


def lies_in(stage, folder):
    """Say whether the torrent's data lies whole in a folder, nowhere else, and the client seeds it from there."""
    name, content = next(iter(stage.seeded.contents.items()))
    places = [
        each
        for each in (stage.downloads / "movies", stage.downloads / "movies-updated", stage.rtorrent.downloads)
        if (each / name).exists()
    ]
    item = stage.item(stage.seeded)
    return (
        places == [stage.downloads / folder]
        and (places[0] / name).read_bytes() == content
        and item.get("directory") == str(places[0])
        and item.get("moveStatus") is None
    )


def rated(item):
    """Give rating and comment of an item."""
    return item["rating"], item["comment"]


def kept(stage, torrent):
    """Say whether the data of a torrent is where it was."""
    return all((stage.rtorrent.downloads / name).read_bytes() == content for name, content in torrent.contents.items())


def test_every_example_of_the_document_is_tried_here():
    tried = {id(each.example) for each in CASES}
    assert {each.says for each in EXAMPLES if id(each) not in tried} == OTHER_PLACES


def test_signing_in(world):
    answer = world.ours.http.post("/api/auth/login", json=api_document.login(), headers={"X-API-Key": ""})
    assert answer.status_code == 200
    world.ours.http.cookies.clear()
    cookie = f"amule.sid={answer.cookies['amule.sid']}"
    with_cookie = world.ours.http.get("/api/v1/categories", headers={"Cookie": cookie, "X-API-Key": ""})
    assert with_cookie.status_code == 200


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_example(world, case):
    samples = case.samples(world)
    body = world.real(case.example.request, *samples)
    if case.needs != ANY_USER:
        refused = world.ask(case.method, case.path, body, who=ANY_USER)
        wanted = "admin_required" if case.needs == ADMIN else "forbidden"
        assert (refused.status_code, refused.json()["code"]) == (403, wanted)
    answer = world.ask(case.method, case.path, body, who=case.who or case.needs)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert all(each["success"] for each in told.get("results", ()) if "success" in each), told
    for documented in case.example.responses[:1]:
        unlike = api_document.unlike(documented | ({"type": case.type} if case.type else {}), told)
        assert [each for each in unlike if not any(f".{name} is None" in each for name in case.unknown)] == []
    wait_until(lambda: case.seen(world), 30, lambda: f"{told}")


def test_a_search_that_is_not_waited_for(world):
    case = next(each for each in CASES if each.says == "Start an ED2K search")
    body = {**world.real(case.example.request), "wait": False}
    answer = world.ask(case.method, case.path, body, who=case.needs)
    assert list(api_document.unlike(case.example.responses[1], answer.json())) == []
    wait_until(lambda: not world.ask("GET", f"{V1}/search/results", who="search").json()["running"], 60)


def test_shared_directories_that_are_not_configured(world):
    world.ask("PUT", "/api/amule/shared-dirs/config", {"sharedDirDatPath": "", "instanceId": AMULE})
    case = next(each for each in CASES if each.says == "Read current shared directories")
    answer = world.ask(case.method, case.path)
    assert list(api_document.unlike(case.example.responses[1], answer.json())) == []


@pytest.mark.parametrize(
    ("path", "kind", "needs"),
    [
        ("/api/v1/amule/servers", "servers-update", "view_servers"),
        ("/api/v1/amule/server-info", "serverinfo-update", "view_servers"),
        ("/api/v1/amule/stats-tree", "stats-tree-update", "view_statistics"),
        ("/api/v1/logs/app", "app-log-update", "view_logs"),
        ("/api/v1/logs/amule", "log-update", "view_logs"),
        ("/api/v1/logs/qbittorrent", "log-update", "view_logs"),
    ],
)
def test_what_the_document_names_without_an_example(world, path, kind, needs):
    assert world.ask("GET", path, who=ANY_USER).status_code == 403
    told = world.ask("GET", path, who=needs).json()
    assert told["type"] == kind
    assert isinstance(told["data"], list)
    assert told["data"]


REPLIES = {
    "search": "search-results",
    "getDownloads": "downloads-update",
    "pauseDownload": "batch-pause-complete",
    "resumeDownload": "batch-resume-complete",
    "delete": "batch-delete-complete",
    "download": "batch-download-complete",
    "getUploadingQueue": "uploads-update",
    "getShared": "shared-update",
    "reloadSharedFiles": "shared-files-refreshed",
    "getStats": "stats-update",
    "getStatsTree": "stats-tree-update",
    "getServers": "servers-update",
    "connectServer": "server-action",
    "disconnectServer": "server-action",
    "removeServer": "server-action",
    "getLog": "log-update",
    "getServerInfo": "serverinfo-update",
    "getCategories": "categories-update",
    "createCategory": "category-created",
    "updateCategory": "category-updated",
    "deleteCategory": "category-deleted",
    "setFileCategory": "batch-category-changed",
    "addEd2kLink": "ed2k-added",
}
ORDER = [
    "search", "download", "createCategory", "updateCategory", "setFileCategory", "pauseDownload", "resumeDownload",
    "addEd2kLink", "getServerInfo", "getServers", "disconnectServer", "connectServer", "removeServer",
]  # fmt: skip
"""What has to come in this order; the others come after these, and what deletes comes last."""


async def test_every_action_of_the_socket(world):
    requests = {each["action"]: each for each in api_document.actions()}
    assert requests.keys() == REPLIES.keys()
    rest = [each for each in requests if each not in ORDER and not each.startswith("delete")]
    headers = [(b"X-API-Key", world.keys[ADMIN].encode())]
    async with reader(f"ws://127.0.0.1:{world.ours.port}", headers) as socket:
        for action in [*ORDER, *rest, "deleteCategory", "delete"]:
            request = {**requests[action], **fitting(world, action, socket)}
            reply = await socket.ask(**request)
            assert (reply["type"], reply.get("code")) == (REPLIES[action], None), (request, reply)
            assert all(each["success"] for each in reply.get("results", ())), reply
        refused = await socket.ask(action="nonesuch")
        assert refused["type"] == "error"
        assert isinstance(refused["message"], str)
    assert api_document.messages() <= {each["type"] for each in socket.messages}


def fitting(world, action, socket):
    """Put what is real into a request of the socket."""
    file = world.last
    made = [each["category"]["id"] for each in socket.messages if each["type"] == "category-created"]
    if action == "search":
        return {"query": "ubuntu"}
    if action in ("pauseDownload", "resumeDownload", "setFileCategory", "download", "delete"):
        return {"fileHash": file.hash} | ({"categoryId": made[-1]} if action == "setFileCategory" else {})
    if action == "addEd2kLink":
        return {"link": world.other.uri}
    if action in ("connectServer", "removeServer"):
        return {"serverAddress": "{ip}:{port}".format(**world.server_place())}
    if action == "createCategory":
        return {"category": {"title": "Socket", "path": str(world.downloads / "tv"), "color": 0xCCCCCC, "priority": 0}}
    if action in ("updateCategory", "deleteCategory"):
        return {"id": made[-1]} | ({"category": {"comment": "changed"}} if action == "updateCategory" else {})
    return {}
