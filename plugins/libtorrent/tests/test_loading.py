"""What libtorrent is given at the start."""

import libtorrent as lt
import pytest
from amutorrent_libtorrent import Libtorrent
from amutorrent_libtorrent.loading import FLAGS, flags_of, load, load_torrents, params_of, record_of, with_info, written
from amutorrent_libtorrent.records import Facts, Record, Shelf

from amutorrent.testing import make_torrent

RUNNING, HELD = Facts(running=True), Facts(running=False)


def half_done(torrent, have=(True, False, True), place="/srv"):
    params = lt.load_torrent_buffer(torrent.file)
    params.save_path = str(place)
    params.have_pieces = list(have)
    params.unfinished_pieces = {1: [True] + [False] * 3}
    return params


@pytest.fixture
def torrent():
    return make_torrent("three pieces", 3 << 16, "http://127.0.0.1:9/announce")


def test_resume_data_and_info_dictionary_are_kept_apart_and_make_a_whole(torrent):
    record = record_of(torrent.hash, RUNNING, half_done(torrent))
    assert record.info in torrent.file
    assert b"three pieces" not in record.resume.replace(b"4:name12:three pieces", b"")
    params = params_of(record, unclean=False)
    assert params.ti is not None
    assert str(params.ti.info_hashes().v1) == torrent.hash
    assert params.have_pieces[:3] == [True, False, True]
    assert (params.save_path, params.trackers) == ("/srv", ["http://127.0.0.1:9/announce"])
    assert with_info(b"d1:ae", b"") == b"d1:ae"


def test_a_magnet_has_no_info_dictionary_yet(torrent):
    resume, info = written(lt.parse_magnet_uri(torrent.magnet))
    assert info == b""
    params = params_of(Record(hash=torrent.hash, facts=RUNNING, resume=resume), unclean=True)
    assert params.ti is None
    assert str(params.info_hashes.v1) == torrent.hash


@pytest.mark.parametrize(
    ("unclean", "facts", "have", "looked_for"),
    [
        (False, RUNNING, (True, False, True), False),
        (True, RUNNING, (True, False, True), True),
        (True, RUNNING, (), True),
        (True, RUNNING, (True, True, True), False),
        (True, HELD, (True, False, True), False),
    ],
)
def test_after_a_crash_what_was_being_downloaded_is_looked_for(torrent, unclean, facts, have, looked_for, tmp_path):
    record = record_of(torrent.hash, facts, half_done(torrent, have, tmp_path))
    torrent.write(tmp_path)
    params = params_of(record, unclean=unclean)
    assert params.have_pieces[:3] == ([] if looked_for else list(have))
    assert bool(params.unfinished_pieces) != looked_for


def test_after_a_crash_the_pieces_on_a_disk_that_is_not_mounted_are_still_known(torrent, tmp_path):
    record = record_of(torrent.hash, RUNNING, half_done(torrent, place=tmp_path / "away"))
    for unclean in (True, False):
        params = params_of(record, unclean=unclean)
        assert params.have_pieces[:3] == [True, False, True]
        assert params.flags & FLAGS.stop_when_ready, "it does not begin anew before anybody hears of it"
    new = record_of(torrent.hash, RUNNING, half_done(torrent, (), tmp_path / "away"))
    assert not params_of(new, unclean=True).flags & FLAGS.stop_when_ready


def test_only_an_engine_that_was_not_stopped_is_unclean(tmp_path):
    shelf = Shelf(tmp_path)
    for ended_well, clean in ((True, True), (False, False), (True, True)):
        if clean and ended_well:
            shelf.open()
            shelf.set({"clean": b"1"})
            shelf.close()
        assert load(shelf).clean == clean
        shelf.close()


def test_what_cannot_be_read_is_named_and_hides_nothing_else(tmp_path, torrent):
    shelf = Shelf(tmp_path)
    shelf.open()
    shelf.put(Record(hash="a" * 40, facts=RUNNING, resume=b"no resume data"))
    shelf.put(record_of(torrent.hash, RUNNING, half_done(torrent)))
    shelf.close()
    load(shelf)
    first, second = load_torrents(shelf, 0, 1, True), load_torrents(shelf, 1, 2, True)
    shelf.close()
    assert (first.torrents, first.broken, first.last) == ([], ["a" * 40], 1)
    assert ([each.hash for each in second.torrents], second.broken, second.last) == ([torrent.hash], [], None)


def test_flags_say_what_runs_and_never_that_libtorrent_decides():
    settings = Libtorrent.Settings()
    given = FLAGS.auto_managed | FLAGS.paused | FLAGS.sequential_download
    running, held = flags_of(given, RUNNING, settings), flags_of(given, HELD, settings)
    assert not running & (FLAGS.auto_managed | FLAGS.paused | FLAGS.disable_pex)
    assert running & FLAGS.sequential_download
    assert held & FLAGS.paused
    assert not flags_of(given | FLAGS.stop_when_ready, HELD, settings) & FLAGS.paused
    assert flags_of(given, RUNNING, Libtorrent.Settings(pex=False)) & FLAGS.disable_pex
