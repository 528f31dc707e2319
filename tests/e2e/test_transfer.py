"""The main job on real input: two qbittorrent-nox and a tracker, one list over REST and WebSocket."""

import httpx
import pytest
from lab.amutorrent import amutorrent
from lab.reader import reader
from lab.torrents import make_torrent
from lab.waiting import wait_for, wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


@pytest.fixture(scope="module")
def ours(tmp_path_factory, qbittorrent, second_qbittorrent):
    """Our daemon over both clients."""
    clients = [{**qbittorrent.settings, "id": "seeder"}, {**second_qbittorrent.settings, "id": "leecher"}]
    with amutorrent(tmp_path_factory.mktemp("amutorrent"), clients) as running:
        wait_until(lambda: running.state("seeder") == running.state("leecher") == "online", 20)
        yield running


def seeded(qbittorrent, tracker, name, size=4 << 20):
    torrent = make_torrent(name, size, tracker.url)
    qbittorrent.seed(torrent)
    tracker.wait_seeded(torrent.hash)
    return torrent


def complete(ours, torrent):
    return ours.item("leecher", torrent.hash).get("complete")


def items(*torrents):
    return [{"fileHash": torrent.hash, "instanceId": "leecher"} for torrent in torrents]


def test_a_file_is_added_and_completes_with_equal_content(ours, qbittorrent, second_qbittorrent, tracker):
    torrent = seeded(qbittorrent, tracker, "folder", {"a.bin": 3 << 20, "sub/b.bin": 200_000})
    added = ours.add_file(torrent, "leecher", fileName="folder.torrent")
    assert (added["type"], added["hash"], added["name"]) == ("torrent-added", torrent.hash, "folder")
    wait_until(lambda: complete(ours, torrent), 60)
    assert torrent.digest_in(second_qbittorrent.downloads) == torrent.digest
    wait_until(lambda: qbittorrent.torrent(torrent.hash)["uploaded"] >= 3 << 20, 10)
    item = ours.item("leecher", torrent.hash)
    assert (item["status"], item["progress"], item["multiFile"]) == ("seeding", 100.0, True)
    files = ours.get(f"/api/item/files/{torrent.hash}", instanceId="leecher")["files"]
    assert [(each["path"], each["progress"]) for each in files] == [
        ("a.bin", 100.0),
        ("sub/b.bin", 100.0),
    ]


def test_a_magnet_is_added_and_completes_with_equal_content(ours, qbittorrent, second_qbittorrent, tracker):
    torrent = seeded(qbittorrent, tracker, "by-magnet.bin")
    reply = ours.post("/api/v1/downloads/magnets", links=[torrent.magnet, "magnet:?nonsense"], instanceId="leecher")
    assert [each["success"] for each in reply["results"]] == [True, False]
    wait_until(lambda: complete(ours, torrent), 60)
    assert torrent.digest_in(second_qbittorrent.downloads) == torrent.digest


