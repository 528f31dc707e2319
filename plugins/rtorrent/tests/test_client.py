"""The client against the real rtorrent, where the contract does not look."""

import socket
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest
import trio
from amutorrent_rtorrent import RTorrent, adding
from amutorrent_rtorrent.pace import Pace
from lab.lacking import lacking
from lab.rtorrent import daemon as run_daemon
from lab.waiting import wait_for

import amutorrent as am
from amutorrent.testing import make_torrent, open_session

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
GONE = "f" * 40


@asynccontextmanager
async def opened(daemon):
    settings = {key: value for key, value in daemon.settings.items() if key != "type"}
    async with open_session(RTorrent, RTorrent.Settings.model_validate(settings)) as session:
        await session.poll()
        yield session


@pytest.fixture
async def session(rtorrent):
    async with opened(rtorrent) as session:
        yield session
    rtorrent.clear()


async def add(session, torrent, **options):
    await session.part(am.AddTorrentFile).add_torrent_file(torrent.metafile, am.AddOptions(**options))
    await session.until(lambda: torrent.hash in session.items)
    return torrent.hash


async def test_priorities_of_items(session, rtorrent):
    hash = await add(session, make_torrent("ranked"), paused=True)
    part = session.part(am.Priority)
    for level, native, shown in [
        ("off", 0, "off"),
        ("veryLow", 1, "low"),
        ("veryHigh", 3, "high"),
        ("auto", 2, "normal"),
    ]:
        outcome = await part.set_priority([hash, GONE], level)
        assert outcome[hash] is None
        assert outcome[GONE].code == "item_not_found"
        assert rtorrent.get("d.priority", hash) == native
        await session.until(lambda shown=shown: session.items[hash].download_priority == shown)


async def test_priorities_of_files(session, rtorrent):
    hash = await add(session, make_torrent("choose", {"a": 20_000, "b": 30_000}), paused=True)
    part = session.part(am.FilePriority)
    await part.set_file_priority(hash, [0], 0)
    await part.set_file_priority(hash, [1], 2)
    assert rtorrent.call("f.multicall", hash, "", "f.priority=") == [[0], [2]]
    with pytest.raises(am.InvalidRequest, match="has 2 files"):
        await part.set_file_priority(hash, [1, 2], 1)
    assert rtorrent.call("f.multicall", hash, "", "f.priority=") == [[0], [2]]


async def test_what_lies_in_the_daemon_for_a_torrent_that_was_added(session, rtorrent):
    before = int(time.time())
    folder = rtorrent.downloads / "two" / "levels"
    hash = await add(session, make_torrent("added", {"a": 1}), category="a, b; c", save_path=str(folder))
    assert rtorrent.get("d.custom1", hash) == "a%2C%20b%3B%20c"
    assert rtorrent.get("d.directory", hash) == str(folder / "added")
    await wait_for(lambda: rtorrent.get("d.is_active", hash) and (folder / "added").is_dir())
    assert before <= session.items[hash].added_at.timestamp() <= time.time()
    with pytest.raises(am.ClientFailed, match="cannot create the folder"):
        await add(session, make_torrent("nowhere"), save_path="/proc/nowhere")
    assert rtorrent.get("d.name", make_torrent("nowhere").hash) is None


async def test_a_torrent_file_larger_than_the_daemon_takes_by_itself(session, rtorrent, monkeypatch):
    """Its limit is 512 KiB for a request until it is told otherwise; nothing goes by the disk."""
    monkeypatch.delattr(adding, "_put")
    torrent = make_torrent("season", {f"{'n' * 90}{number}": 10 for number in range(11_000)})
    assert 1_300_000 < len(torrent.file) < 1_500_000
    hash = await add(session, torrent, paused=True, category="big")
    assert rtorrent.label(hash) == "big"
    assert rtorrent.call("network.xmlrpc.size_limit") == 2 << 20


