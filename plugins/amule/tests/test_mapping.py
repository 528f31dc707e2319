"""From the daemon's values to items."""

from datetime import UTC, datetime

import msgspec
import pytest
from amutorrent_amule import detail, mapping
from amutorrent_amule.labels import Label, Labels, lies_in, read_labels
from amutorrent_amule.maps import pack_runs, unpack_runs
from amutorrent_amule.records import File, Peer
from amutorrent_amule.states import priority
from lab.ec_captures import packet

from amutorrent import Item

PART = 9_728_000
LABELS = Labels(
    (Label(1, "tv", "/data/tv"), Label(2, "old", "/data/tv-old"), Label(3, "none", "/in"), Label(4, "deep", "/data")),
    "/in",
)


def download(**fields):
    given = {"hash": "11" * 16, "name": "a.avi", "size": 1000, "folder": "001.part", "status": 0, **fields}
    return File(1, True, **given)


def shared(**fields):
    return File(1, False, **{"hash": "11" * 16, "name": "a.avi", "size": 1000, "folder": "/data/tv", **fields})


def item(file, remembered=None):
    made = mapping.item(file, 0, LABELS, remembered)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Item) == made
    return made


@pytest.mark.parametrize(
    ("status", "stopped", "expected"),
    [
        (0, 0, "active"), (1, 0, "active"), (10, 0, "active"), (2, 0, "checking"), (3, 0, "checking"),
        (8, 0, "checking"), (4, 0, "error"), (5, 0, "error"), (7, 0, "paused"), (7, 1, "stopped"), (9, 0, "seeding"),
        (42, 0, "active"),
    ],
)  # fmt: skip
def test_statuses(status, stopped, expected):
    made = item(download(status=status, stopped=stopped))
    assert made.status == expected
    assert made.complete == (status == 9)


def test_all_bytes_and_not_yet_in_place():
    made = item(download(status=8, done=1000))
    assert (made.progress, made.complete, made.status, made.path) == (100.0, False, "checking", None)


def test_a_finished_download_and_a_shared_file_are_at_their_path():
    done = item(download(status=9, done=0, folder="/data/tv", category=1, speed=77))
    assert (done.path, done.directory, done.size_downloaded) == ("/data/tv/a.avi", "/data/tv", 1000)
    assert (done.download_speed, done.eta, done.category) == (0, None, "tv")
    assert item(shared(folder="/data/tv/")).path == "/data/tv/a.avi"
    assert item(shared(folder="C:\\in")).path == "C:\\in\\a.avi"
    assert item(shared(folder="")).path is None


def test_a_download_ends_in_the_folder_of_its_category():
    assert item(download(category=1)).directory == "/data/tv"
    assert item(download(category=0)).directory == "/in"
    assert item(download(category=99)).category == "Default"


@pytest.mark.parametrize(
    ("folder", "remembered", "expected"),
    [
        ("/data/tv", None, "tv"), ("/data/tv-old", None, "old"), ("/data/tv/sub", None, "tv"),
        ("/data/x", None, "deep"),
        ("/in", None, "Default"), ("/elsewhere", None, "Default"), ("/in", "none", "none"), ("/data/tv", "gone", "tv"),
    ],
)  # fmt: skip
def test_the_category_of_a_complete_file(folder, remembered, expected):
    """The longest path, on a folder boundary; or the one that it had as a download, while that exists."""
    assert item(shared(folder=folder), remembered).category == expected


def test_numbers():
    made = item(download(done=333, speed=100, sources=5, sources_sending=2, sources_a4af=1, sources_not_current=3))
    assert (made.progress, made.eta) == (33.3, 7)
    assert (made.sources.total, made.sources.connected, made.sources.a4af, made.sources.not_current) == (5, 2, 1, 3)
    uploaded = item(shared(uploaded=2500, uploaded_session=5, accepted=1, accepted_total=9, size=1000))
    assert (uploaded.ratio, uploaded.upload_total, uploaded.upload_session) == (2.5, 2500, 5)
    assert (uploaded.requests_accepted, uploaded.requests_accepted_total) == (1, 9)
    assert item(download(size=0)).ratio == 0
    assert item(download(last_seen_complete=1)).last_seen_complete == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert item(download(last_seen_complete=2**62)).last_seen_complete is None


