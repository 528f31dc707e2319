"""Every route of the host that the API document shows no example of: asked with success, and seen in the client."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from lab.ec import look
from lab.stage import ADMIN, AMULE, ANY_USER, QBITTORRENT, RTORRENT, Stage
from lab.waiting import wait_until

from amutorrent.operations.host_operations import HOST_OPERATIONS
from amutorrent.testing import make_torrent

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
V1 = "/api/v1"
DOWNLOADS = f"{V1}/downloads"
TORRENT = make_torrent("every route.bin", {"a.bin": 50_000, "b.bin": 50_000}, "http://127.0.0.1:9/announce")
"""It lies in qBittorrent."""


@dataclass(frozen=True)
class Case:
    """One route: who may ask, what with, and what is so afterwards in the client."""

    method: str
    path: str
    needs: str
    body: Callable[[Stage], dict[str, Any]] = lambda stage: {}
    seen: Callable[[Stage], object] = lambda stage: True
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self):
        return f"{self.method} {self.path}"


def on_torrent(**fields):
    """Make the body of a batch over the torrent."""
    return lambda stage: {"items": [{"fileHash": TORRENT.hash, "instanceId": QBITTORRENT}], **fields}


def own(stage, key):
    """Give a fact of the torrent that qBittorrent itself tells."""
    return stage.qbittorrent.torrent(TORRENT.hash)[key]


def own_files(stage):
    """Give the priorities of the torrent's files that qBittorrent itself tells."""
    return [each["priority"] for each in stage.qbittorrent.ask("torrents/files", hash=TORRENT.hash)]


def mule_servers(stage):
    """List the servers that amuled itself tells."""
    with look(stage.mule.port, stage.mule.password) as other:
        return other.servers()


def limits(stage):
    """Give the download limit that qBittorrent itself tells."""
    return int(stage.qbittorrent.ask("transfer/info")["dl_rate_limit"])


OF_TORRENT = (("instanceId", QBITTORRENT),)
CASES = [
    Case("GET", f"{V1}/clients/instances", ANY_USER),
    Case("GET", f"{V1}/plugins", ANY_USER),
    Case("POST", f"{V1}/clients/instances/{QBITTORRENT}/connect", ADMIN),
    Case(
        "PUT", f"{V1}/clients/instances/{QBITTORRENT}/speed-limits", "edit_all_downloads",
        lambda stage: {"download": 512_000, "upload": 0}, lambda stage: limits(stage) == 512_000,
    ),
    Case(
        "POST", f"{DOWNLOADS}/tags", "assign_categories",
        on_torrent(add=["seen"]), lambda stage: own(stage, "tags") == "seen",
    ),
    Case("POST", f"{DOWNLOADS}/recheck", "edit_downloads", on_torrent(), lambda stage: own(stage, "progress") == 1),
    Case("POST", f"{DOWNLOADS}/reannounce", "edit_downloads", on_torrent()),
    Case("GET", f"/api/item/detail/{TORRENT.hash}", "view_all_downloads", query=OF_TORRENT),
    Case("GET", f"/api/item/files/{TORRENT.hash}", "view_all_downloads", query=OF_TORRENT),
    Case(
        "PUT", f"/api/item/files/{TORRENT.hash}", "edit_downloads",
        lambda stage: {"instanceId": QBITTORRENT, "files": [1], "priority": 2},
        lambda stage: own_files(stage) == [1, 6],
    ),
    Case(
        "POST", f"{DOWNLOADS}/priority", "edit_downloads",
        lambda stage: {"items": [{"fileHash": stage.seeded.hash, "instanceId": RTORRENT}], "priority": "high"},
        lambda stage: stage.rtorrent.get("d.priority", stage.seeded.hash) == 3,
    ),
    Case(
        "POST", f"{V1}/amule/servers", "view_servers",
        lambda stage: {"ip": "10.20.30.40", "port": 4661, "name": "other", "instanceId": AMULE},
        lambda stage: ("10.20.30.40", 4661) in mule_servers(stage),
    ),
    Case(
        "POST", f"{V1}/amule/servers/update", "view_servers",
        lambda stage: {"url": "http://127.0.0.1:9/server.met", "instanceId": AMULE},
    ),
    Case("POST", f"{V1}/amule/kad", "view_servers", lambda stage: {"command": "stop", "instanceId": AMULE}),
    Case("POST", "/api/amule/shared-dirs/reload", ADMIN),
    Case("GET", "/api/version", ANY_USER),
    Case("GET", "/api/history/all", "view_history"),
    Case("GET", "/api/history/stats", "view_history"),
    Case("GET", "/api/history/export", "view_history"),
    Case("GET", f"/api/history/{TORRENT.hash}", "view_history"),
    Case("DELETE", f"/api/history/{TORRENT.hash}", "clear_history"),
    Case("POST", "/api/history/cleanup", ADMIN, lambda stage: {"retentionDays": 3650}),
    Case("GET", "/api/metrics/dashboard", "view_statistics"),
    Case("POST", "/api/filesystem/browse", ADMIN, lambda stage: {"path": str(stage.downloads)}),
    Case("DELETE", f"{V1}/search", "search", lambda stage: {"instanceId": AMULE}),
]  # fmt: skip
OTHER_PLACES = ("/api/auth/", "/api/users", "/api/config/")
"""Accounts and settings: tests/web and tests/settings."""


@pytest.fixture(scope="module")
def torrent(world):
    """Let qBittorrent seed the torrent."""
    world.qbittorrent.seed(TORRENT)
    wait_until(lambda: world.ours.item(QBITTORRENT, TORRENT.hash).get("complete"), 30)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_route(world, torrent, case):
    body, query = case.body(world) or None, dict(case.query)
    if case.needs != ANY_USER:
        refused = world.ask(case.method, case.path, body, who=ANY_USER, **query)
        codes = {ADMIN: "admin_required", "view_all_downloads": "item_not_found"}
        assert refused.json()["code"] == codes.get(case.needs, "forbidden")
    answer = world.ask(case.method, case.path, body, who=case.needs, **query)
    assert answer.status_code == 200, answer.text
    told = answer.json() if answer.headers["content-type"] == "application/json" else {}
    assert all(each["success"] for each in told.get("results", ())), told
    wait_until(lambda: case.seen(world), 30, lambda: f"{told}")


def test_no_route_was_forgotten(world):
    mine = {(each.method, each.path) for each in HOST_OPERATIONS if each.path}
    wanted = {each for each in mine if not each[1].startswith(OTHER_PLACES)}
    missing = wanted - world.asked
    assert not missing, "run this whole folder: some of these are asked in test_document"
