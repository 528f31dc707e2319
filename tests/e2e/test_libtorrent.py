"""The engine inside: the main job with no other client, crashes in the middle of it, and qbcompat in front of it."""

import subprocess
import sys
import time
from itertools import count

import httpx
import pytest
import qbittorrentapi
from lab.amutorrent import amutorrent
from lab.ports import free_port
from lab.seeder import seeder as run_seeder
from lab.torrents import make_torrent
from lab.waiting import wait_until

pytestmark = [pytest.mark.slow]
ID = "libtorrent-main"
ADDRESSES = count(41)
IN_FLIGHT = 8 * (16 << 10)
"""Blocks that were sent when it was told to end, and do not arrive any more: more of them on a busy machine."""
UNDER_WAY = 16 << 16
"""A few pieces of 64 KiB, of which blocks have come but not all."""


@pytest.fixture(scope="module")
def seeder(tmp_path_factory):
    with run_seeder(tmp_path_factory.mktemp("seeder")) as running:
        yield running


def client(root, **other):
    """Give the entry of an engine that leaves the machine in peace."""
    quiet = dict.fromkeys(("dht", "lsd", "pex", "utp"), False)
    place = {"port": free_port(), "interfaces": [f"127.0.0.{next(ADDRESSES)}"], "downloadDir": str(root / "downloads")}
    return {"type": "libtorrent", **place, **quiet, **other}


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def ours(tmp_path_factory, downloads):
    """Our daemon with the engine and nothing else."""
    environment = {"AMUTORRENT_PLUGINS__QBCOMPAT__CLIENTS": "all"}
    with amutorrent(tmp_path_factory.mktemp("ours"), [client(downloads)], environment=environment) as running:
        wait_until(lambda: running.state(ID) == "online", 30)
        yield running


def seeded(seeder, tracker, name, size=4 << 20, **options):
    torrent = make_torrent(name, size, tracker.url)
    seeder.seed(torrent, **options)
    tracker.wait_seeded(torrent.hash)
    return torrent


def complete(ours, torrent):
    return ours.item(ID, torrent.hash).get("complete")


def items(*torrents):
    return [{"fileHash": torrent.hash, "instanceId": ID} for torrent in torrents]


def test_a_file_is_added_and_completes_with_equal_content(ours, seeder, tracker, downloads):
    torrent = seeded(seeder, tracker, "folder", {"a.bin": 3 << 20, "sub/b.bin": 200_000})
    added = ours.add_file(torrent, ID)
    assert (added["type"], added["hash"], added["name"]) == ("torrent-added", torrent.hash, "folder")
    wait_until(lambda: complete(ours, torrent), 60)
    assert torrent.digest_in(downloads / "downloads") == torrent.digest
    assert seeder.given(torrent) >= torrent.size
    item = ours.item(ID, torrent.hash)
    assert (item["status"], item["progress"], item["multiFile"]) == ("seeding", 100.0, True)
    assert item["path"] == str(downloads / "downloads" / "folder")
    files = ours.get(f"/api/item/files/{torrent.hash}", instanceId=ID)["files"]
    assert [(each["path"], each["progress"]) for each in files] == [("a.bin", 100.0), ("sub/b.bin", 100.0)]


def test_a_magnet_is_added_and_completes_with_equal_content(ours, seeder, tracker, downloads):
    torrent = seeded(seeder, tracker, "by-magnet.bin")
    reply = ours.post("/api/v1/downloads/magnets", links=[torrent.magnet, "magnet:?nonsense"], instanceId=ID)
    assert [each["success"] for each in reply["results"]] == [True, False]
    wait_until(lambda: complete(ours, torrent), 60)
    assert torrent.digest_in(downloads / "downloads") == torrent.digest


def test_data_moves_with_its_category_and_goes_with_the_torrent(ours, tmp_path, downloads):
    torrent = make_torrent("moved.bin", 300_000)
    torrent.write(downloads / "downloads")
    ours.post("/api/v1/categories", title="films", path=str(tmp_path / "films"))
    ours.add_file(torrent, ID)
    wait_until(lambda: complete(ours, torrent), 30)
    told = ours.post("/api/v1/downloads/category", items=items(torrent), categoryName="films", moveFiles=True)
    assert [each["success"] for each in told["results"]] == [True], told
    there = str(tmp_path / "films" / "moved.bin")
    wait_until(lambda: ours.item(ID, torrent.hash).get("path") == there and complete(ours, torrent), 30)
    assert torrent.digest_in(tmp_path / "films") == torrent.digest
    assert not (downloads / "downloads" / "moved.bin").exists()
    assert ours.item(ID, torrent.hash)["category"] == "films"
    added_there = make_torrent("added there.bin", 100_000)
    ours.add_file(added_there, ID, categoryName="films", paused=True)
    wait_until(lambda: ours.item(ID, added_there.hash).get("directory") == str(tmp_path / "films"), 20)
    reply = ours.post("/api/v1/downloads/delete", items=items(torrent, added_there), deleteFiles=True)
    assert [each["success"] for each in reply["results"]] == [True, True], reply
    assert not (tmp_path / "films" / "moved.bin").exists()


