"""Operations by capability against a real client, over a real server: what it can do, and what it cannot."""

import pytest
from lab.amutorrent import amutorrent
from lab.reader import reader
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


@pytest.fixture(scope="module")
def ours(tmp_path_factory, qbittorrent):
    """Our daemon over one client."""
    with amutorrent(tmp_path_factory.mktemp("amutorrent"), [{**qbittorrent.settings, "id": "qb"}]) as running:
        wait_until(lambda: running.state("qb") == "online", 20)
        yield running


def refused(ours, method, path, **body):
    """Make a request that is refused; gives its status and code."""
    answer = ours.http.request(method, path, json=body) if body else ours.http.request(method, path)
    assert answer.json()["type"] == "error"
    return answer.status_code, answer.json()["code"]


async def test_the_clients_log_over_both_transports(ours):
    log = ours.get("/api/v1/logs/qbittorrent")
    assert (log["type"], log["client"], log["instanceId"]) == ("log-update", "qbittorrent", "qb")
    assert any("qBittorrent" in line for line in log["data"])
    async with reader(ours.url.replace("http", "ws")) as socket:
        told = await socket.ask(action="getLog", instanceId="qb")
        assert told["data"][: len(log["data"])] == log["data"]
        assert (await socket.ask(action="getLog"))["code"] == "not_connected"


def test_the_priority_of_files_is_seen_in_the_client(ours, qbittorrent, tracker):
    torrent = make_torrent("priorities", {"a.bin": 100_000, "b.bin": 100_000}, tracker.url)
    qbittorrent.seed(torrent)
    wait_until(lambda: ours.item("qb", torrent.hash).get("complete"), 30)
    path = f"/api/item/files/{torrent.hash}"
    assert ours.put(path, files=[1], priority=2) == {"success": True}
    wait_until(
        lambda: [each["priority"] for each in qbittorrent.ask("torrents/files", hash=torrent.hash)] == [1, 6], 10
    )
    assert [each["priority"] for each in ours.get(path)["files"]] == [1, 2]
    assert refused(ours, "PUT", path, files=[9], priority=2) == (400, "validation_error")


def test_what_only_an_ed2k_client_can_do(ours, qbittorrent, tracker):
    named = {"instanceId": "qb"}
    assert refused(ours, "POST", "/api/v1/search", query="ubuntu", **named) == (422, "unsupported_by_client")
    assert refused(ours, "POST", "/api/v1/search", query="ubuntu") == (503, "not_connected")
    assert refused(ours, "GET", "/api/v1/amule/servers?instanceId=qb") == (422, "unsupported_by_client")
    assert refused(ours, "POST", "/api/v1/amule/kad", command="start", **named) == (422, "unsupported_by_client")
    assert refused(ours, "DELETE", "/api/v1/search") == (503, "not_connected")
    assert refused(ours, "GET", "/api/v1/logs/nonesuch") == (404, "not_found")
    body = {"items": [{"fileHash": next(iter(qbittorrent.torrents())), "instanceId": "qb"}], "priority": "high"}
    (result,) = ours.post("/api/v1/downloads/priority", **body)["results"]
    assert (result["success"], result["code"]) == (False, "unsupported_by_client")
