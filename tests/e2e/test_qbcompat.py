"""The way of a release through Sonarr and Radarr: qBittorrent's Python client over our own daemon and real amuleds.

The requests are those that the programs send, one by one; the network is a local one.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import httpx
import pytest
import qbittorrentapi
from lab import amule, ed2k
from lab.amutorrent import amutorrent
from lab.peers import DOWNLOADER, SHARER, World, clients, peers
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
CATEGORY = "tv-sonarr"
DELETED_S = 60


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("qbcompat")
    with (
        peers(root) as (server, sharer, downloader),
        amutorrent(root / "ours", clients(sharer, downloader)) as ours,
    ):
        wait_until(lambda: ours.state(SHARER) == ours.state(DOWNLOADER) == "online", 20)
        found = World(server, sharer, downloader, ours)
        found.join_both()
        config = {"plugins": {"qbcompat": {"clients": [DOWNLOADER]}}}
        set_clients(found, config)
        yield found


def set_clients(world, config):
    """Write the plugin's settings as a person does."""
    current = world.ours.get("/api/config/current")
    meta = {"revision": current["_meta"]["revision"]}
    world.ours.post("/api/config/save", **{**current, **config, "_meta": meta})


@pytest.fixture
def app(world):
    """Give the Python client, logged in."""
    with qbittorrentapi.Client(world.ours.url, username="x", password="y") as client:
        client.auth_log_in()
        world.ours.secrets.add(client._session.cookies["SID"])
        yield client


@pytest.fixture
def raw(world):
    """Give what sends requests as the programs do, without following anything."""
    with httpx.Client(base_url=f"{world.ours.url}/api/v2", timeout=100, trust_env=False) as http:
        yield http


def magnet(file):
    return f"magnet:?xt=urn:btih:{file.hash}00000000&dn={file.name.replace(' ', '%20')}&xl={file.size}"


def row(app, file, **query):
    """Give the row of a file; None if it is not listed."""
    return next((each for each in app.torrents_info(**query) if each.hash == f"{file.hash}00000000"), None)


@contextmanager
def stopped(daemon):
    """Freeze a daemon as long as the context lasts."""
    daemon.freeze()
    try:
        yield
    finally:
        daemon.thaw()


def test_a_release_from_the_test_button_to_its_removal(world, app, raw):
    assert raw.get("/app/webapiVersion").text == "2.8.3"
    preferences = raw.get("/app/preferences").json()
    assert preferences["save_path"] == str(world.downloader.incoming)
    assert (preferences["dht"], preferences["queueing_enabled"]) == (True, True)
    assert not preferences["max_ratio_enabled"]
    assert not preferences["max_seeding_time_enabled"]
    if CATEGORY not in raw.get("/torrents/categories").json():
        assert raw.post("/torrents/createCategory", data={"category": CATEGORY}).status_code == 200
    assert raw.get("/torrents/categories").json()[CATEGORY]["name"] == CATEGORY
    assert raw.post("/torrents/createCategory", data={"category": CATEGORY}).status_code == 409

    file = make_ed2k_file("Show.S01E01.720p.mkv", 300_000)
    world.share(file)
    began = time.monotonic()
    added = raw.post("/torrents/add", data={"urls": magnet(file), "category": CATEGORY, "paused": "False"})
    assert (added.status_code, added.text) == (200, "Ok.")
    assert time.monotonic() - began < 5
    hash = f"{file.hash}00000000"
    assert raw.get("/torrents/properties", params={"hash": hash}).status_code == 200
    assert row(app, file, category=CATEGORY).progress < 1
    assert row(app, file, category="radarr") is None
    assert raw.post("/torrents/add", data={"urls": magnet(file)}).text == "Ok.", "it has it already"

    world.complete(file)
    found = wait_until(lambda: (each := row(app, file)) and each.state == "pausedUP" and each, 20)
    assert (found.progress, found.category, found.amount_left) == (1, CATEGORY, 0)
    assert found.content_path == str(world.downloader.incoming / file.name)
    assert found.save_path == str(world.downloader.incoming)
    assert found.ratio >= found.ratio_limit - 0.001
    (listed,) = app.torrents_files(hash)
    assert (listed.name, listed.size) == (file.name, file.size)

    sonarr = {"User-Agent": "Sonarr/4.0.15 (debian 12)"}
    assert len(raw.get("/torrents/info", params={"category": CATEGORY}, headers=sonarr).json()) == 1
    reply = world.ours.get("/api/v1/arr/check", hash=file.hash)
    assert reply["type"] == "arr-check"
    (checked,) = reply["data"]
    assert (checked["reason"], checked["handover"], checked["instanceId"]) == ("ok", "done", DOWNLOADER)
    assert checked["path"] == {"local": found.content_path, "exists": True, "readable": True}
    assert (checked["told"]["state"], checked["told"]["content_path"]) == ("pausedUP", found.content_path)
    assert sonarr["User-Agent"] in checked["askedBy"]
    (app_row,) = (each for each in reply["apps"] if each["agent"] == sonarr["User-Agent"])
    assert app_row["categories"] == [CATEGORY]
    assert (app_row["requests"][0]["request"], app_row["requests"][0]["status"]) == (
        f"GET torrents/info?category={CATEGORY}",
        200,
    )
    assert world.ours.get("/api/v1/arr/check", category="nothing in it")["data"] == []

    deleted = raw.post("/torrents/delete", data={"hashes": hash, "deleteFiles": "true"})
    assert deleted.status_code == 200
    assert not (world.downloader.incoming / file.name).exists()
    wait_until(lambda: row(app, file) is None, DELETED_S)
    assert raw.get("/torrents/properties", params={"hash": hash}).status_code == 404
    assert raw.post("/torrents/delete", data={"hashes": hash, "deleteFiles": "true"}).status_code == 200