async def test_a_torrent_file_that_is_too_large_to_be_sent(session, rtorrent):
    torrent = make_torrent("large", {f"{'n' * 90}{number}": 10 for number in range(14_000)})
    assert len(torrent.file) > 1_600_000
    hash = await add(session, torrent, paused=True, category="big")
    assert rtorrent.label(hash) == "big"
    assert rtorrent.get("d.tied_to_file", hash) == ""
    assert list(rtorrent.downloads.glob("*.torrent")) == []


async def test_a_torrent_that_it_refuses_is_an_error_that_says_what_to_look_at(session):
    torrent = make_torrent("refused")
    torrent = replace(torrent, file=torrent.file.replace(b"12:piece lengthi65536e", b"12:piece lengthi1e"))
    with pytest.raises(am.ClientFailed, match="does not list it"):
        await add(session, torrent)


@pytest.mark.parametrize("name", ["\U0001f600 ünï", "bad \udcff\udcfe ünï", "bell \x07", "what?"])
async def test_names_that_it_cannot_spell_of_torrents_that_others_added(session, rtorrent, name):
    torrent = make_torrent(name, {"\U0001f601 ü": 10, "plain": 10})
    rtorrent.seed(torrent)
    shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    await session.until(lambda: torrent.hash in session.items and session.items[torrent.hash].name == shown)
    assert {each.path for each in await session.part(am.Files).files(torrent.hash)} == {"\U0001f601 ü", "plain"}
    await session.until(lambda: session.items[torrent.hash].complete)
    target = rtorrent.downloads / "away"
    await session.move(torrent.hash, str(target))
    await session.until(lambda: session.items[torrent.hash].complete, within_s=30)
    await wait_for(lambda: torrent.digest_in(target) == torrent.digest)
    assert torrent.digest_in(rtorrent.downloads) == ""
    assert await session.part(am.RemoveWithFiles).remove_with_files([torrent.hash]) == {torrent.hash: None}
    assert torrent.digest_in(target) == ""
    assert list(target.iterdir()) == []


async def test_files_that_another_torrent_has_too_stay(session, rtorrent):
    first = make_torrent("shared", {"a": 20_000, "b": 20_000})
    second = make_torrent("shared", {"a": 20_000, "b": 20_000}, piece=1 << 14)
    first.write(rtorrent.downloads)
    for torrent in (first, second):
        await add(session, torrent)
    await session.until(lambda: session.items[first.hash].complete and session.items[second.hash].complete)
    part = session.part(am.RemoveWithFiles)
    assert await part.remove_with_files([first.hash, GONE]) | {GONE: None} == {first.hash: None, GONE: None}
    assert first.digest_in(rtorrent.downloads) == first.digest
    await session.until(lambda: first.hash not in session.items)
    assert await part.remove_with_files([second.hash]) == {second.hash: None}
    assert not (rtorrent.downloads / "shared").exists()


async def test_a_move_that_cannot_be_changes_nothing(session, rtorrent, tmp_path):
    torrent = make_torrent("stays", {"a": 20_000})
    torrent.write(rtorrent.downloads)
    torrent.write(tmp_path)
    hash = await add(session, torrent)
    await session.until(lambda: session.items[hash].complete)
    with pytest.raises(am.Conflict):
        await session.move(hash, str(tmp_path))
    with pytest.raises(am.NotFound):
        await session.move(GONE, str(tmp_path))
    with pytest.raises(am.ClientFailed, match="no room in /proc"):
        await session.move(hash, "/proc/nowhere")
    await session.until(lambda: session.items[hash].status == "seeding", within_s=30)
    assert rtorrent.get("d.directory", hash) == str(rtorrent.downloads / "stays")
    assert torrent.digest_in(rtorrent.downloads) == torrent.digest


async def test_pausing_one_that_waits_for_its_check_holds(session, rtorrent):
    torrent = make_torrent("checked", 30 << 20)
    torrent.write(rtorrent.downloads)
    hash = await add(session, torrent)
    await session.part(am.Pause).pause([hash])
    await session.until(lambda: session.items[hash].status in ("paused", "stopped"))
    await trio.sleep(1)
    await session.poll()
    assert session.items[hash].status in ("paused", "stopped")
    await session.part(am.Pause).resume([hash])
    await session.until(lambda: session.items[hash].status == "seeding")


