"""From the daemon's fields to ours."""

from datetime import UTC, datetime

import msgspec
import pytest
from amutorrent_qbittorrent.mapping import has_metadata, is_complete, item, told_multi_file
from amutorrent_qbittorrent.wire import Torrent

from amutorrent import Item

HASH = "a" * 40
DONE = {"size": 1000, "total_size": 1000, "completed": 1000, "amount_left": 0, "state": "stalledUP"}


def of(multi_file=False, urls=("http://tracker.example.org/announce",), **fields) -> Item:
    return item(Torrent(**fields), HASH, tuple(urls), multi_file)


def test_a_seeding_torrent():
    found = of(
        **DONE,
        name="Grüße",
        category="films",
        tags="a, b ,,c",
        ratio=0.5,
        uploaded=500,
        uploaded_session=20,
        num_seeds=1,
        num_leechs=2,
        num_complete=7,
        num_incomplete=3,
        save_path="/downloads",
        content_path="/downloads/Grüße",
        added_on=1_700_000_000,
        tracker="http://tracker.example.co.uk:80/announce",
        eta=100,
    )
    assert (found.status, found.complete, found.progress, found.size, found.size_downloaded) == (
        "seeding",
        True,
        100.0,
        1000,
        1000,
    )
    assert (found.category, found.tags, found.ratio, found.upload_total, found.upload_session) == (
        "films",
        ("a", "b", "c"),
        0.5,
        500,
        20,
    )
    assert (found.sources.connected, found.sources.total, found.sources.seeders) == (3, 10, 7)
    assert (found.directory, found.path, found.multi_file) == ("/downloads", "/downloads/Grüße", False)
    assert found.added_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (found.tracker, found.trackers) == ("example.co.uk", ("http://tracker.example.org/announce",))
    assert (found.shared, found.download_priority, found.message, found.eta) == (True, "normal", None, None)


def test_every_item_passes_the_model_even_of_an_empty_or_absurd_torrent():
    for torrent in (
        {},
        {"size": -1, "completed": -5, "dlspeed": -1, "ratio": float("inf"), "added_on": 10**18, "eta": -1},
        {"ratio": float("nan"), "num_seeds": -1, "tags": ", ,", "content_path": "\\", "tracker": "http://[::"},
    ):
        found = of(**torrent)
        assert msgspec.json.decode(msgspec.json.encode(found), type=Item).hash == HASH
        assert found.ratio == 0.0


@pytest.mark.parametrize(
    ("change", "complete"),
    [
        ({}, True),
        ({"state": "pausedUP"}, True),
        ({"state": "stoppedUP"}, True),
        ({"amount_left": 1}, False),
        ({"amount_left": -1}, False),
        ({"size": 0}, False),
        ({"size": -1}, False),
        ({"state": "moving"}, False),
        ({"state": "checkingUP"}, False),
        ({"state": "checkingResumeData"}, False),
        ({"state": "metaDL"}, False),
        ({"state": "forcedMetaDL"}, False),
        ({"state": "allocating"}, False),
    ],
)
def test_complete_is_nothing_left_of_a_known_size_verified_and_in_place(change, complete):
    assert is_complete(Torrent(**{**DONE, **change})) is complete


def test_progress_is_rounded_down_and_reaches_100_only_when_no_byte_is_missing():
    assert of(size=10**9, completed=10**9 - 1).progress == 99.99
    assert of(size=10**9, completed=10**9).progress == 100.0
    assert of(size=3, completed=1).progress == 33.33
    assert of(size=0, total_size=100, completed=0, amount_left=0).progress == 0.0


def test_the_size_of_a_torrent_of_which_nothing_is_wanted_is_its_whole_size():
    assert of(size=0, total_size=70).size == 70


@pytest.mark.parametrize(
    ("state", "eta", "shown"), [("downloading", 30, 30), ("stalledDL", 8_640_000, None), ("pausedDL", 30, None)]
)
def test_eta_is_absent_when_infinite_or_idle(state, eta, shown):
    assert of(size=10, state=state, eta=eta).eta == shown


@pytest.mark.parametrize(
    ("fields", "urls", "text"),
    [
        ({"state": "error"}, ["http://t/"], "Error"),
        ({"state": "missingFiles"}, [], "Missing files"),
        ({"state": "stalledDL", "trackers_count": 0}, [], "No tracker"),
        ({"state": "stalledDL"}, [], "No tracker"),
        ({"state": "pausedDL", "trackers_count": 1, "tracker": ""}, [], None),
        ({"state": "stalledDL"}, ["http://t/"], None),
    ],
)
def test_messages(fields, urls, text):
    assert of(urls=urls, **fields).message == text


def test_directories():
    paths = {"save_path": "/d", "content_path": "/d/folder"}
    assert of(multi_file=True, **paths).directory == "/d/folder"
    assert of(multi_file=False, **paths).directory == "/d"
    assert of(multi_file=None, **paths).directory == "/d"
    assert of(multi_file=True, save_path="/d", content_path="folder").directory == "/d"
    assert of(multi_file=True, save_path="/d", content_path="folder").path is None
    assert of(save_path="D:\\x", content_path="D:\\x\\f").path == "D:\\x\\f"
    assert of().directory is None


@pytest.mark.parametrize(
    ("fields", "several"),
    [
        ({"save_path": "/d", "content_path": "/d"}, True),
        ({"save_path": "/d", "content_path": "/tmp", "download_path": "/tmp"}, True),
        ({"save_path": "/d", "content_path": "/d/x"}, None),
        ({"save_path": "/d", "content_path": "x"}, None),
        ({"save_path": "/d", "content_path": "/d/x", "root_path": "/d/x"}, True),
        ({"save_path": "/d", "content_path": "/d/x/one.bin", "root_path": "/d/x"}, False),
        ({"save_path": "/d", "content_path": "/d/one.bin", "root_path": ""}, False),
    ],
)
def test_several_files_as_far_as_the_paths_prove_it(fields, several):
    assert told_multi_file(Torrent(**fields)) is several


def test_a_magnet_without_metadata():
    found = of(name=HASH, total_size=-1, state="metaDL")
    assert (found.name_resolving, found.size, found.complete) == (True, 0, False)
    assert not has_metadata(Torrent(total_size=-1))
    assert has_metadata(Torrent(total_size=5))
    assert of(name="Known", total_size=-1).name_resolving is None


def test_a_magnet_link_is_made_where_the_daemon_gives_none():
    assert of().magnet_link == f"magnet:?xt=urn:btih:{HASH}"
    assert of(magnet_uri="magnet:?xt=urn:btih:1&dn=x").magnet_link == "magnet:?xt=urn:btih:1&dn=x"


def test_the_first_announce_url_stands_in_where_none_works():
    assert of(urls=["http://a.example.org/", "http://b.example.net/"]).tracker == "example.org"


def test_extra_has_only_what_is_not_as_usual():
    assert of().extra == {}
    assert of(force_start=True, auto_tmm=True).extra == {"forceStart": True, "automaticManagement": True}
