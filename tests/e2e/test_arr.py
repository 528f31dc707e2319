"""Sonarr, Radarr and Prowlarr from end to end: real amuleds on a local ED2K network, and the apps' own requests.

Each app presses its Test buttons, searches, grabs, follows its queue, imports as it would, and removes.
"""

import json
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from lab.amutorrent import AmutorrentDaemon
from lab.arr import Item, prowlarr, radarr, sonarr
from lab.peers import DOWNLOADER, SHARER, World, clients, peers
from lab.torznab import Torznab
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
PASSWORD = "correct horse battery"
ENVIRONMENT = {
    "AMUTORRENT_PLUGINS__TORZNAB__SEARCH_DELAY_SECONDS": "0",
    "AMUTORRENT_PLUGINS__TORZNAB__DEADLINE_SECONDS": "20",
    "AMUTORRENT_PLUGINS__TORZNAB__INSTANCE_ID": DOWNLOADER,
    "AMUTORRENT_PLUGINS__QBCOMPAT__CLIENTS": json.dumps([DOWNLOADER]),
}
GONE_S = 60
SLOW = 4 << 10
"""Bytes per second: a minute for the files of these tests."""
GRAB = ["GET app/preferences", "GET app/webapiVersion", "POST torrents/add", "GET torrents/properties"]
QUEUE = ["GET app/webapiVersion", "GET app/preferences", "GET torrents/info"]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("arr")
    with peers(root) as (server, sharer, downloader):
        daemons = clients(sharer, downloader)
        ours = AmutorrentDaemon(root / "ours", daemons, environment=ENVIRONMENT, auth={"enabled": True})
        ours.secrets.add(PASSWORD)
        add = ["users", "add", "ann", "--admin", "--json", "--password-stdin", "--data-dir", str(ours.data_dir)]
        made = subprocess.run(
            [sys.executable, "-m", "amutorrent", *add], check=True, capture_output=True, input=PASSWORD.encode()
        )
        key = json.loads(made.stdout)["user"]["apiKey"]
        ours.http.headers["X-API-Key"] = key
        ours.start()
        try:
            wait_until(lambda: ours.state(SHARER) == ours.state(DOWNLOADER) == "online", 30)
            found = World(server, sharer, downloader, ours)
            found.key, found.library = key, root / "library"
            found.library.mkdir()
            found.join_both()
            yield found
        finally:
            ours.stop()
            ours.http.close()
        assert ours.told() == []


def app_of(world, make, **options):
    """Give an app whose download client is set up with name and password."""
    return make(world.ours.url, "ann", PASSWORD, on_cookie=world.ours.secrets.add, **options)


def indexer_of(world, agent, **options):
    """Give the indexer as an app has it."""
    return Torznab(f"{world.ours.url}/indexer/amule", world.key, agent, **options)


def complete(world, app, id, file):
    """Follow the queue of an app until a download is complete: it never goes back, and is never there too early."""
    seen: list[Item] = []

    def completed():
        item = app.find(id)
        assert item is not None, "it never leaves the queue"
        assert item.shown_as in ("downloading", "queued", "warning", "completed"), item
        if item.shown_as == "completed":
            assert (world.downloader.incoming / file.name).read_bytes()[-1:] != b"", "it lies at its place"
            assert item.remaining == 0
        else:
            assert not item.removable
            assert item.remaining > 0, "not by a rounded percentage"
        seen.append(item)
        return item.shown_as == "completed"

    completed()
    world.complete(file)
    wait_until(completed, 30)
    done = [item.row["progress"] for item in seen]
    assert done[-1] == 1
    return seen[-1]


