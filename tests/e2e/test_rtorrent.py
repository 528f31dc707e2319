"""rTorrent in the list beside qBittorrent: real transfers both ways, every control, hostile names, lost methods."""

import base64
import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from lab.amutorrent import amutorrent
from lab.lacking import lacking
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


@pytest.fixture(scope="module")
def ours(tmp_path_factory, qbittorrent, rtorrent):
    """Our daemon over both clients."""
    clients = [{**qbittorrent.settings, "id": "qb"}, {**rtorrent.settings, "id": "rt"}]
    with amutorrent(tmp_path_factory.mktemp("amutorrent"), clients) as running:
        wait_until(lambda: running.state("qb") == running.state("rt") == "online", 20)
        yield running


def tell(ours, torrent, route, **body):
    wait_until(lambda: ours.item("rt", torrent.hash), 20)
    items = [{"fileHash": torrent.hash, "instanceId": "rt"}]
    reply = ours.post(f"/api/v1/downloads/{route}", items=items, **body)
    assert [each["success"] for each in reply["results"]] == [True], reply


def shown(ours, torrent, **expected):
    def look():
        return ours.item("rt", torrent.hash)

    wait_until(lambda: expected.items() <= look().items(), 30, lambda: f"{expected} of {look()}")


def complete(ours, torrent, instance):
    return ours.item(instance, torrent.hash).get("complete")


@pytest.mark.parametrize("way", ["file", "magnet"])
def test_from_qbittorrent_to_rtorrent(ours, qbittorrent, rtorrent, tracker, way):
    torrent = make_torrent(f"to rtorrent by {way}", {"a.bin": 3 << 20, "sub/b.bin": 200_000}, tracker.url)
    qbittorrent.seed(torrent)
    tracker.wait_seeded(torrent.hash)
    if way == "file":
        added = ours.add_file(torrent, "rt", categoryName="tv")
        assert (added["type"], added["hash"], added["name"]) == ("torrent-added", torrent.hash, torrent.name)
    else:
        reply = ours.post(
            "/api/v1/downloads/magnets", links=[torrent.magnet, "magnet:?no"], instanceId="rt", categoryName="tv"
        )
        assert [each["success"] for each in reply["results"]] == [True, False]
    wait_until(lambda: complete(ours, torrent, "rt"), 60)
    assert torrent.digest_in(rtorrent.downloads) == torrent.digest
    wait_until(lambda: qbittorrent.torrent(torrent.hash)["uploaded"] >= 3 << 20, 10)
    shown(ours, torrent, name=torrent.name, status="seeding", progress=100.0, multiFile=True, category="tv")
    files = ours.get(f"/api/item/files/{torrent.hash}", instanceId="rt")["files"]
    assert [(each["path"], each["progress"]) for each in files] == [("a.bin", 100.0), ("sub/b.bin", 100.0)]


@pytest.mark.parametrize("way", ["file", "magnet"])
def test_from_rtorrent_to_qbittorrent(ours, qbittorrent, rtorrent, tracker, way):
    torrent = make_torrent(f"from-rtorrent-by-{way}.bin", 4 << 20, tracker.url)
    rtorrent.seed(torrent)
    tracker.wait_seeded(torrent.hash)
    if way == "file":
        ours.add_file(torrent, "qb")
    else:
        ours.post("/api/v1/downloads/magnets", links=[torrent.magnet], instanceId="qb")
    wait_until(lambda: complete(ours, torrent, "qb"), 60)
    assert torrent.digest_in(qbittorrent.downloads) == torrent.digest
    assert rtorrent.get("d.up.total", torrent.hash) >= 4 << 20
    wait_until(lambda: ours.item("rt", torrent.hash).get("uploadTotal", 0) >= 4 << 20, 20)


