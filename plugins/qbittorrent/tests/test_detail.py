"""What is asked when somebody opens a torrent, on captured answers."""

from pathlib import Path

import pytest
from amutorrent_qbittorrent.detail import entries, is_tracker, peer, read_priority, tracker_state
from amutorrent_qbittorrent.logs import text
from amutorrent_qbittorrent.wire import File, LogLine, Peer, PeerList, Tracker, read

from amutorrent import Pieces

DATA = Path(__file__).parent / "data"


def captured(name: str) -> bytes:
    return (DATA / f"{name}-4.5.2.json").read_bytes()


def test_the_trackers_without_the_daemons_three_others():
    listed = read(captured("trackers"), list[Tracker], "trackers")
    states = [tracker_state(one) for one in listed if is_tracker(one)]
    assert [(one.url, one.status, one.message, one.seeds, one.peers) for one in states] == [
        ("http://tracker.example.co.uk:6969/announce", "error", "Host not found (authoritative)", None, None),
        ("udp://127.0.0.1:9/announce", "error", "timed out", None, None),
    ]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (0, "disabled"),
        (1, "idle"),
        (2, "working"),
        (3, "updating"),
        (4, "error"),
        (5, "error"),
        (6, "error"),
        (99, "idle"),
    ],
)
def test_tracker_states(status, word):
    assert tracker_state(Tracker(url="http://t/", status=status)).status == word


def test_what_a_tracker_says_of_the_swarm():
    state = tracker_state(Tracker(url="u", num_seeds=5, num_leeches=9, num_peers=3))
    assert (state.seeds, state.peers) == (5, 9)
    assert tracker_state(Tracker(url="u", num_peers=3)).peers == 3


def test_a_peer():
    ((id, one),) = read(captured("torrentPeers"), PeerList, "peers").peers.items()
    found = peer(id, one)
    assert (found.id, found.address, found.port) == ("127.0.0.12:50321", "127.0.0.12", 50321)
    assert (found.software, found.completed_percent, found.flags) == ("qBittorrent/4.5.2", 100.0, "D E P")
    assert (found.is_encrypted, found.is_incoming, found.source_from) == (True, False, None)
    assert (found.download_rate, found.download_total, found.upload_rate, found.role) == (29485, 229302, 0, "peer")


def test_a_peer_of_i2p_has_no_address():
    found = peer("destination", Peer(client="x", flags="I H", progress=0.3))
    assert (found.id, found.address, found.port) == ("destination", None, None)
    assert (found.is_incoming, found.is_encrypted, found.source_from, found.completed_percent) == (
        True,
        False,
        "DHT",
        30.0,
    )


def test_the_files_of_a_folder_are_relative_to_it():
    listed = entries(read(captured("files"), list[File], "files"))
    assert [(one.index, one.path, one.size, one.progress, one.priority) for one in listed] == [
        (0, "a.bin", 900_000, 100.0, 1),
        (1, "sub/b.bin", 200_000, 100.0, 1),
    ]


def test_a_single_file_keeps_its_path():
    (one,) = entries(read(captured("files-single"), list[File], "files"))
    assert one.path == "Grüße \U0001f31e.bin"
    (one,) = entries([File(name="folder/one.bin")])
    assert one.path == "folder/one.bin"


def test_files_without_a_common_folder_keep_their_paths():
    assert [one.path for one in entries([File(name="a/x"), File(name="b/x")])] == ["a/x", "b/x"]
    assert [one.path for one in entries([File(name="a"), File(name="b")])] == ["a", "b"]
    assert [one.path for one in entries([File(name="a"), File(name="a/b")])] == ["a", "a/b"]
    assert entries([]) == []


@pytest.mark.parametrize(("theirs", "ours"), [(0, 0), (-1, 0), (1, 1), (4, 1), (6, 2), (7, 2)])
def test_file_priorities(theirs, ours):
    assert read_priority(theirs) == ours


def test_pieces_are_packed_into_runs():
    states = read(captured("pieceStates"), list[int], "pieces")
    packed = Pieces.of(16384, states)
    assert packed.count == 184
    assert [state for state, length in packed.states for _ in range(length)] == states


@pytest.mark.parametrize(
    ("kind", "line"),
    [(1, "hi"), (2, "hi"), (4, "warning: hi"), (8, "critical: hi"), (99, "hi")],
)
def test_log_lines(kind, line):
    assert text(LogLine(id=1, message="hi", timestamp=1_705_312_800, type=kind)) == f"2024-01-15 10:00:00: {line}"
    assert text(LogLine(id=1, timestamp=-5)).startswith("1970-01-01")
