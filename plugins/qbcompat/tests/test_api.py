"""All groups of qBittorrent's API as its Python client calls them, below a base path."""

import httpx
import pytest
import qbittorrentapi
from lab.amutorrent import amutorrent

UNKNOWN = "f" * 40


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    with amutorrent(tmp_path_factory.mktemp("ours"), [], basePath="/amutorrent") as running:
        yield running


@pytest.fixture
def app(ours):
    with qbittorrentapi.Client(ours.url, username="x", password="y") as client:
        client.auth_log_in()
        ours.secrets.add(client._session.cookies["SID"])
        yield client


def test_the_cookie_is_for_the_path_that_the_browser_sees(ours):
    with httpx.Client(base_url=ours.url, trust_env=False) as http:
        answer = http.post("/api/v2/auth/login", data={"username": "x", "password": "y"})
        ours.secrets.add(answer.cookies["SID"])
    assert "Path=/amutorrent/api/v2" in answer.headers["set-cookie"]


def test_what_is_read(app):
    assert (app.app_version(), app.app_web_api_version()) == ("v4.5.0", "2.8.3")
    assert app.app_build_info()["bitness"] == 64
    assert app.app_default_save_path() == app.app_preferences()["save_path"] == "/"
    assert list(app.app_network_interface_list()) == list(app.app_network_interface_address_list()) == []
    assert list(app.log_main()) == list(app.log_peers()) == list(app.torrents_info()) == []
    assert app.sync_maindata()["full_update"] is True
    assert app.transfer_info()["connection_status"] == "disconnected"
    assert (app.transfer_speed_limits_mode(), app.transfer_download_limit(), app.transfer_upload_limit()) == ("0", 0, 0)


@pytest.mark.parametrize(
    "method",
    ["torrents_properties", "torrents_files", "torrents_trackers", "torrents_webseeds", "torrents_piece_states",
     "torrents_piece_hashes", "sync_torrent_peers"],
)  # fmt: skip
def test_an_unknown_item_is_404_where_one_is_asked_for(app, method):
    with pytest.raises(qbittorrentapi.NotFound404Error):
        getattr(app, method)(torrent_hash=UNKNOWN)


@pytest.mark.parametrize(
    "method",
    ["torrents_pause", "torrents_resume", "torrents_delete", "torrents_recheck", "torrents_reannounce",
     "torrents_top_priority", "torrents_bottom_priority", "torrents_increase_priority", "torrents_decrease_priority",
     "torrents_set_force_start", "torrents_toggle_sequential_download", "torrents_download_limit",
     "torrents_toggle_first_last_piece_priority", "torrents_set_super_seeding", "torrents_set_auto_management"],
)  # fmt: skip
def test_commands_take_unknown_items_as_done(app, method):
    getattr(app, method)(torrent_hashes=[UNKNOWN, "0" * 32])
    with pytest.raises(qbittorrentapi.HTTP400Error):
        getattr(app, method)(torrent_hashes="")


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("torrents_add_trackers", {"torrent_hash": UNKNOWN, "urls": "http://t.example/a"}),
        ("torrents_set_location", {"torrent_hashes": UNKNOWN, "location": "/x"}),
        ("torrents_set_download_limit", {"torrent_hashes": UNKNOWN, "limit": 5}),
        ("transfer_set_download_limit", {"limit": 5}),
        ("transfer_ban_peers", {"peers": "1.2.3.4:5"}),
        ("app_set_preferences", {"prefs": {"dht": False}}),
    ],
)
def test_what_no_client_can_do_is_a_conflict(app, method, arguments):
    with pytest.raises(qbittorrentapi.Conflict409Error):
        getattr(app, method)(**arguments)


def test_categories_and_tags(app):
    app.torrents_create_category("tv", save_path="/downloads/tv")
    assert dict(app.torrents_categories()["tv"]) == {"name": "tv", "savePath": "/downloads/tv"}
    for name in ("tv", "a/b"):
        with pytest.raises(qbittorrentapi.Conflict409Error):
            app.torrents_create_category(name)
    app.torrents_edit_category("tv", save_path="/downloads/series")
    assert app.torrents_categories()["tv"]["savePath"] == "/downloads/series"
    with pytest.raises(qbittorrentapi.Conflict409Error):
        app.torrents_edit_category("nothing", save_path="/x")
    app.torrents_create_tags(["a", "b"])
    app.torrents_delete_tags(["a"])
    assert list(app.torrents_tags()) == ["b"]
    app.torrents_remove_categories(["tv", "never there"])
    assert dict(app.torrents_categories()) == {}


def test_without_any_client_a_link_is_kept_and_shown_and_can_be_dropped(ours, app):
    hash = "0123456789abcdef0123456789abcdef"
    link = f"ed2k://|file|kept.bin|5|{hash}|/"
    assert app.torrents_add(urls=link, category="made", is_paused=True, tags="x", save_path="") == "Ok."
    (row,) = app.torrents_info(category="made", status_filter="paused", torrent_hashes=hash.upper())
    assert (row.hash, row.name, row.state, row.tags) == (f"{hash}00000000", "kept.bin", "pausedDL", "x")
    app.torrents_resume(torrent_hashes="all")
    assert app.torrents_info(tag="x", sort="name", reverse=True, limit=1, offset=0)[0].state == "queuedDL"
    app.torrents_rename(torrent_hash=row.hash, new_torrent_name="called otherwise")
    app.torrents_set_share_limits(ratio_limit=2, seeding_time_limit=-2, torrent_hashes=row.hash)
    (row,) = app.torrents_info()
    assert (row.name, row.ratio_limit, row.max_seeding_time) == ("called otherwise", 2, -2)
    (checked,) = ours.get("/api/v1/arr/check")["data"]
    assert (checked["reason"], checked["client"]) == ("handing_over", None)
    app.torrents_delete(torrent_hashes=row.hash)
    assert list(app.torrents_info()) == []