def test_trap_23_the_default_folder_is_the_clients_own(world, app, raw):
    folder = str(world.downloader.incoming)
    assert raw.get("/app/preferences").json()["save_path"] == app.app_default_save_path() == folder


def test_trap_19_nothing_is_deleted_all_at_once(world, app, raw):
    file = make_ed2k_file("kept.bin", 90_000)
    assert app.torrents_add(urls=file.uri) == "Ok."
    for data in ({"hashes": "all", "deleteFiles": "true"}, {"hashes": "ALL"}, {"hashes": ""}, {}):
        assert raw.post("/torrents/delete", data=data).status_code == 400
    assert row(app, file) is not None
    app.torrents_delete(delete_files=True, torrent_hashes=file.hash)
    wait_until(lambda: row(app, file) is None, DELETED_S)


@pytest.mark.parametrize("after_s", [0, 0.003, 0.01, 0.03, 0.1, 0.3])
def test_what_is_deleted_at_any_moment_of_its_hand_over_is_gone_for_good(world, app, after_s):
    file = make_ed2k_file(f"deleted after {after_s}.bin", 97_000)
    app.torrents_add(urls=file.uri)
    time.sleep(after_s)  # the moment is the question here, not something to wait for
    app.torrents_delete(delete_files=True, torrent_hashes=file.hash)
    witness = make_ed2k_file(f"witness after {after_s}.bin", 98_000)  # handed over after the other would have been
    app.torrents_add(urls=witness.uri)
    wait_until(lambda: world.ours.item(DOWNLOADER, witness.hash), 30)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash) == {}, DELETED_S)
    assert row(app, file) is None
    app.torrents_delete(delete_files=True, torrent_hashes=witness.hash)
    wait_until(lambda: row(app, witness) is None, DELETED_S)


@pytest.mark.parametrize(
    "urls", ["http://example.org/a.torrent", "ed2k://|file|x", f"magnet:?xt=urn:btih:{'f' * 40}&dn=x"]
)
def test_trap_6_what_cannot_be_added_fails_in_the_right_word_and_leaves_nothing(world, app, raw, urls):
    good = make_ed2k_file("beside a bad one.bin", 91_000)
    answer = raw.post("/torrents/add", data={"urls": f"{good.uri}\n{urls}"})
    assert (answer.status_code, answer.text) == (200, "Fails.")
    assert row(app, good) is None
    assert raw.post("/torrents/add", data={"category": "x"}).status_code == 400


