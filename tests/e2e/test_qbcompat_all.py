"""Every client behind `/api/v2`: torrents to rTorrent or qBittorrent, ED2K links to an ED2K client, all in one list."""

import shutil

import httpx
import pytest
import qbittorrentapi
from lab import amule, qbittorrent, rtorrent
from lab.amutorrent import amutorrent
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file, make_torrent

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
AMULE, RTORRENT, QBITTORRENT = "mule", "rt", "qb"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    root = tmp_path_factory.mktemp("all")
    with (
        amule.daemon(root / "amule") as mule,
        rtorrent.daemon(root / "rtorrent") as rt,
        qbittorrent.daemon(root / "qbittorrent") as qb,
    ):
        clients = [
            {**mule.settings, "id": AMULE},
            {**rt.settings, "id": RTORRENT},
            {**qb.settings, "id": QBITTORRENT},
        ]
        environment = {"AMUTORRENT_PLUGINS__QBCOMPAT__CLIENTS": "all"}
        with amutorrent(root / "ours", clients, environment=environment) as ours:
            wait_until(lambda: {ours.state(id) for id in (AMULE, RTORRENT, QBITTORRENT)} == {"online"}, 30)
            ours.rtorrent, ours.qbittorrent = rt, qb
            yield ours


@pytest.fixture
def app(world):
    with qbittorrentapi.Client(world.url, username="x", password="y") as client:
        client.auth_log_in()
        world.secrets.add(client._session.cookies["SID"])
        yield client


def listed(app, hash):
    return next((each for each in app.torrents_info() if each.hash == hash), None)


def test_each_link_goes_to_a_client_that_takes_it(world, app):
    torrent, linked = make_torrent("by file.bin", 60_000), make_torrent("linked.bin", 70_000)
    file = make_ed2k_file("a film.mkv", 80_000)
    assert app.torrents_add(torrent_files={"by file.torrent": torrent.file}, category="films", is_paused=True) == "Ok."
    assert app.torrents_add(urls=[linked.magnet, file.uri], category="films") == "Ok."
    for hash in (torrent.hash, linked.hash, f"{file.hash}00000000"):
        assert listed(app, hash).category == "films"
    wait_until(lambda: world.item(RTORRENT, torrent.hash) and world.item(RTORRENT, linked.hash), 30)
    wait_until(lambda: world.item(AMULE, file.hash), 30)
    wait_until(lambda: listed(app, torrent.hash).state == "pausedDL", 20)
    assert world.item(QBITTORRENT, torrent.hash) == world.item(QBITTORRENT, linked.hash) == {}
    assert app.torrents_add(torrent_files=torrent.file) == "Ok.", "it has it"
    assert [each.name for each in app.torrents_files(torrent.hash)] == ["by file.bin"]
    app.torrents_delete(delete_files=True, torrent_hashes=[torrent.hash, linked.hash, file.hash])
    wait_until(lambda: not app.torrents_info(category="films"), 60)


def test_a_torrent_file_that_is_kept_in_parts_arrives_whole_in_the_one_client_that_is_shown(world, tmp_path):
    torrent = make_torrent("long.bin", 60_000)
    file = torrent.file[:-1] + b"3:zzz900000:" + b"z" * 900_000 + b"e"
    clients = [{**world.rtorrent.settings, "id": RTORRENT}, {**world.qbittorrent.settings, "id": QBITTORRENT}]
    environment = {"AMUTORRENT_PLUGINS__QBCOMPAT__CLIENTS": f'["{QBITTORRENT}"]'}
    with amutorrent(tmp_path / "one", clients, environment=environment) as ours:
        wait_until(lambda: ours.state(RTORRENT) == ours.state(QBITTORRENT) == "online", 30)
        with qbittorrentapi.Client(ours.url) as app:
            assert app.torrents_add(torrent_files=file, category="films") == "Ok."
            wait_until(lambda: ours.item(QBITTORRENT, torrent.hash), 30)
            assert ours.item(RTORRENT, torrent.hash) == {}
            app.torrents_delete(delete_files=True, torrent_hashes=torrent.hash)
            wait_until(lambda: listed(app, torrent.hash) is None, 60)


def test_a_finished_torrent_is_there_to_import_and_goes_with_its_data(world, app):
    torrent = make_torrent("finished.bin", 90_000)
    world.qbittorrent.seed(torrent)
    wait_until(lambda: (each := listed(app, torrent.hash)) and each.state == "pausedUP", 60)
    found = listed(app, torrent.hash)
    assert (found.progress, found.content_path) == (1, f"{found.save_path}/finished.bin")
    assert [each.progress for each in app.torrents_files(torrent.hash)] == [1]
    app.torrents_delete(delete_files=True, torrent_hashes=torrent.hash)
    wait_until(lambda: listed(app, torrent.hash) is None, 60)


@pytest.mark.parametrize("client", [RTORRENT, QBITTORRENT])
def test_trap_18_a_torrent_whose_data_the_app_has_moved_goes_without_it(world, app, tmp_path, client):
    torrent = make_torrent(f"moved out of {client}.bin", 90_000)
    {RTORRENT: world.rtorrent, QBITTORRENT: world.qbittorrent}[client].seed(torrent)
    wait_until(lambda: (each := listed(app, torrent.hash)) and each.state == "pausedUP", 60)
    shutil.move(listed(app, torrent.hash).content_path, tmp_path / "imported.bin")
    app.torrents_delete(delete_files=True, torrent_hashes=torrent.hash)
    wait_until(lambda: listed(app, torrent.hash) is None, 60)
    assert (tmp_path / "imported.bin").exists()


def test_without_a_client_for_torrents_a_torrent_file_is_of_a_wrong_kind(world, tmp_path):
    torrent = make_torrent("nobody.bin", 60_000)
    with amutorrent(tmp_path / "bare", []) as bare, httpx.Client(base_url=bare.url, timeout=30) as http:
        answer = http.post("/api/v2/torrents/add", files={"torrents": ("a.torrent", torrent.file)})
        assert answer.status_code == 415
        answer = http.post("/api/v2/torrents/add", data={"urls": torrent.magnet})
        assert answer.text == "Fails."
        assert http.get("/api/v2/torrents/info").json() == []