async def test_starting_and_stopping_as_fast_as_one_can_does_not_kill_it(session, rtorrent, tracker):
    torrent = make_torrent("flapping", 20_000, tracker.url)
    hash = await add(session, torrent)
    pause = session.part(am.Pause)
    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(pause.pause, [hash])
            nursery.start_soon(pause.resume, [hash])
            nursery.start_soon(session.part(am.Reannounce).reannounce, [hash])
    assert rtorrent.alive
    assert rtorrent.call("system.pid") == rtorrent.pid


async def test_turns_lie_apart(autojump_clock):
    pace, times = Pace(), []

    async def take(*hashes):
        await pace.wait(hashes)
        times.append(trio.current_time())

    start = trio.current_time()
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(take, "a")
        nursery.start_soon(take, "b")
    assert [round(each - start) for each in times] == [0, 0, 3, 6]


async def test_a_magnet_keeps_what_was_set_before_it_was_resolved(session, rtorrent, tracker):
    torrent = make_torrent("resolved", 200_000, tracker.url)
    link = am.Magnet.parse(torrent.magnet)
    folder = rtorrent.downloads / 'a "folder", $d; (x)'
    options = am.AddOptions(category="first", save_path=str(folder))
    assert await session.part(am.AddMagnet).add_magnets([link], options) == {torrent.hash: None}
    await session.until(lambda: torrent.hash in session.items)
    item = session.items[torrent.hash]
    assert (item.complete, item.progress, item.size, item.name_resolving) == (False, 0, 0, True)
    assert await session.part(am.Files).files(torrent.hash) == []
    assert await session.part(am.PieceMap).pieces(torrent.hash) is None
    await session.part(am.SetCategory).set_category([torrent.hash], "second")
    await session.part(am.Rename).rename(torrent.hash, "another")
    await session.until(lambda: session.items[torrent.hash].category == "second")
    with run_daemon(rtorrent.root / "seeder") as seeder:
        seeder.seed(torrent)
        await wait_for(lambda: seeder.get("d.is_active", torrent.hash))
        await trio.to_thread.run_sync(
            partial(rtorrent.call, "add_peer", torrent.hash, f"{seeder.address}:{seeder.call('network.listen.port')}")
        )
        await session.until(lambda: session.items[torrent.hash].complete, within_s=60)
        await session.until(lambda: session.items[torrent.hash].category == "second")
    item = session.items[torrent.hash]
    assert (item.name, item.directory, item.path) == ("another", str(folder), str(folder / "resolved"))
    assert torrent.digest_in(folder) == torrent.digest


async def test_speeds_are_those_of_the_last_moments(session, rtorrent):
    torrent = make_torrent("fast", 16 << 20)
    with run_daemon(rtorrent.root / "fast") as seeder:
        seeder.seed(torrent)
        await wait_for(lambda: seeder.get("d.complete", torrent.hash))
        seeder.call("throttle.global_up.max_rate.set", "", 2 << 20)
        hash = await add(session, torrent)
        await trio.to_thread.run_sync(
            partial(rtorrent.call, "add_peer", hash, f"{seeder.address}:{seeder.call('network.listen.port')}")
        )
        await session.until(lambda: session.items[hash].download_speed > 1 << 20)
        assert session.last.download_speed > 1 << 20
        (peer,) = await session.part(am.Peers).peers(hash)
        assert (peer.address, peer.completed_percent) == (seeder.address, 100)
        assert peer.download_total > 0
    await session.until(lambda: session.items[hash].download_speed == 0)


async def test_raw_fields(session):
    hash = await add(session, make_torrent("raw"), paused=True, category="x")
    raw = await session.client.raw(hash)
    assert (raw["d.hash"], raw["d.custom1"], raw["d.custom=amt_name"]) == (hash.upper(), "x", "")
    with pytest.raises(am.NotFound):
        await session.client.raw(GONE)