def test_trap_9_a_long_magnet_comes_as_a_form_of_parts(world, app, raw):
    file = make_ed2k_file("Ж" * 100 + ".mkv", 92_000)
    added = raw.post("/torrents/add", files={"urls": (None, magnet(file)), "category": (None, CATEGORY)})
    assert added.text == "Ok."
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 20)
    assert row(app, file).name == file.name
    app.torrents_delete(delete_files=True, torrent_hashes=f"{file.hash}00000000")
    wait_until(lambda: row(app, file) is None, DELETED_S)


def test_the_python_client_controls_an_item(world, app):
    file = make_ed2k_file("controlled by the library.bin", 5_000_000)
    app.torrents_add(urls=file.uri, category="films", tags=["a", "b"], ratio_limit=1.5, seeding_time_limit=90)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 20)
    hash = row(app, file).hash
    assert (row(app, file).ratio_limit, row(app, file).seeding_time_limit) == (1.5, 90)
    assert row(app, file).tags == "a, b"
    app.torrents_pause(torrent_hashes=hash)
    wait_until(lambda: row(app, file).state == "pausedDL", 20)
    assert [each.hash for each in app.torrents.info.paused()] == [hash]
    app.torrents_resume(torrent_hashes=hash)
    wait_until(lambda: row(app, file).state != "pausedDL", 20)
    world.ours.post("/api/v1/categories", title="another")
    app.torrents_set_category(category="another", torrent_hashes=hash)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash)["category"] == "another", 20)
    assert row(app, file, category="films") is None
    with pytest.raises(qbittorrentapi.Conflict409Error):
        app.torrents_set_category(category="not there", torrent_hashes=hash)
    app.torrents_add_tags(tags="c", torrent_hashes=hash)
    app.torrents_remove_tags(tags=["a"], torrent_hashes=hash)
    assert row(app, file, tag="c").tags == "b, c"
    assert set(app.torrents_tags()) >= {"b", "c"}
    app.torrents_set_share_limits(ratio_limit=-2, seeding_time_limit=-2, torrent_hashes=hash)
    assert row(app, file).ratio_limit == 0
    app.torrents_top_priority(torrent_hashes=hash)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash)["downloadPriority"] == "veryHigh", 20)
    app.torrents_set_force_start(enable=True, torrent_hashes=hash)
    assert app.torrents_properties(hash).total_size == file.size
    assert list(app.torrents_trackers(hash)) == []
    assert app.sync_maindata()["torrents"][hash]["name"] == file.name
    assert app.transfer_info()["connection_status"] == "connected"
    app.torrents_delete(delete_files=True, torrent_hashes=hash)
    wait_until(lambda: row(app, file) is None, DELETED_S)


def test_what_only_the_client_and_the_history_know_and_the_whole_over_a_download(world, app):
    """It is added by a person, so that no record of ours says when."""
    file = make_ed2k_file("with pieces and peers.bin", 9_000_000)
    world.share(file)
    world.ours.post("/api/v1/downloads/ed2k", links=[file.uri], instanceId=DOWNLOADER)
    hash, seen = f"{file.hash}00000000", []
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 30)
    assert set(app.torrents_piece_states(hash)) <= {0, 1}
    assert len(app.torrents_piece_states(hash)) == app.torrents_properties(hash).pieces_num == 1

    def followed():
        whole = app.sync_maindata()
        seen.append(whole["torrents"][hash])
        peers = app.sync_torrent_peers(hash)["peers"]
        if peers:
            (peer,) = peers.values()
            seen[-1]["peer"] = peer
        return any(each.client for each in peers.values())

    wait_until(followed, 120, lambda: str(seen[-1]))
    peer = seen[-1]["peer"]
    assert peer.client.startswith("aMule")
    assert (peer.connection, peer.files) == ("eD2k", file.name)
    assert 0 <= peer.progress <= 1
    world.complete(file)
    wait_until(lambda: app.sync_maindata()["torrents"][hash]["state"] == "pausedUP", 30)
    assert set(app.torrents_piece_states(hash)) <= {2}
    assert app.torrents_properties(hash).pieces_have == 1
    assert [each["progress"] for each in seen] == sorted(each["progress"] for each in seen)

    def completed():
        entries = world.ours.get("/api/history", search=file.hash, status="completed")["entries"]
        return [each for each in entries if each["instance_id"] == DOWNLOADER]

    (entry,) = wait_until(completed, 60)
    times = moment(entry["started_at"]), moment(entry["completed_at"])
    wait_until(lambda: ((each := row(app, file)).added_on, each.completion_on) == times, 60, lambda: str(times))
    assert row(app, file).seeding_time < 600
    app.torrents_delete(delete_files=True, torrent_hashes=hash)
    wait_until(lambda: row(app, file) is None, DELETED_S)


