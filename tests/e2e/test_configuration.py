"""The configuration changed under a running daemon with real clients."""

import pytest
from lab.amutorrent import amutorrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

MASK = "********"


@pytest.fixture
def ours(tmp_path, qbittorrent, rtorrent):
    clients = [{**qbittorrent.settings, "id": "qb"}, {**rtorrent.settings, "id": "rt"}]
    with amutorrent(tmp_path / "data", clients) as running:
        wait_until(lambda: running.state("qb") == running.state("rt") == "online", 30, running.tail)
        yield running


def test_clients_are_tried_changed_and_left_alone(ours, qbittorrent, rtorrent, tmp_path):
    current = ours.get("/api/config/current")
    qb, rt = current["clients"]
    assert (qb["password"], rt["port"]) == (MASK, rtorrent.port)
    tried = ours.post("/api/config/test", clients=[qb, {**qb, "password": "wrong"}, rt, {**rt, "port": 1}])
    results = tried["results"]["clients"]
    assert [each["success"] for each in results] == [True, False, True, False], results
    assert results[2]["version"] == rtorrent.call("system.client_version")
    assert "refused" in results[1]["error"]
    elsewhere = ours.http.post("/api/config/test", json={"clients": [{**qb, "host": "127.0.0.9"}]})
    assert elsewhere.json()["details"]["field"] == "clients.0.host"

    rt["port"], qb["name"] = 1, "Renamed"
    reply = ours.post("/api/config/save", **current)
    wait_until(lambda: ours.state("rt") == "waiting", 30, ours.tail)
    listed = {each["id"]: each for each in ours.get("/api/v1/clients/instances")["data"]}
    assert (listed["qb"]["state"], listed["qb"]["name"]) == ("online", "Renamed")
    said = ours.log.read_text()
    assert said.count("qb is online") == 1

    current["_meta"]["revision"] = reply["revision"]
    rt["port"] = rtorrent.port
    ours.post("/api/config/save", **current)
    wait_until(lambda: ours.state("rt") == "online", 30, ours.tail)
    assert ours.state("qb") == "online"
    said = ours.log.read_text()
    assert said.count("qb is online") == 1
    assert qbittorrent.password not in said + str(current) + str(tried)