def test_what_counts_for_one_torrent_alone_is_set_and_shown(ours):
    torrent = make_torrent("options.bin", 100_000)
    ours.add_file(torrent, ID, paused=True)
    wait_until(lambda: ours.item(ID, torrent.hash), 20)
    where = {"fileHash": torrent.hash, "instanceId": ID}
    ours.post("/api/v1/libtorrent/options", **where, sequential=True, uploadLimit=5000, shareRatio=1.5, seedMinutes=3)
    expected = {"sequentialDownload": True, "uploadLimit": 5000, "shareRatio": 1.5, "seedMinutes": 3}
    wait_until(lambda: ours.item(ID, torrent.hash).get("extra") == expected, 20)
    ours.post("/api/v1/libtorrent/options", **where, sequential=False, uploadLimit=0, shareRatio=None, seedMinutes=None)
    wait_until(lambda: ours.item(ID, torrent.hash).get("extra", {}) == {}, 20)
    nothing = ours.http.post("/api/v1/libtorrent/options", json=where)
    assert (nothing.status_code, nothing.json()["details"]["field"]) == (400, "sequential")
    wrong = ours.http.post("/api/v1/libtorrent/options", json={**where, "shareRatio": -1})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "validation_error")


def test_it_is_offered_where_there_is_none_and_tried_without_a_trace(tmp_path, ours):
    (known,) = (each for each in ours.post("/api/config/detect")["found"] if each["type"] == "libtorrent")
    assert known["configured"]
    with amutorrent(tmp_path / "bare", []) as bare:
        (found,) = (each for each in bare.post("/api/config/detect")["found"] if each["type"] == "libtorrent")
        assert {"host", "port"}.isdisjoint(found)
        assert not found["configured"]
        tried = bare.post("/api/config/test", clients=[client(tmp_path)])
        assert tried["results"]["clients"][0]["success"], tried
        assert not (tmp_path / "bare" / "plugins").exists()
        assert not (tmp_path / "downloads").exists()


def shown(ours, torrent):
    return ours.item(ID, torrent.hash).get("sizeDownloaded", 0)