def test_sonarr_grabs_an_episode_moves_it_into_its_library_and_deletes_it(world):
    file = make_ed2k_file("Some.Show.S01E02.720p.WEB.x264-GRP.mkv", 300_000)
    world.share(file)
    app = app_of(world, sonarr, post_import_category="tv-imported")
    indexer = indexer_of(
        world, app.agent, rss="t=tvsearch&cat=5030,5040&extended=1", needs_mode=("tv-search", {"q", "season", "ep"})
    )
    indexer.test()
    app.test()
    test = list(app.requests())
    assert test[0] == "GET app/webapiVersion", "the probe, without a cookie"
    assert test[1] == "POST auth/login"
    assert test.count("POST torrents/createCategory") == 2
    assert app.health(world.library) == world.downloader.incoming
    before = len(app.log)
    app.test()
    assert "POST torrents/createCategory" not in list(app.requests(before))
    assert "POST auth/login" not in list(app.requests(before)), "the session is still good"

    frame = "t=tvsearch&cat=5030,5040&extended=1"
    assert indexer.search(f"{frame}&tvdbid=12345&season=1&ep=2") == [], "so that it asks by title"
    (release,) = indexer.search(f"{frame}&q=Some%20Show&season=1&ep=2")
    assert (release.title, release.size, release.hash) == (file.name, file.size, f"{file.hash}00000000")
    assert release.categories >= {5000, 5030, 5040}
    assert release.seeders >= 1, "the app's minimum"
    assert [each.guid for each in indexer.search(f"{frame}&q=Some%20Show&season=1")] == [release.guid]
    assert release.guid in [each.guid for each in indexer.search(frame)], "RSS"

    before = len(app.log)
    id = app.grab(release.magnet)
    assert list(app.requests(before)) == GRAB, "known to `properties` at the first look"
    app.command("setForceStart", id, value="true")
    app.command("addTags", id, tags="some-show,720p")
    before = len(app.log)
    item = app.find(id)
    assert list(app.requests(before)) == QUEUE
    assert (item.title, item.row["size"], item.row["category"]) == (file.name, file.size, "tv-sonarr")
    assert app.grab(release.magnet) == id, "a repeat is no failure of all clients"

    item = complete(world, app, id, file)
    assert item.path == str(world.downloader.incoming / file.name)
    assert item.removable, "without a seed goal"
    imported = app.import_into(item, world.library)
    assert imported.exists()
    assert not (world.downloader.incoming / file.name).exists(), "moved by the app"
    app.command("setCategory", id, category="tv-imported")
    assert app.find(id) is None, "it leaves the app's view"
    app.command("setCategory", id, category="tv-sonarr")
    app.remove(id, with_data=True)
    wait_until(lambda: app.find(id) is None, GONE_S)
    assert app.send("torrents/properties", query=f"hash={id.lower()}").status_code == 404
    assert imported.exists(), "what was imported is the app's"
    app.remove(id, with_data=True)
    assert app.find(id) is None


def test_radarr_keeps_a_seed_goal_links_the_file_and_removes_it_when_the_goal_is_met(world):
    file = make_ed2k_file("A Movie of 2019 1080p.mkv", 350_000)
    world.share(file)
    app = app_of(world, radarr, add={"paused": "False", "ratioLimit": "5", "seedingTimeLimit": "600"})
    indexer = indexer_of(
        world,
        app.agent,
        path="/api/api",
        rss="t=movie&cat=2000,2010,2020,2030,2040,2045,2050,2060&extended=1",
        categories=frozenset({2000, 2040}),
    )
    indexer.test()
    app.test()
    assert indexer.search("t=movie&cat=2000,2040&extended=1&tmdbid=5&imdbid=0133093") == []
    (release,) = indexer.search("t=search&cat=2000,2040&extended=1&q=A%20Movie%20of%202019")
    assert release.title == file.name

    id = app.grab(release.magnet)
    item = app.find(id)
    assert (item.row["ratio_limit"], item.row["seeding_time_limit"]) == (5, 600)
    item = complete(world, app, id, file)
    assert item.row["state"] == "stalledUP"
    assert not item.removable, "its goal is not met"
    imported = app.import_into(item, world.library)
    assert imported.stat().st_nlink == 2, "a hard link: the file goes on being shared"
    app.command("setShareLimits", id, ratioLimit="0", seedingTimeLimit="-2")
    assert app.find(id).removable
    app.remove(id, with_data=True)
    wait_until(lambda: app.find(id) is None, GONE_S)
    wait_until(lambda: not (world.downloader.incoming / file.name).exists(), GONE_S)
    assert imported.stat().st_nlink == 1