@pytest.mark.parametrize(
    ("number", "level"),
    [(0, "low"), (1, "normal"), (2, "high"), (3, "veryHigh"), (4, "veryLow"), (5, "auto"), (6, "veryHigh"),
     (10, "auto"), (14, "auto"), (7, None), (-1, None)],
)  # fmt: skip
def test_priorities(number, level):
    assert priority(number) == level


def test_a_link_is_shown_without_our_own_address():
    link = "ed2k://|file|a.avi|1000|1111|/|sources,127.0.0.1:4662|/"
    assert item(shared(link=link)).ed2k_link == "ed2k://|file|a.avi|1000|1111|/"
    assert item(shared()).ed2k_link is None


def test_the_captured_categories():
    labels = read_labels(packet("prefs_categories"), "/in")
    assert labels.all
    assert all(label.index > 0 and label.title for label in labels.all)
    assert labels.default_path
    assert read_labels(packet("search_progress"), "/in") == Labels((), "/in")


def test_paths_and_folder_boundaries():
    assert lies_in("/data/tv", "/data/tv/")
    assert lies_in("/data/tv/x", "/data/tv")
    assert not lies_in("/data/tv-old", "/data/tv")
    assert [each.path for each in LABELS.definitions()] == ["/data/tv", "/data/tv-old", "", "/data"]


def gaps(*pairs):
    numbers = [number for pair in pairs for number in pair]
    return bytes(number >> 8 * plane & 0xFF for plane in range(8) for number in numbers)


@pytest.mark.parametrize(
    ("missing", "asked", "states"),
    [
        ([(0, 3 * PART - 1)], [], ((0, 3),)),
        ([(0, PART - 1)], [], ((0, 1), (2, 2))),
        ([(5, 9)], [], ((1, 1), (2, 2))),
        ([(PART - 1, PART)], [], ((1, 2), (2, 1))),
        ([(0, 2**64 - 1)], [(PART, PART + 9)], ((0, 1), (1, 1), (0, 1))),
        ([], [], ((2, 3),)),
    ],
)
def test_pieces(missing, asked, states):
    found = detail.pieces(download(size=3 * PART, gaps=gaps(*missing), requested=gaps(*asked)))
    assert (found.size, found.count, found.states) == (PART, 3, states)
    assert unpack_runs(pack_runs(gaps(*missing))) == gaps(*missing)


@pytest.mark.parametrize(
    ("missing", "asked", "expected"),
    [
        ([(0, 99)], [], ((0, 99), ())),
        ([(5, 9), (50, 2**64 - 1)], [(5, 6)], ((5, 9, 50, 99), (5, 6))),
        ([(100, 200)], [], ((), ())),
        ([], [], ((), ())),
    ],
)
def test_segments_end_within_the_file(missing, asked, expected):
    found = detail.segments(download(size=100, gaps=gaps(*missing), requested=gaps(*asked)))
    assert (found.gap_status, found.req_status) == expected


def test_peers():
    source = Peer(9, hash="ab" * 16, name="x", software=3, version="v2.3.3", ip=0x0100007F, port=4662, origin=8)
    source.request_file, source.down_speed, source.available_parts, source.obfuscation = 1, 38.5, 1, 4
    found = detail.peer(source, download(size=2 * PART))
    assert (found.role, found.address, found.software) == ("download", "127.0.0.1", "aMule v2.3.3")
    assert (found.download_rate, found.completed_percent, found.source_from) == (39424, 50.0, "search result")
    assert found.is_encrypted is False
    source.upload_file, source.up_speed, source.queue_rank = 1, 7, 0xFFFF
    both = detail.peer(source, download())
    assert (both.role, both.upload_rate, both.remote_queue_rank) == ("peer", 7, None)
    stranger = detail.peer(Peer(9, upload_file=1, software=999), shared())
    assert (stranger.role, stranger.software, stranger.address, stranger.download_state) == ("upload", None, None, None)