def in_the_middle(ours, torrent):
    """Wait until a good part of a torrent is there, and give how much."""
    wait_until(lambda: shown(ours, torrent) > torrent.size // 4, 60, lambda: ours.item(ID, torrent.hash))
    return shown(ours, torrent)


@pytest.mark.parametrize("ends", ["kill9", "stop"])
def test_after_any_end_in_the_middle_it_goes_on_and_fetches_nothing_twice(tmp_path, seeder, tracker, ends):
    torrent = seeded(seeder, tracker, f"until {ends}", {"a.bin": 9 << 20, "b.bin": 3 << 20}, limit=3 << 20)
    given = seeder.given(torrent)  # to a try before this one
    others = [make_torrent(f"beside {ends} {number}", 50_000) for number in range(5)]
    with amutorrent(tmp_path / "ours", [client(tmp_path)]) as ours:
        wait_until(lambda: ours.state(ID) == "online", 30)
        for each in others:
            ours.add_file(each, ID, paused=True, categoryName="kept")
        ours.add_file(torrent, ID)
        in_the_middle(ours, torrent)
        last = make_torrent(f"added last {ends}", 60_000)
        ours.post("/api/v1/downloads/magnets", links=[last.magnet], instanceId=ID)
        getattr(ours, ends)()
        ours.start()
        wait_until(lambda: ours.state(ID) == "online", 30)
        listed = {hash: item for (_, hash), item in ours.items().items()}
        assert listed.keys() == {each.hash for each in (torrent, last, *others)}
        assert {listed[each.hash]["status"] for each in others} == {"stopped"}
        assert {listed[each.hash]["category"] for each in others} == {"kept"}
        wait_until(lambda: complete(ours, torrent), 90, lambda: ours.item(ID, torrent.hash))
        assert torrent.digest_in(tmp_path / "downloads") == torrent.digest
        spare = UNDER_WAY if ends == "kill9" else IN_FLIGHT
        assert torrent.size <= seeder.given(torrent) - given <= torrent.size + spare


def test_what_was_finished_is_there_at_once_after_a_crash_and_what_is_missing_waits(tmp_path, seeder, tracker):
    there, missing = (seeded(seeder, tracker, name, 1 << 20) for name in ("there.bin", "missing.bin"))
    with amutorrent(tmp_path / "ours", [client(tmp_path)]) as ours:
        wait_until(lambda: ours.state(ID) == "online", 30)
        for each in (there, missing):
            ours.add_file(each, ID)
            wait_until(lambda each=each: complete(ours, each), 60)
        # what it writes about a torrent that finishes it writes at once, but not before the list shows it
        wait_until(lambda: "torrents.db" in {each.name for each in (tmp_path / "ours").rglob("torrents.db")}, 10)
        ours.stop()
        (tmp_path / "downloads" / "missing.bin").unlink()
        ours.start()
        wait_until(lambda: ours.state(ID) == "online", 30)
        wait_until(lambda: complete(ours, there), 20)
        item = wait_until(lambda: (each := ours.item(ID, missing.hash)).get("status") == "error" and each, 20)
        assert "not where they were" in item["message"]
        assert not item["complete"]
        given = seeder.given(missing)
        ours.post("/api/v1/downloads/recheck", items=items(missing))
        ours.post("/api/v1/downloads/resume", items=items(missing))
        wait_until(lambda: complete(ours, missing), 60, lambda: ours.item(ID, missing.hash))
        assert missing.digest_in(tmp_path / "downloads") == missing.digest
        assert seeder.given(missing) >= given + missing.size


def test_a_backup_that_is_made_while_it_runs_brings_its_list_back(tmp_path, seeder, tracker):
    torrent, other = seeded(seeder, tracker, "saved.bin", 1 << 20), make_torrent("waits", 50_000)
    with amutorrent(tmp_path / "ours", [client(tmp_path)]) as ours:
        wait_until(lambda: ours.state(ID) == "online", 30)
        ours.add_file(torrent, ID)
        wait_until(lambda: complete(ours, torrent), 60)
        ours.add_file(other, ID, paused=True, categoryName="kept")
        command("backup", tmp_path / "backup", ours)
        ours.post("/api/v1/downloads/delete", items=items(torrent, other))
        wait_until(lambda: not ours.items(), 20)
        ours.stop()
        command("restore", tmp_path / "backup", ours)
        ours.start()
        wait_until(lambda: complete(ours, torrent), 60, ours.items)
        assert ours.item(ID, other.hash)["category"] == "kept"
        assert torrent.digest_in(tmp_path / "downloads") == torrent.digest
        assert seeder.given(torrent) <= torrent.size + IN_FLIGHT


def command(name, file, ours):
    subprocess.run([sys.executable, "-m", "amutorrent", name, file, "--data-dir", ours.data_dir], check=True)


@pytest.fixture
def app(ours):
    """Give qBittorrent's Python client, logged in."""
    with qbittorrentapi.Client(ours.url, username="x", password="y") as client:
        client.auth_log_in()
        ours.secrets.add(client._session.cookies["SID"])
        yield client


def test_a_release_goes_the_way_of_sonarr_with_no_other_client(ours, app, seeder, tracker, downloads):
    torrent = seeded(seeder, tracker, "Show.S01E01.720p", {"show.mkv": 2 << 20, "show.nfo": 900})
    with httpx.Client(base_url=f"{ours.url}/api/v2", timeout=60, trust_env=False) as raw:
        assert raw.get("/app/webapiVersion").text == "2.8.3"
        assert raw.get("/app/preferences").json()["save_path"] == str(downloads / "downloads")
        assert raw.post("/torrents/createCategory", data={"category": "tv-sonarr"}).status_code == 200
        began = time.monotonic()
        files = {"torrents": ("show.torrent", torrent.file)}
        added = raw.post("/torrents/add", files=files, data={"category": "tv-sonarr", "paused": "false"})
        assert (added.status_code, added.text) == (200, "Ok.")
        assert time.monotonic() - began < 10

        def row():
            return next((each for each in app.torrents_info(category="tv-sonarr") if each.hash == torrent.hash), None)

        found = wait_until(lambda: (each := row()) and each.progress == 1 and each.amount_left == 0 and each, 60)
        assert found.content_path == str(downloads / "downloads" / "Show.S01E01.720p")
        assert found.category == "tv-sonarr"
        assert sorted(each.name for each in app.torrents_files(torrent.hash)) == [
            "Show.S01E01.720p/show.mkv",
            "Show.S01E01.720p/show.nfo",
        ]
        assert torrent.digest_in(downloads / "downloads") == torrent.digest
        assert raw.post("/torrents/delete", data={"hashes": torrent.hash, "deleteFiles": "true"}).status_code == 200
        wait_until(lambda: row() is None, 60)
        wait_until(lambda: not (downloads / "downloads" / "Show.S01E01.720p").exists(), 20)
        assert raw.get("/torrents/properties", params={"hash": torrent.hash}).status_code == 404

        other = seeded(seeder, tracker, "Film.2026.mkv", 1 << 20)
        assert app.torrents_add(urls=other.magnet, category="radarr") == "Ok."
        wait_until(lambda: [each.progress for each in app.torrents_info(category="radarr")] == [1], 60)
        assert other.digest_in(downloads / "downloads") == other.digest