def test_prowlarr_grabs_for_itself_with_the_first_priority(world):
    file = make_ed2k_file("Some Film ü & more 2160p.mkv", 250_000)
    world.share(file)
    app = app_of(world, prowlarr)
    indexer = indexer_of(world, app.agent)
    indexer.test()
    app.test()
    (release,) = indexer.search("t=search&extended=1&q=some+film+more")
    assert release.title == file.name
    assert release.categories <= indexer.caps()["categories"], "else they are dropped"
    limits = f"/api/v1/clients/instances/{DOWNLOADER}/speed-limits"
    world.ours.put(limits, download=SLOW)  # what is complete has no priority any more
    id = app.grab(release.magnet)
    app.command("topPrio", id)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash).get("downloadPriority") == "veryHigh", 60)
    world.ours.put(limits, download=0)
    complete(world, app, id, file)
    app.remove(id, with_data=False)
    wait_until(lambda: app.find(id) is None, GONE_S)
    assert (world.downloader.incoming / file.name).exists(), "the key `deleteFiles` is left out to keep the data"


def test_what_is_removed_from_the_queue_before_it_is_complete_is_gone(world):
    file = make_ed2k_file("Some.Show.S02E01.mkv", 5_000_000)
    app = app_of(world, sonarr)
    app.test()
    for with_data in (True, False):
        id = app.grab(f"magnet:?xt=urn:btih:{file.hash}00000000&dn={file.name}&xl={file.size}")
        wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 30)
        app.remove(id, with_data=with_data)
        wait_until(lambda id=id: app.find(id) is None, GONE_S)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash) == {}, GONE_S)


def test_trap_9_a_magnet_of_more_than_1024_bytes_comes_as_parts(world):
    file = make_ed2k_file("Ж" * 115 + ".S01E01.mkv", 90_000)
    app = app_of(world, sonarr, add={"paused": "False", "sequentialDownload": "True"})
    magnet = f"magnet:?xt=urn:btih:{file.hash}00000000&dn={quote(file.name)}&xl={file.size}"
    padded = f"{magnet}&xt=urn:ed2k:{file.hash}&tr={'x' * 400}"
    assert len(padded) > 1024
    id = app.grab(padded)
    assert app.find(id).title == file.name
    app.remove(id, with_data=True)
    wait_until(lambda: app.find(id) is None, GONE_S)


def test_an_expired_session_heals_and_a_wrong_password_is_said_to_be_one(world):
    app = app_of(world, radarr)
    app.test()
    app.cookie = "SID=over"
    app.basic = False
    before = len(app.log)
    app.queue()
    assert [status for _, _, status in app.log[before:]][:3] == [403, 200, 200], "403, log in, once more"
    wrong = radarr(world.ours.url, "ann", "not the password")
    wrong.probe()
    with pytest.raises(AssertionError, match="a failed authentication"):
        wrong.log_in()
    nobody = radarr(world.ours.url, "", "")
    assert nobody.send("app/preferences").status_code == 403


@pytest.mark.parametrize("killed", ["the client", "our daemon", "both"])
def test_whoever_is_killed_between_add_and_hand_over_the_download_starts_once(world, killed):
    file = make_ed2k_file(f"Killed.S01E01.{killed.replace(' ', '.')}.mkv", 95_000)
    app = app_of(world, sonarr)
    app.test()
    world.downloader.freeze()  # so that the hand-over is under way, and cannot end
    try:
        began = time.monotonic()
        id = app.grab(f"magnet:?xt=urn:btih:{file.hash}00000000&dn={file.name}&xl={file.size}")
        assert time.monotonic() - began < 9, "nobody waits for the client"
        if killed in ("our daemon", "both"):
            world.ours.kill9()
        if killed in ("the client", "both"):
            world.downloader.kill9()
    finally:
        if world.downloader.alive:
            world.downloader.thaw()
    if not world.downloader.alive:
        world.downloader.start()
    if not world.ours.alive:
        world.ours.start()
    app.cookie = None
    assert app.find(id) is not None, "it is in the queue whatever happens"
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash), 120)
    wait_until(lambda: app.find(id).row["category"] == "tv-sonarr", 30)
    assert len([row for row in world.downloader.rows() if row.hash == file.hash]) == 1
    assert [item.id for item in app.queue()].count(id) == 1
    app.remove(id, with_data=True)
    wait_until(lambda: app.find(id) is None, GONE_S)
    wait_until(lambda: world.ours.item(DOWNLOADER, file.hash) == {}, GONE_S)
