"""All groups of qBittorrent's API as its Python client calls them, below a base path."""

import time

import httpx
import pytest
import qbittorrentapi
from amutorrent_qbcompat.rows import Row
from lab.amutorrent import amutorrent

from amutorrent.testing import make_ed2k_file

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
    assert list(app.log_peers()) == list(app.torrents_info()) == []
    assert app.sync_maindata()["full_update"] is True
    assert app.transfer_info()["connection_status"] == "disconnected"
    assert (app.transfer_speed_limits_mode(), app.transfer_download_limit(), app.transfer_upload_limit()) == ("0", 0, 0)


def test_the_log_is_the_programs_own(app):
    lines = list(app.log_main())
    assert any("Listening on" in line.message and line.type == 1 for line in lines)
    assert any("Authentication is off" in line.message and line.type == 4 for line in lines)
    ids = [line.id for line in lines]
    assert ids == sorted(set(ids))
    assert all(abs(time.time() - line.timestamp) < 600 for line in lines), "seconds"
    assert list(app.log_main(last_known_id=ids[-1])) == []
    assert [line.id for line in app.log_main(last_known_id=ids[0])] == ids[1:]
    kinds = {line.type for line in app.log_main(normal=False, info=False)}
    assert kinds <= {4, 8}


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
        ("transfer_set_speed_limits_mode", {"intended_state": True}),
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


FILES = [make_ed2k_file(f"{name}.bin", size) for name, size in (("b", 30_000), ("a", 20_000), ("c", 10_000))]


@pytest.fixture
def listed(app):
    """Have three downloads: one paused, one in a category, one with a tag."""
    app.torrents_add(urls=FILES[0].uri, is_paused=True)
    app.torrents_add(urls=FILES[1].uri, category="films")
    app.torrents_add(urls=FILES[2].uri, tags="x")
    yield app
    app.torrents_delete(torrent_hashes=[f"{file.hash}00000000" for file in FILES])
    assert list(app.torrents_info()) == []


FILTERED = {
    "all": "abc", "downloading": "abc", "completed": "", "seeding": "", "paused": "b", "stopped": "b", "resumed": "ac",
    "running": "ac", "active": "", "inactive": "abc", "stalled": "", "stalled_uploading": "", "stalled_downloading": "",
    "errored": "", "no such filter": "abc", "PAUSED": "b",
}  # fmt: skip


def test_every_filter(listed):
    for filter, names in FILTERED.items():
        assert "".join(each.name[0] for each in listed.torrents_info(status_filter=filter, sort="name")) == names, (
            filter
        )


def test_every_sort(listed):
    for key in Row.__struct_fields__:
        values = [each[key] for each in listed.torrents_info(sort=key)]
        assert values == sorted(values), key
        values = [each[key] for each in listed.torrents_info(sort=key, reverse=True)]
        assert values == sorted(values, reverse=True), key


def test_pages_categories_tags_and_hashes(listed):
    def names(**query):
        return [each.name[0] for each in listed.torrents_info(sort="name", **query)]

    assert names(limit=2) == ["a", "b"]
    assert names(limit=2, offset=2) == ["c"]
    assert names(offset=-1) == ["c"]
    assert names(category="films") == ["a"]
    assert names(category="") == ["b", "c"]
    assert names(tag="x") == ["c"]
    assert names(tag="") == ["a", "b"]
    assert names(torrent_hashes=[FILES[0].hash, FILES[2].hash.upper()]) == ["b", "c"]


def test_what_is_said_in_the_list_is_said_of_one_and_in_the_whole(listed):
    whole = listed.sync_maindata()["torrents"]
    for row in listed.torrents_info():
        facts = dict(row)
        hash = facts.pop("hash")
        by_clock = {"time_active", "seeding_time", "last_activity"}
        assert facts.keys() == whole[hash].keys()
        assert {key: whole[hash][key] for key in facts.keys() - by_clock} == {
            key: facts[key] for key in facts.keys() - by_clock
        }
        found = listed.torrents_properties(hash)
        assert (found.total_size, found.piece_size, found.pieces_num) == (row.size, 9_728_000, 1)
        assert list(listed.torrents_piece_states(hash)) == []
        assert dict(listed.torrents_download_limit(hash)) == {hash: 0}


def test_a_change_shows_at_once(listed):
    hash = f"{FILES[0].hash}00000000"

    def row():
        return listed.torrents_info(torrent_hashes=hash)[0]

    listed.torrents_resume(torrent_hashes=hash)
    assert row().state == "queuedDL"
    listed.torrents_add_tags(tags="new", torrent_hashes=hash)
    assert row().tags == "new"
    listed.torrents_create_category("moved", save_path="/somewhere")
    listed.torrents_set_category(category="moved", torrent_hashes=hash)
    assert (row().category, row().save_path) == ("moved", "/somewhere")
    listed.torrents_edit_category("moved", save_path="/elsewhere")
    assert (row().save_path, row().content_path) == ("/elsewhere", "/elsewhere/b.bin")
    listed.torrents_remove_categories("moved")
    assert (row().category, row().save_path) == ("", "/")