async def test_no_second_set_of_limits_and_none_too_large(session):
    part = session.part(am.SpeedLimits)
    with pytest.raises(am.Unsupported):
        await part.set_speed_limits(alternative=True)
    assert (await part.set_speed_limits(download=1 << 40)).download == 327_634 << 10
    await part.set_speed_limits(download=0)


async def test_a_daemon_that_was_restarted_between_two_polls_is_connected_to_anew(tmp_path):
    with run_daemon(tmp_path) as daemon:
        async with opened(daemon) as session:
            daemon.stop()
            daemon.start()
            with pytest.raises(am.Unreachable, match="restarted"):
                await session.poll()


async def test_what_is_not_defined_is_missing(rtorrent):
    with lacking(rtorrent) as proxy:
        for lacks, gone, left in [
            ({"d.pause"}, am.Pause, am.Stop),
            ({"system.multicall", "t.multicall"}, am.Trackers, am.Peers),
            ({"f.multicall"}, am.RemoveWithFiles, am.Remove),
            ({"system.listMethods", "d.priority.set"}, am.Priority, am.FilePriority),
            ({"session.path", "execute.throw", "system.pid", "d.custom"}, am.Rename, am.AddMagnet),
        ]:
            proxy.lacks = lacks
            async with opened(proxy) as session:
                assert not session.has(gone)
                assert session.has(left)
                hash = await add(session, make_torrent("without"), paused=True)
                await session.part(am.Remove).remove([hash])
        proxy.lacks = {"d.hash"}
        with pytest.raises(am.AuthRejected, match=r"has no d\.hash"):
            async with opened(proxy):
                pass


@pytest.mark.parametrize("mode", ["scgi", "http"])
@pytest.mark.parametrize("greeting", [b"220 mail.example.org ESMTP\r\n\r\n", b"", b"\xff" * 64 + b"\r\n\r\n"])
async def test_a_port_of_something_else(nursery, mode, greeting):
    async def answer(stream):
        await stream.receive_some(65536)
        await stream.send_all(greeting)
        await stream.aclose()

    (listener,) = await nursery.start(partial(trio.serve_tcp, answer, 0, host="127.0.0.1"))
    settings = RTorrent.Settings(mode=mode, host="127.0.0.1", port=listener.socket.getsockname()[1])
    with pytest.raises((am.ProtocolError, am.Unreachable)):
        async with open_session(RTorrent, settings):
            pass


async def test_nobody_is_there(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        for mode in ("scgi", "http"):
            with pytest.raises(am.Unreachable, match="Nothing listens"):
                async with open_session(
                    RTorrent, RTorrent.Settings(mode=mode, host="127.0.0.1", port=free.getsockname()[1])
                ):
                    pass
    for path, match in [(tmp_path / "no", "no socket"), (tmp_path, "Nothing listens|is no socket")]:
        with pytest.raises(am.Unreachable, match=match):
            async with open_session(RTorrent, RTorrent.Settings(mode="scgi-socket", socket_path=str(path))):
                pass


async def test_http_to_an_scgi_port_says_so(rtorrent):
    settings = RTorrent.Settings(mode="http", host=rtorrent.host, port=rtorrent.port)
    with pytest.raises(am.Unreachable, match="without an answer"):
        async with open_session(RTorrent, settings):
            pass


async def test_complete_only_when_the_check_is_over(session, rtorrent):
    torrent = make_torrent("checked again", 60 << 20)
    torrent.write(rtorrent.downloads)
    hash = await add(session, torrent)
    await session.until(lambda: session.items[hash].complete)
    assert await session.part(am.Recheck).recheck([hash]) == {hash: None}
    seen = set()
    while not seen or session.items[hash].status != "seeding":
        await session.poll()
        item = session.items[hash]
        seen.add(item.status)
        assert item.complete == (item.status in ("seeding", "paused")), item
        assert item.progress < 100 or item.complete
    assert "checking" in seen