def test_every_control_is_seen_in_the_daemon_itself(ours, rtorrent):
    torrent = make_torrent("controlled.bin", 200_000, "http://127.0.0.1:9/announce")
    torrent.write(rtorrent.downloads)
    ours.add_file(torrent, "rt", categoryName="tv & more")

    def native(**expected):
        def look():
            return {field: rtorrent.get(f"d.{field}", torrent.hash) for field in expected}

        wait_until(lambda: look() == expected, 20, lambda: f"{expected} of {look()}")

    native(is_active=1, state=1, complete=1)
    assert rtorrent.label(torrent.hash) == "tv & more"
    shown(ours, torrent, status="seeding", category="tv & more")
    tell(ours, torrent, "pause")
    native(is_active=0, is_open=1, state=1)
    shown(ours, torrent, status="paused", complete=True)
    tell(ours, torrent, "resume")
    native(is_active=1)
    shown(ours, torrent, status="seeding")
    tell(ours, torrent, "stop")
    native(is_active=0, is_open=0, state=0)
    shown(ours, torrent, status="completed")
    tell(ours, torrent, "resume")
    native(is_active=1, state=1)
    tell(ours, torrent, "category", categoryName="films")
    wait_until(lambda: rtorrent.label(torrent.hash) == "films", 10)
    shown(ours, torrent, category="films")
    tell(ours, torrent, "category", categoryName="")
    wait_until(lambda: rtorrent.label(torrent.hash) == "", 10)
    name = 'Another "name" \U0001f31e $(x); %41'
    ours.post("/api/v1/downloads/rename", fileHash=torrent.hash, instanceId="rt", newName=name)
    shown(ours, torrent, name=name)
    assert unquote(rtorrent.call("d.custom", torrent.hash, "amt_name")) == name
    native(name="controlled.bin")
    before = rtorrent.call("t.multicall", torrent.hash, "", "t.failed_counter=", "t.activity_time_last=")
    tell(ours, torrent, "reannounce")
    wait_until(
        lambda: before != rtorrent.call("t.multicall", torrent.hash, "", "t.failed_counter=", "t.activity_time_last="),
        20,
    )
    (rtorrent.downloads / "controlled.bin").write_bytes(bytes(200_000))
    tell(ours, torrent, "recheck")
    native(complete=0, completed_bytes=0)
    shown(ours, torrent, complete=False, progress=0)
    limits = ours.put("/api/v1/clients/instances/rt/speed-limits", download=1 << 20, upload=512 << 10)
    assert limits["data"]["download"] == rtorrent.call("throttle.global_down.max_rate") == 1 << 20
    ours.put("/api/v1/clients/instances/rt/speed-limits", download=0, upload=0)
    assert rtorrent.call("throttle.global_up.max_rate") == 0
    tell(ours, torrent, "delete")
    wait_until(lambda: rtorrent.get("d.name", torrent.hash) is None, 20)
    wait_until(lambda: ours.item("rt", torrent.hash) == {}, 20)
    assert (rtorrent.downloads / "controlled.bin").exists()


def test_priorities_are_seen_in_the_daemon_itself(ours, rtorrent):
    torrent = make_torrent("ranked", {"a": 20_000, "b": 30_000})
    ours.add_file(torrent, "rt", paused=True)
    tell(ours, torrent, "priority", priority="veryHigh")
    assert rtorrent.get("d.priority", torrent.hash) == 3
    shown(ours, torrent, downloadPriority="high")
    tell(ours, torrent, "priority", priority="off")
    assert rtorrent.get("d.priority", torrent.hash) == 0
    shown(ours, torrent, downloadPriority="off")
    ours.put(f"/api/item/files/{torrent.hash}", instanceId="rt", files=[1], priority=0)
    assert rtorrent.call("f.multicall", torrent.hash, "", "f.priority=") == [[1], [0]]
    files = ours.get(f"/api/item/files/{torrent.hash}", instanceId="rt")["files"]
    assert [each["priority"] for each in files] == [1, 0]
    tell(ours, torrent, "delete")


