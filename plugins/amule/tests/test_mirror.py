"""Merging the daemon's answers."""

import logging

import pytest
from amutorrent_amule.codec import ALWAYS, HEADER, Packet, encode, inflate
from amutorrent_amule.codes import Op, T
from amutorrent_amule.maps import pack_runs
from amutorrent_amule.mirror import Mirror, OutOfStep, is_complete
from amutorrent_amule.tags import Tag, Type, hash16, marker, text, uint
from lab.ec_captures import frame

from amutorrent import FileComment, ProtocolError

ONE, TWO = "11" * 16, "22" * 16


@pytest.fixture
def mirror():
    return Mirror(logging.LoggerAdapter(logging.getLogger("test.amule")))


def answer(*tags, opcode=Op.SHARED_FILES):
    return inflate(ALWAYS, encode(Packet(opcode, tags))[HEADER:])


def part(ecid, *children, hash=None, name="a name"):
    known = (hash16(T.PARTFILE_HASH, hash), text(T.PARTFILE_NAME, name)) if hash else ()
    return uint(T.PARTFILE, ecid, *known, *children)


def known(ecid, hash, *children):
    return uint(T.KNOWNFILE, ecid, hash16(T.PARTFILE_HASH, hash), text(T.PARTFILE_NAME, "a name"), *children)


async def test_the_captured_first_answer_and_an_idle_one(mirror):
    await mirror.take(frame("update_first"))
    full, changed, removed = mirror.drain()
    assert (full, removed) == (True, set())
    assert changed == set(mirror.hashes())
    assert "22" * 16 in changed
    assert mirror.find("22" * 16).size == 6_442_450_944
    await mirror.take(frame("update_second_idle"))
    assert mirror.drain() == (False, set(), set())


async def test_the_captured_transfer(mirror):
    await mirror.take(frame("update_midtransfer_fresh_conn"))
    (peer,) = [each for each in mirror.peers.values() if each.request_file]
    assert (peer.name, peer.software, peer.version) == ("peer-a", 3, "v2.3.3")
    assert peer.down_speed == pytest.approx(38.9033)
    assert mirror.files[peer.request_file].done > 0
    assert {server.name for server in mirror.servers.values()} >= {"TestServer"}


async def test_what_is_absent_is_gone_and_what_is_unmentioned_is_unchanged(mirror):
    await mirror.take(answer(part(1, uint(T.PARTFILE_SPEED, 5), hash=ONE), part(2, hash=TWO)))
    mirror.drain()
    await mirror.take(answer(part(1)))
    assert mirror.drain() == (False, set(), {TWO})
    assert mirror.find(ONE).speed == 5


async def test_a_cleared_download_keeps_its_identity(mirror):
    await mirror.take(answer(part(12, uint(T.PARTFILE_STATUS, 9), hash=ONE)))
    mirror.drain()
    await mirror.take(answer(known(26, ONE)))
    assert mirror.drain() == (False, {ONE}, set())
    assert mirror.find(ONE).ecid == 26


async def test_the_same_file_twice_is_one_and_stays_when_one_of_them_goes(mirror):
    await mirror.take(answer(known(1, ONE), part(2, hash=ONE)))
    assert mirror.hashes() == [ONE]
    await mirror.take(answer(uint(T.KNOWNFILE, 1)))
    _, changed, removed = mirror.drain()
    assert (changed, removed) == ({ONE}, set())
    assert mirror.find(ONE).ecid == 1
    await mirror.take(answer())
    assert mirror.drain()[2] == {ONE}


async def test_a_number_without_a_name_is_out_of_step(mirror):
    with pytest.raises(OutOfStep):
        await mirror.take(answer(part(7)))


async def test_a_number_that_is_given_to_another_file_is_out_of_step(mirror):
    await mirror.take(answer(part(7, hash=ONE)))
    with pytest.raises(OutOfStep):
        await mirror.take(answer(part(7, hash=TWO)))


async def test_another_answer_is_refused(mirror):
    with pytest.raises(ProtocolError):
        await mirror.take(answer(opcode=Op.STATS))


async def test_maps_are_differences_to_what_was_told(mirror):
    def status(data):
        return Tag(T.PARTFILE_PART_STATUS, Type.CUSTOM, pack_runs(data))

    await mirror.take(answer(part(1, status(b"\1\1\3"), hash=ONE)))
    await mirror.take(answer(part(1, status(b"\0\1\0"))))
    assert mirror.find(ONE).parts == b"\1\0\3"
    await mirror.take(answer(part(1, status(b""))))
    assert mirror.find(ONE).parts == b""


async def test_comments_come_and_go(mirror):
    texts = [text(T.PARTFILE_COMMENTS, each) for each in ("peer-a", "a name")]
    said = marker(T.PARTFILE_COMMENTS, *texts, uint(T.PARTFILE_COMMENTS, 4), text(T.PARTFILE_COMMENTS, "good"))
    await mirror.take(answer(part(1, said, hash=ONE)))
    assert mirror.find(ONE).comments == (FileComment(user_name="peer-a", file_name="a name", rating=4, comment="good"),)
    await mirror.take(answer(part(1)))
    assert mirror.find(ONE).comments
    await mirror.take(answer(part(1, marker(T.PARTFILE_COMMENTS))))
    assert mirror.find(ONE).comments == ()


async def test_upload_speeds_are_summed_over_peers_and_change_their_files(mirror):
    def peers(*speeds):
        each = (
            uint(T.CLIENT, 10 + place, uint(T.CLIENT_UPLOAD_FILE, 1), uint(T.CLIENT_UP_SPEED, speed))
            for place, speed in enumerate(speeds)
        )
        return marker(T.CLIENT, *each)

    await mirror.take(answer(known(1, ONE), peers(5, 7)))
    assert mirror.upload_speeds == {1: 12}
    mirror.drain()
    await mirror.take(answer(uint(T.KNOWNFILE, 1), peers(5, 7)))
    assert mirror.drain()[1] == set()
    await mirror.take(answer(uint(T.KNOWNFILE, 1), peers(5)))
    assert mirror.drain()[1] == {ONE}


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 99])
async def test_only_status_9_or_being_shared_alone_is_complete(mirror, status):
    """Also with no gap left: the daemon may still be moving it, or hang while it does."""
    await mirror.take(answer(part(1, uint(T.PARTFILE_STATUS, status), marker(T.PARTFILE_GAP_STATUS), hash=ONE)))
    assert not is_complete(mirror.find(ONE))
    await mirror.take(answer(part(1, uint(T.PARTFILE_STATUS, 9))))
    assert is_complete(mirror.find(ONE))


async def test_an_unknown_status_is_logged_once(mirror, caplog):
    for _ in range(2):
        await mirror.take(answer(part(1, uint(T.PARTFILE_STATUS, 77), hash=ONE)))
        await mirror.take(answer())
    assert caplog.text.count("unknown status 77") == 1


async def test_unknown_tags_are_passed_over(mirror):
    strange = Tag(0x1B0B, 0x33, b"anything", (uint(0x7000, 5),))
    await mirror.take(answer(part(1, strange, hash=ONE), strange, marker(T.FRIEND, strange)))
    assert mirror.hashes() == [ONE]


async def test_what_went_and_came_back_between_two_polls_is_no_removal(mirror):
    await mirror.take(answer(part(1, hash=ONE)))
    mirror.drain()
    await mirror.take(answer())
    await mirror.take(answer(part(2, hash=ONE)))
    assert mirror.drain() == (False, {ONE}, set())