def test_a_file_as_multipart(ours, second_qbittorrent):
    torrent = make_torrent("multipart.bin", 100_000)
    files = {"torrent": ("multipart.torrent", torrent.file, "application/x-bittorrent")}
    answer = httpx.post(
        f"{ours.url}/api/v1/downloads/torrent", files=files, data={"instanceId": "leecher", "paused": "true"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["fileName"] == "multipart.torrent"
    wait_until(lambda: second_qbittorrent.torrent(torrent.hash)["state"] == "pausedDL", 10)
    again = httpx.post(f"{ours.url}/api/v1/downloads/torrent", files=files, data={"instanceId": "leecher"})
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


def test_every_control_is_seen_in_the_daemon_itself(ours, second_qbittorrent):
    torrent = make_torrent("controlled.bin", 200_000)
    torrent.write(second_qbittorrent.downloads)
    ours.add_file(torrent, "leecher", categoryName="tv")
    daemon = second_qbittorrent

    def native(**expected):
        wait_until(
            lambda: expected.items() <= daemon.torrent(torrent.hash).items(), 20, lambda: daemon.torrent(torrent.hash)
        )

    def shown(**expected):
        wait_until(
            lambda: expected.items() <= ours.item("leecher", torrent.hash).items(),
            20,
            lambda: ours.item("leecher", torrent.hash),
        )

    def tell(route, **body):
        reply = ours.post(f"/api/v1/downloads/{route}", items=items(torrent), **body)
        assert [each["success"] for each in reply["results"]] == [True], reply

    native(state="stalledUP", category="tv")
    for route in ("pause", "stop"):
        tell(route)
        native(state="pausedUP")
        shown(status="stopped", complete=True)
        tell("resume")
        native(state="stalledUP")
        shown(status="seeding")
    tell("category", categoryName="films")
    native(category="films")
    shown(category="films")
    tell("category", categoryName="")
    native(category="")
    tell("tags", add=["one", "two"])
    tell("tags", remove=["one"])
    native(tags="two")
    shown(tags=["two"])
    ours.post("/api/v1/downloads/rename", fileHash=torrent.hash, instanceId="leecher", newName="Another name")
    native(name="Another name")
    shown(name="Another name")
    tell("reannounce")
    tell("recheck")
    shown(complete=True)
    limits = ours.put("/api/v1/clients/instances/leecher/speed-limits", download=1 << 20, upload=512 << 10)
    assert limits["data"]["download"] == 1 << 20
    assert daemon.ask("app/preferences")["dl_limit"] == 1 << 20
    ours.put("/api/v1/clients/instances/leecher/speed-limits", download=0, upload=0)
    tell("delete")
    wait_until(lambda: daemon.torrent(torrent.hash) == {}, 20)
    wait_until(lambda: ours.item("leecher", torrent.hash) == {}, 20)
    assert torrent.digest_in(daemon.downloads) == torrent.digest


def test_delete_with_files_takes_the_data_too(ours, second_qbittorrent):
    torrent = make_torrent("doomed.bin", 200_000)
    torrent.write(second_qbittorrent.downloads)
    second_qbittorrent.seed(torrent)
    wait_until(lambda: complete(ours, torrent), 30)
    reply = ours.post("/api/v1/downloads/delete", items=items(torrent), deleteFiles=True)
    assert reply["message"] == "Deleted 1/1 files"
    wait_until(lambda: second_qbittorrent.torrent(torrent.hash) == {}, 20)
    wait_until(lambda: not (second_qbittorrent.downloads / "doomed.bin").exists(), 10)


async def test_replayed_deltas_equal_the_snapshot_over_a_whole_transfer(ours, qbittorrent, second_qbittorrent, tracker):
    torrent = seeded(qbittorrent, tracker, "replayed.bin", 8 << 20)
    async with reader(f"ws://127.0.0.1:{ours.port}/ws") as socket:
        await socket.until("batch-update")
        types = [message["type"] for message in socket.messages]
        assert types == ["connected", "connection-status", "search-lock", "batch-update"]
        reply = await socket.ask(action="addMagnetLinks", links=[torrent.magnet], instanceId="leecher")
        assert reply["type"] == "magnet-added"
        while not socket.items.get(("leecher", torrent.hash), {}).get("complete"):
            await socket.read()
        deltas = [message["data"] for message in socket.messages if "delta" in message.get("data", {})]
        seqs = [data["delta"]["seq"] for data in deltas]
        assert seqs == sorted(set(seqs))
        await ask_equal(socket)
        left_at, session = socket.seq, socket.session
    ours.post("/api/v1/downloads/stop", items=items(torrent))
    await wait_for(lambda: ours.item("leecher", torrent.hash)["status"] == "stopped")
    async with reader(f"ws://127.0.0.1:{ours.port}/?since={left_at}&session={session}") as again:
        again.items = dict(socket.items)
        await again.until("batch-update")
        assert again.full_forms == 0
        assert again.items["leecher", torrent.hash]["status"] == "stopped"
        await ask_equal(again)
    async with reader(f"ws://127.0.0.1:{ours.port}/?since={left_at}&session=another") as stranger:
        await stranger.until("batch-update")
        assert stranger.full_forms == 1
    assert torrent.digest_in(second_qbittorrent.downloads) == torrent.digest


async def ask_equal(socket):
    """Compare what was replayed so far with a full form: messages come in order, so nothing lies between the two."""
    await socket.ask(action="requestFullSnapshot")
    assert socket.replayed == socket.items