def test_limits_are_those_of_the_client(world, app):
    assert app.transfer_download_limit() == limits_of(world)["download"]
    app.transfer_set_download_limit(500_000)
    wait_until(lambda: app.transfer_download_limit() == app.transfer_info()["dl_rate_limit"] == 499_712, 20)
    assert app.app_preferences()["dl_limit"] == 499_712, "aMule counts in KiB"
    app.transfer_set_download_limit(0)
    wait_until(lambda: app.transfer_download_limit() == 0, 20)
    with pytest.raises(qbittorrentapi.APIError):
        app.transfer_set_speed_limits_mode(True)


def test_what_was_never_downloaded_has_no_times(world, app):
    file = make_ed2k_file("there before.bin", 96_500)
    file.write(world.downloader.incoming)
    world.ours.post("/api/v1/amule/refresh-shared", instanceId=DOWNLOADER)
    found = wait_until(lambda: row(app, file), 60)
    assert (found.added_on, found.completion_on, found.seeding_time, found.state) == (0, 0, 0, "pausedUP")
    app.torrents_delete(delete_files=True, torrent_hashes=found.hash)
    wait_until(lambda: row(app, file) is None, DELETED_S)


def limits_of(world):
    listed = world.ours.get("/api/v1/clients/instances")["data"]
    return next(each for each in listed if each["id"] == DOWNLOADER)["speedLimits"]


def moment(text):
    return int(datetime.fromisoformat(text).timestamp())


def test_trap_13_and_43_a_frozen_client_changes_no_answer(world, app, raw):
    file = make_ed2k_file("while it sleeps.bin", 93_000)
    with stopped(world.downloader):
        began = time.monotonic()
        assert raw.post("/torrents/add", data={"urls": magnet(file), "category": "new while away"}).text == "Ok."
        assert time.monotonic() - began < 5
        began = time.monotonic()
        assert row(app, file).state == "queuedDL"
        assert time.monotonic() - began < 5
        (checked,) = world.ours.get("/api/v1/arr/check", hash=file.hash)["data"]
        assert (checked["reason"], checked["handover"]) == ("handing_over", "waiting")
        assert "new while away" in raw.get("/torrents/categories").json()
        assert raw.get("/app/preferences").json()["save_path"] == str(world.downloader.incoming)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 120)
    wait_until(lambda: row(app, file).category == "new while away", 20)
    app.torrents_delete(delete_files=True, torrent_hashes=f"{file.hash}00000000")
    wait_until(lambda: row(app, file) is None, DELETED_S)


def test_a_client_that_searches_for_long_and_reads_all_its_shares_again_holds_nobody_up(tmp_path):
    """It has 5,000 shared files, reads them again and again, and the server answers its search after seconds."""
    with (
        ed2k.server(amule.free_port_with_udp(4), high="peer-b") as server,
        amule.daemon(tmp_path / "busy", nick="peer-b") as mule,
    ):
        mule.stop()
        amule.share_many(mule, 5000)
        mule.start()
        with amutorrent(tmp_path / "ours", [{**mule.settings, "id": DOWNLOADER}]) as ours:
            world = World(server, mule, mule, ours)
            wait_until(lambda: len(ours.items()) >= 5000, 90)
            world.join(DOWNLOADER)
            server.delay_s = 8
            busy, over = (threading.Event() for _ in range(2))

            def hold():
                while not over.is_set():
                    for _ in range(3):
                        ours.post("/api/v1/amule/refresh-shared", instanceId=DOWNLOADER)
                    busy.set()

            search = {"query": "some show", "type": "global", "wait": False, "instanceId": DOWNLOADER}
            assert ours.http.post("/api/v1/search", json=search).is_success
            with ThreadPoolExecutor(1) as others:
                holding = others.submit(hold)
                try:
                    assert busy.wait(60)
                    lasted = [measured(ours, number) for number in range(10)]
                finally:
                    over.set()
                holding.result()
            assert max(map(max, lasted)) < 1, lasted
            files = [busy_file(number) for number in range(10)]
            wait_until(lambda: all(ours.item(DOWNLOADER, file.hash) for file in files), 120)


