"""The traps of the apps' contract that show without any client, over the wire, each named by its number.

Where the others are: 1 test_links; 2 test_links, and tests/e2e/test_arr, which looks for each download by the id that
its magnet has; 3, 4, 41 test_door; 6, 9, 13, 19, 43 tests/e2e/test_qbcompat; 9 tests/e2e/test_arr; 12 to 18, 20, 22,
25 test_rows; 5, 27 to 39, 40, 42 the tests of torznab.
"""

import json

import httpx
import pytest
from lab.amutorrent import amutorrent
from lab.arr import id_of, radarr, sonarr

HASH = "0123456789abcdef0123456789abcdef"
MAGNET = f"magnet:?xt=urn:btih:{HASH}00000000&dn=Some.Show.S01E01.mkv&xl=300000"


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    with amutorrent(tmp_path_factory.mktemp("ours"), []) as running:
        yield running


@pytest.fixture
def app(ours):
    """Give an app with a download in its queue that no client has, and which is deleted in the end."""
    found = radarr(ours.url, "x", "y", on_cookie=ours.secrets.add, category="radarr")
    found.id = found.grab(MAGNET)
    yield found
    found.remove(found.id, with_data=True)
    assert found.find(found.id) is None


def test_trap_2_the_listed_hash_is_the_one_that_the_app_computes(app):
    assert app.id == id_of(MAGNET) == f"{HASH}00000000".upper()
    assert [item.id for item in app.queue()] == [app.id]
    assert app.grab(f"magnet:?xt=urn:btih:{HASH.upper()}00000000&xt=urn:ed2k:{HASH}&dn=a&xl=300000") == app.id


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["", "/", "/nothing", "/torrents", "/torrents/nothing", "/app/version/x", "/../../"])
def test_trap_5_an_unknown_path_is_404_and_never_a_redirect(ours, path, method):
    with httpx.Client(trust_env=False, follow_redirects=False) as http:
        answer = http.request(method, f"{ours.url}/api/v2{path}", headers={"Accept": "text/html"})
    if path == "/../../":
        return  # outside of the API: httpx has resolved it
    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain")


def test_trap_7_the_version_is_numbers_with_dots_and_all_three_of_them(app):
    assert app.version() == (2, 8, 3)
    assert app.send("app/version").text == "v4.5.0"


@pytest.mark.parametrize("written", ["True", "true", "TRUE", "1"])
def test_trap_8_booleans_are_read_in_any_case(ours, written):
    app = sonarr(ours.url, "", "", add={"paused": written})
    id = app.grab(MAGNET)
    assert app.find(id).shown_as == "paused"
    app.command("setForceStart", id, value=written)
    assert app.find(id).shown_as == "queued"
    app.command("delete", id, deleteFiles=written)
    assert app.find(id) is None


@pytest.mark.parametrize("written", ["False", "false", ""])
def test_trap_8_whatever_is_not_true_is_false_as_a_flag_that_is_left_out(ours, written):
    app = sonarr(ours.url, "", "", add={"paused": written})
    id = app.grab(MAGNET)
    assert app.find(id).shown_as == "queued"
    app.command("setForceStart", id, value=written)
    app.command("delete", id)
    assert app.find(id) is None


def test_trap_10_a_form_may_have_more_fields_than_anybody_sends(ours):
    names = [
        "savepath", "cookie", "tags", "skip_checking", "root_folder", "rename", "upLimit", "dlLimit", "ratioLimit",
        "seedingTimeLimit", "inactiveSeedingTimeLimit", "autoTMM", "sequentialDownload", "firstLastPiecePrio",
        "contentLayout", "stopCondition", "forced", "addToTopOfQueue", "downloadPath", "useDownloadPath", "paused",
        "stopped", "category", "is_paused", "content_layout", "x1", "x2", "x3", "x4", "x5",
    ]  # fmt: skip
    fields = {name: (None, "0" if "Limit" in name else "") for name in names}
    with httpx.Client(base_url=f"{ours.url}/api/v2", trust_env=False) as http:
        answer = http.post("/torrents/add", files={**fields, "urls": (None, MAGNET)})
        assert (answer.status_code, answer.text) == (200, "Ok.")
        http.post("/torrents/delete", data={"hashes": HASH})


def test_trap_11_dht_is_on_so_that_a_magnet_needs_no_tracker(app):
    assert app.preferences()["dht"] is True


def test_trap_12_what_was_just_added_is_known_at_the_first_look(ours, app):
    path = "torrents/properties"
    asked = [status for _, asked, status in app.log if asked == path]
    assert asked == [200]
    app.command("topPrio", app.id)
    app.command("addTags", app.id, tags="a,b")
    app.command("setShareLimits", app.id, ratioLimit="2", seedingTimeLimit="-2")
    row = app.find(app.id).row
    assert (row["tags"], row["ratio_limit"], row["seeding_time_limit"]) == ("a, b", 2, -2)


def test_trap_21_a_category_without_a_folder_is_there_at_once_exactly_as_it_is_spelled(ours):
    for name in ("tv-sonarr", "Fernsehen ü", "TV Shows (4K) & more", "影片"):
        app = sonarr(ours.url, "", "", category=name)
        app.test()
        assert app.categories()[name]["name"] == name
        app.test()


def test_trap_22_and_24_paths_are_absolute_though_nobody_knows_any(app):
    item = app.find(app.id)
    assert item.path == "/Some.Show.S01E01.mkv"
    assert item.row["save_path"] == "/"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("topPrio", {}),
        ("setForceStart", {"value": "true"}),
        ("addTags", {"tags": "a,b"}),
        ("setShareLimits", {"ratioLimit": "1.5", "seedingTimeLimit": "90"}),
        ("toggleSequentialDownload", {}),
        ("toggleFirstLastPiecePrio", {}),
    ],
)
def test_trap_26_what_the_apps_send_with_their_options_is_done(app, path, fields):
    app.command(path, app.id, **fields)
    assert app.log[-1] == ("POST", f"torrents/{path}", 200)


def test_trap_14_lists_are_lists_and_objects_are_objects_when_there_is_nothing(tmp_path):
    with amutorrent(tmp_path / "empty", []) as bare:
        app = sonarr(bare.url, "", "")
        assert app.queue() == []
        assert app.categories() == {}
        assert json.loads(app.send("torrents/tags").text) == []
