"""ED2K through our own daemon: two real amuleds, a server on loopback, and everything over REST."""

import struct
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trio
from amutorrent_amule.codes import T
from lab.amutorrent import amutorrent
from lab.ec import look, value
from lab.peers import DOWNLOADER, SHARER, World, clients, peers
from lab.reader import reader
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("ed2k")
    with peers(root) as (server, sharer, downloader), amutorrent(root / "ours", clients(sharer, downloader)) as ours:
        wait_until(lambda: ours.state(SHARER) == ours.state(DOWNLOADER) == "online", 20)
        found = World(server, sharer, downloader, ours)
        found.join_both()
        yield found


def test_search_download_by_result_and_complete(world):
    file = make_ed2k_file("film alpha ü.avi", 300_000)
    world.share(file)
    rated = world.ours.post(
        "/api/v1/downloads/rating-comment", fileHash=file.hash, instanceId=SHARER, rating=4, comment="sehr gut"
    )
    assert rated["success"]
    with look(world.sharer.port, world.sharer.password) as other:
        known = other.files()[file.hash]
        assert (value(known, T.KNOWNFILE_RATING), value(known, T.KNOWNFILE_COMMENT)) == (4, "sehr gut")
    wait_until(lambda: world.ours.item(SHARER, file.hash)["rating"] == 4, 10)

    for kind in ("local", "global"):
        found = world.ours.post("/api/v1/search", query="film alpha", type=kind, instanceId=DOWNLOADER)
        (row,) = found["data"]
        assert (row["fileName"], row["fileSize"], row["fileHash"]) == (file.name, file.size, file.hash)
        assert (row["sourceCount"], row["status"]) == (1, "new")
    done = world.ours.post(
        "/api/v1/downloads/search-results",
        fileHashes=[file.hash, "0" * 32],
        searchId=found["searchId"],
        categoryName="films",
    )
    assert [each["success"] for each in done["results"]] == [True, False]
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 10)
    wait_until(lambda: has_its_source(world, file), 30)
    item = world.complete(file)
    assert (item["category"], item["status"], item["progress"]) == ("films", "seeding", 100.0)
    assert item["path"] == str(world.downloader.incoming / file.name)
    wait_until(lambda: world.ours.item(SHARER, file.hash)["uploadTotal"] >= file.size, 20)
    keys = [key for key in world.ours.items() if key[1] == file.hash]
    assert sorted(keys) == [(DOWNLOADER, file.hash), (SHARER, file.hash)]


def has_its_source(world, file):
    """Say if a file has its one source."""
    detail = world.ours.get(f"/api/item/detail/{file.hash}", instanceId=DOWNLOADER)
    return [each["software"] for each in detail["peers"]] == ["aMule v2.3.3"]


async def test_download_by_link_with_replayed_deltas(world):
    file = make_ed2k_file("by link.bin", 250_000)
    await trio.to_thread.run_sync(world.share, file)
    async with reader(f"ws://127.0.0.1:{world.ours.port}/ws") as socket:
        await socket.until("batch-update")
        reply = await socket.ask(action="addEd2kLink", link=file.uri, instanceId=DOWNLOADER)
        assert reply["results"][0]["success"], reply
        reply = await socket.ask(action="addEd2kLink", link=file.uri, instanceId=DOWNLOADER)
        assert reply["results"][0]["code"] == "already_exists"
        await trio.to_thread.run_sync(world.complete, file)
        while not socket.items.get((DOWNLOADER, file.hash), {}).get("complete"):
            await socket.read()
        await socket.ask(action="requestFullSnapshot")
        assert socket.replayed == socket.items