def busy_file(number):
    return make_ed2k_file(f"added to a busy one {number}.bin", 50_000 + number)


def measured(ours, number):
    """Give how long an add and a list took."""
    began = time.monotonic()
    with httpx.Client(base_url=f"{ours.url}/api/v2", timeout=100, trust_env=False) as http:
        added = http.post("/torrents/add", data={"urls": magnet(busy_file(number)), "category": CATEGORY})
        assert added.text == "Ok."
        between = time.monotonic()
        listed = http.get("/torrents/info", params={"category": CATEGORY}).json()
    assert len(listed) == number + 1
    return between - began, time.monotonic() - between


def test_added_while_the_client_is_dead_and_our_daemon_killed_before_the_hand_over(world, app, raw):
    kept, dropped = make_ed2k_file("kept over it all.bin", 94_000), make_ed2k_file("thought better.bin", 95_000)
    world.downloader.kill9()
    wait_until(lambda: world.ours.state(DOWNLOADER) != "online", 30)
    for file in (kept, dropped):
        assert raw.post("/torrents/add", data={"urls": magnet(file), "category": CATEGORY}).text == "Ok."
    app.torrents_delete(delete_files=True, torrent_hashes=f"{dropped.hash}00000000")
    world.ours.kill9()
    world.ours.start()
    found = wait_until(lambda: row(app, kept), 20)
    assert (found.state, found.category) == ("queuedDL", CATEGORY)
    assert row(app, dropped) is None
    world.downloader.start()
    wait_until(lambda: world.ours.item(DOWNLOADER, kept.hash), 60)
    assert [each.hash for each in app.torrents_info(category=CATEGORY)].count(f"{kept.hash}00000000") == 1
    assert world.ours.item(DOWNLOADER, dropped.hash) == {}
    assert world.ours.item(SHARER, kept.hash) == {}, "it goes to one client alone"
    app.torrents_delete(delete_files=True, torrent_hashes=f"{kept.hash}00000000")
    wait_until(lambda: row(app, kept) is None, DELETED_S)


def test_what_is_deleted_while_its_client_is_dead_goes_when_that_is_back(world, app):
    file = make_ed2k_file("deleted while away.bin", 99_000)
    app.torrents_add(urls=file.uri, category=CATEGORY)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 30)
    wait_until(lambda: row(app, file).category == CATEGORY, 20)
    wait_until(lambda: list(world.downloader.temp.glob("*.part.met")), 20)
    world.downloader.kill9()
    wait_until(lambda: world.ours.state(DOWNLOADER) != "online", 30)
    assert row(app, file) is not None, "it shows while its client is away"
    app.torrents_delete(delete_files=True, torrent_hashes=file.hash)
    assert row(app, file) is None
    world.ours.kill9()
    world.ours.start()
    assert row(app, file) is None
    world.downloader.start()
    wait_until(lambda: world.ours.state(DOWNLOADER) == "online", 60)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash) == {}, DELETED_S)
    assert row(app, file) is None


def test_what_was_handed_over_when_we_were_killed_is_not_handed_over_twice(world, app, raw):
    files = [make_ed2k_file(f"burst {number}.bin", 96_000 + number) for number in range(20)]
    urls = "\n".join(magnet(file) for file in files)
    assert raw.post("/torrents/add", data={"urls": urls, "category": CATEGORY}).text == "Ok."
    wait_until(lambda: world.ours.item(DOWNLOADER, files[2].hash), 20)
    world.ours.kill9()  # somewhere within the hand-over
    world.ours.start()
    wait_until(lambda: all(world.ours.item(DOWNLOADER, file.hash) for file in files), 90)
    wait_until(lambda: all((each := row(app, file)) and each.category == CATEGORY for file in files), 20)
    hashes = [each["hash"] for each in world.ours.items().values() if each["name"].startswith("burst ")]
    assert len(hashes) == len(set(hashes)) == 20
    app.torrents_delete(delete_files=True, torrent_hashes=[f"{file.hash}00000000" for file in files])
    wait_until(lambda: not app.torrents_info(category=CATEGORY), DELETED_S)