HOSTILE = [
    "; execute=touch,{mark}",
    '";execute.nothrow="touch","{mark}";#',
    "$execute.capture=touch,{mark}",
    "$(touch {mark}) `touch {mark}`",
    '"$execute.capture=\\"touch {mark}\\""',
    "d.erase=",
    "a,b;c\\",
    "{(execute.nothrow,touch,{mark})}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_label_name_or_path_is_a_command(ours, rtorrent, text):
    hostile = text.replace("{mark}", "hostile-mark")
    mark = Path(f"/proc/{rtorrent.pid}/cwd/hostile-mark")
    label = hostile.replace("\\", "|")
    folder = rtorrent.downloads / hostile
    torrent = make_torrent(label, {"a;$(x).bin": 20_000, "$sub/'b' \"c\"": 30_000})
    before = set(rtorrent.hashes())
    ours.add_file(torrent, "rt", categoryName=label, savePath=str(folder))
    wait_until(lambda: rtorrent.get("d.is_active", torrent.hash), 10)
    assert rtorrent.label(torrent.hash) == label
    assert rtorrent.get("d.name", torrent.hash) == label
    assert rtorrent.get("d.directory", torrent.hash) == f"{folder}/{label}"
    shown(ours, torrent, name=label, category=label, directory=f"{folder}/{label}")
    magnet = make_torrent(f"magnet {label}")
    links = [f"MAGNET:?xt=urn:btih:{magnet.hash}&dn={label.replace('&', '%26')}"]
    options = {"categoryName": label, "savePath": str(folder), "paused": True}
    reply = ours.post("/api/v1/downloads/magnets", links=links, instanceId="rt", **options)
    assert [each["success"] for each in reply["results"]] == [True], reply
    assert rtorrent.label(magnet.hash) == label
    assert rtorrent.get("d.directory", magnet.hash) == str(folder)
    tell(ours, torrent, "delete", deleteFiles=True)
    tell(ours, magnet, "delete")
    wait_until(lambda: set(rtorrent.hashes()) == before, 10)
    assert not (folder / label).exists()
    assert not mark.exists()


@pytest.mark.parametrize("path", ["relative", "/with\nnewline", "/with/../dots"])
def test_a_path_that_is_none_is_refused_and_nothing_is_added(ours, rtorrent, path):
    torrent = make_torrent(f"refused {path!r}".replace("/", "|"), 20_000)
    data = base64.b64encode(torrent.file).decode()
    answer = ours.http.post("/api/v1/downloads/torrent", json={"data": data, "instanceId": "rt", "savePath": path})
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")
    assert rtorrent.get("d.name", torrent.hash) is None


def test_deleting_takes_the_files_of_the_torrent_alone(ours, rtorrent, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.bin").write_bytes(bytes(30_000))
    torrent = make_torrent("doomed ünï \U0001f600 \udcff", {"a.bin": 20_000, "link/b.bin": 30_000, "sub/c.bin": 10_000})
    torrent.write(rtorrent.downloads)
    folder = rtorrent.downloads / torrent.contents.keys().__iter__().__next__().split("/")[0]
    (folder / "mine.txt").write_text("mine")
    (folder / "sub" / "deeper").mkdir()
    ours.add_file(torrent, "rt")
    wait_until(lambda: complete(ours, torrent, "rt"), 20)
    (folder / "link" / "b.bin").unlink()
    (folder / "link").rmdir()
    (folder / "link").symlink_to(outside)
    items = [{"fileHash": torrent.hash, "instanceId": "rt"}]
    reply = ours.post("/api/v1/downloads/delete", items=items, deleteFiles=True)
    assert [each["success"] for each in reply["results"]] == [False], "one file is not the one that is meant"
    assert sorted(path.name for path in folder.iterdir()) == ["a.bin", "link", "mine.txt", "sub"]
    (folder / "link").unlink()
    torrent.write(rtorrent.downloads)
    tell(ours, torrent, "delete", deleteFiles=True)
    assert rtorrent.get("d.name", torrent.hash) is None
    assert sorted(path.name for path in folder.iterdir()) == ["mine.txt", "sub"]
    assert [path.name for path in (folder / "sub").iterdir()] == ["deeper"]
    assert (outside / "b.bin").exists()


def test_a_folder_that_became_a_link_is_refused(ours, rtorrent, tmp_path):
    torrent = make_torrent("became a link", {"a.bin": 20_000})
    torrent.write(rtorrent.downloads)
    ours.add_file(torrent, "rt")
    wait_until(lambda: complete(ours, torrent, "rt"), 20)
    folder = rtorrent.downloads / torrent.name
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    items = [{"fileHash": torrent.hash, "instanceId": "rt"}]
    reply = ours.post("/api/v1/downloads/delete", items=items, deleteFiles=True)
    assert [each["success"] for each in reply["results"]] == [False]
    assert (tmp_path / "elsewhere" / "a.bin").exists()
    assert rtorrent.get("d.name", torrent.hash) is not None


def test_killed_hanging_and_restarted_it_costs_its_own_instance_alone(tmp_path, tmp_path_factory, qbittorrent):
    from lab.rtorrent import daemon

    with daemon(tmp_path_factory.mktemp("rtorrent")) as rtorrent, lacking(rtorrent) as proxy:
        clients = [{**qbittorrent.settings, "id": "qb"}, {**proxy.settings, "id": "rt"}]
        with amutorrent(tmp_path / "data", clients) as ours:

            def capabilities():
                listed = ours.get("/api/v1/clients/instances")["data"]
                return next(each["capabilities"] for each in listed if each["id"] == "rt")

            def both(state):
                wait_until(lambda: ours.state("rt") in state, 60, lambda: ours.state("rt"))
                assert ours.state("qb") == "online"

            wait_until(lambda: ours.state("qb") == "online", 20)
            both({"online"})
            assert capabilities()["recheck"]
            assert capabilities()["removeWithFiles"]
            assert capabilities()["trackers"]
            torrent = make_torrent("stays", 20_000)
            ours.add_file(torrent, "rt", paused=True)
            wait_until(lambda: ours.item("rt", torrent.hash), 10)
            time.sleep(1)  # until the daemon has written its session
            rtorrent.kill9()
            both({"degraded", "waiting"})
            assert ours.item("rt", torrent.hash)["stale"] is True
            proxy.lacks = {"d.check_hash", "t.multicall", "d.erase", "d.custom1.set", "d.timestamp.started"}
            rtorrent.start()
            both({"online"})
            lost = {"recheck", "trackers", "remove", "removeWithFiles", "setCategory"}
            assert {name for name in lost if capabilities()[name]} == set()
            assert capabilities()["pause"]
            assert capabilities()["files"]
            items = [{"fileHash": torrent.hash, "instanceId": "rt"}]
            reply = ours.post("/api/v1/downloads/recheck", items=items)
            assert [each["code"] for each in reply["results"]] == ["unsupported_by_client"]
            proxy.lacks = set()
            rtorrent.stop()
            rtorrent.start()  # so quickly that no poll may have failed
            wait_until(lambda: capabilities()["recheck"] and ours.state("rt") == "online", 60)
            rtorrent.freeze()
            wait_until(lambda: ours.get("/api/v1/data/snapshot"), 10)
            assert ours.state("qb") == "online"
            rtorrent.thaw()
            both({"online"})
            proxy.lacks = {"d.multicall2"}
            rtorrent.stop()
            rtorrent.start()
            wait_until(lambda: ours.state("rt") == "rejected", 60, lambda: ours.state("rt"))
            assert ours.state("qb") == "online"