def test_every_control_is_seen_in_the_daemon_itself(world):
    file = make_ed2k_file("controlled.bin", 5_000_000)
    reply = world.ours.post(
        "/api/v1/downloads/ed2k", links=[file.uri, "ed2k://|file|x"], instanceId=DOWNLOADER, categoryName="tv"
    )
    assert [each["success"] for each in reply["results"]] == [True, False]

    def native():
        with look(world.downloader.port, world.downloader.password) as other:
            found = other.files().get(file.hash)
            names = other.categories()
        if found is None:
            return None
        return {
            "name": value(found, T.PARTFILE_NAME),
            "status": value(found, T.PARTFILE_STATUS),
            "stopped": value(found, T.PARTFILE_STOPPED),
            "category": names.get(value(found, T.PARTFILE_CAT)),
            "priority": value(found, T.PARTFILE_PRIO),
        }

    def is_so(status=None, **expected):
        wait_until(lambda: expected.items() <= native().items(), 20, native)
        wait_until(
            lambda: status in (None, world.ours.item(DOWNLOADER, file.hash).get("status")),
            20,
            lambda: world.ours.item(DOWNLOADER, file.hash),
        )

    def tell(route, **body):
        items = [{"fileHash": file.hash, "instanceId": DOWNLOADER}]
        reply = world.ours.post(f"/api/v1/downloads/{route}", items=items, **body)
        assert [each["success"] for each in reply["results"]] == [True], reply

    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 20)
    is_so(category="tv", stopped=0)
    tell("pause")
    is_so(status="paused", stopped=0)
    tell("resume")
    is_so(status="active", stopped=0)
    tell("stop")
    is_so(status="stopped", stopped=1)
    tell("resume")
    tell("priority", priority="veryHigh")
    is_so(priority=3)
    tell("category", categoryName="films")
    is_so(category="films")
    tell("category", categoryName="")
    wait_until(lambda: native()["category"] in (None, "all"), 10, native)
    world.ours.post("/api/v1/downloads/rename", fileHash=file.hash, instanceId=DOWNLOADER, newName="Another ü.bin")
    is_so(name="Another ü.bin")
    limits = world.ours.put(f"/api/v1/clients/instances/{DOWNLOADER}/speed-limits", download=1 << 20, upload=512 << 10)
    assert limits["data"]["download"] == 1 << 20
    world.ours.put(f"/api/v1/clients/instances/{DOWNLOADER}/speed-limits", download=0, upload=20 << 20)
    tell("delete")
    wait_until(lambda: native() is None, 10)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash) == {}, 10)


def test_a_shared_file_goes_only_with_its_data(world):
    file = make_ed2k_file("doomed.bin", 100_000)
    world.share(file)
    items = [{"fileHash": file.hash, "instanceId": SHARER}]
    reply = world.ours.post("/api/v1/downloads/delete", items=items)
    assert [each["success"] for each in reply["results"]] == [False]
    assert (world.sharer.incoming / file.name).exists()
    reply = world.ours.post("/api/v1/downloads/delete", items=items, deleteFiles=True)
    assert [each["success"] for each in reply["results"]] == [True]
    assert not (world.sharer.incoming / file.name).exists()
    wait_until(lambda: world.ours.item(SHARER, file.hash) == {}, 20)


def test_servers_are_added_removed_and_updated_from_a_url(world):
    route = "/api/v1/amule/servers"
    where = {"ip": "10.20.30.40", "port": 4661, "instanceId": SHARER}

    def addresses():
        with look(world.sharer.port, world.sharer.password) as other:
            return other.servers()

    assert world.ours.post(route, **where, name="Another")["data"] is True
    assert ("10.20.30.40", 4661) in addresses()
    again = world.ours.http.post(route, json=where)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    assert world.ours.post(f"{route}/action", action="remove", **where)["data"] is True
    assert ("10.20.30.40", 4661) not in addresses()
    assert world.ours.post(f"{route}/action", action="remove", **where)["data"] is False
    with serving(server_met(("10.50.60.70", 4242))) as url:
        assert world.ours.post(f"{route}/update", url=url, instanceId=SHARER)["data"] is True
        wait_until(lambda: ("10.50.60.70", 4242) in addresses(), 20, addresses)
    listed = {each["address"]: each for each in world.ours.get(route, instanceId=SHARER)["data"]}
    assert "10.50.60.70:4242" in listed
    assert [each["name"] for each in listed.values() if each["connected"]] == ["TestServer"]


def test_reports(world):
    info = world.ours.get("/api/v1/amule/server-info", instanceId=DOWNLOADER)["data"]
    assert "Welcome to the test network" in info
    (tree,) = world.ours.get("/api/v1/amule/stats-tree", instanceId=DOWNLOADER)["data"]
    assert tree["label"] == "Statistics"
    assert any(each["template"] == "Uptime: %s" for each in tree["children"])
    assert world.ours.get("/api/v1/logs/amule", instanceId=DOWNLOADER)["data"]
    assert world.ours.post("/api/v1/amule/kad", command="start", instanceId=DOWNLOADER)["data"] is False


def server_met(*servers):
    """Write a list of servers: header, count, and of each its address without tags."""
    entries = b"".join(bytes(int(part) for part in ip.split(".")) + struct.pack("<HI", port, 0) for ip, port in servers)
    return b"\xe0" + struct.pack("<I", len(servers)) + entries


@contextmanager
def serving(data):
    """Serve some bytes on loopback for as long as the context lasts; gives their URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/server.met"
        server.shutdown()
        thread.join()
