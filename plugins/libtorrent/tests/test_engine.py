"""What the engine does, seen through a client that is open on it; a peer in the same process gives."""

import json
import shutil
import socket
from contextlib import suppress
from pathlib import Path

import libtorrent as lt
import pytest
import trio
from amutorrent_libtorrent.keeping import save_all
from amutorrent_libtorrent.options import TorrentOptions, TorrentOptionsRequest
from amutorrent_libtorrent.sharing import is_enough, watch_sharing
from lab.seeder import seeder as run_seeder
from lab.torrents import make_torrent
from lab.waiting import wait_for
from msgspec.structs import replace

import amutorrent as am
from amutorrent.testing import LoopWatch

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seeder(tmp_path_factory):
    with run_seeder(tmp_path_factory.mktemp("seeder")) as running:
        yield running


def downloads(settings):
    return Path(settings.download_dir)


async def add(watched, torrent, **options):
    await watched.part(am.AddTorrentFile).add_torrent_file(torrent.metafile, am.AddOptions(**options))


def meet(watched, torrent, seeder):
    """Let them connect, without a tracker."""
    watched.engine.torrents[torrent.hash].handle.connect_peer(("127.0.0.40", seeder.port))


async def seeded(seeder, torrent, **options):
    await trio.to_thread.run_sync(lambda: seeder.seed(torrent, **options))


async def completes(watched, torrent):
    await watched.until(lambda: torrent.hash in watched.items and watched.items[torrent.hash].complete, 60)


async def test_pieces_that_were_not_saved_are_found_again_and_not_fetched_again(
    opened, quiet_settings, tmp_path, seeder
):
    torrent = make_torrent("crash", 12 << 20)
    await seeded(seeder, torrent, limit=4 << 20)
    settings = quiet_settings(tmp_path)
    async with opened(settings) as first:
        await add(first, torrent)
        meet(first, torrent, seeder)
        await first.until(lambda: first.items[torrent.hash].size_downloaded > 1 << 20)
        await save_all(first.engine)
        saved = first.items[torrent.hash].size_downloaded
        await first.until(lambda: first.items[torrent.hash].size_downloaded > saved + (4 << 20))
        await first.part(am.Stop).stop([torrent.hash])
        await first.until(lambda: first.items[torrent.hash].status == "stopped")
        shown = first.items[torrent.hash].size_downloaded
        await _as_if_killed(first, tmp_path, torrent)
    async with opened(settings, tmp_path / "killed") as second:
        await second.until(lambda: second.items[torrent.hash].size_downloaded >= shown - (1 << 16))
        seeder.limit(torrent, 0)
        meet(second, torrent, seeder)
        await completes(second, torrent)
        assert torrent.digest_in(downloads(settings)) == torrent.digest
    assert seeder.given(torrent) <= torrent.size + (20 << 16)


async def _as_if_killed(watched, tmp_path, torrent):
    """Take what is kept as it would be after a crash while it ran: saved once, and then no more."""
    shelf = watched.engine.shelf
    old = {each.hash: each for each in (await trio.to_thread.run_sync(shelf.records))[0]}[torrent.hash]
    params = lt.read_resume_data(old.resume)
    params.have_pieces = params.have_pieces[:4] + [False] * (len(params.have_pieces) - 4)
    from amutorrent_libtorrent.records import Facts, Shelf

    killed = Shelf(tmp_path / "killed" / "state" / watched.engine.settings.profile)
    killed.open()
    resume = lt.write_resume_data_buf(params)
    facts = Facts(running=True, added_at=old.facts.added_at)
    killed.put(type(old)(hash=old.hash, facts=facts, resume=resume, info=old.info))
    killed.set({"clean": b"0"})
    killed.close()


async def test_a_magnet_learns_what_it_holds_and_remembers_it(opened, settings, seeder):
    torrent = make_torrent("learnt", {"a.bin": 300_000, "b.bin": 100})
    await seeded(seeder, torrent)
    async with opened(settings) as watched:
        adding = watched.part(am.AddMagnet)
        assert await adding.add_magnets([torrent.link], am.AddOptions()) == {torrent.hash: None}
        await watched.until(lambda: torrent.hash in watched.items)
        assert (watched.items[torrent.hash].size, watched.items[torrent.hash].progress) == (0, 0)
        assert await watched.part(am.PieceMap).pieces(torrent.hash) is None
        assert list(await watched.part(am.Files).files(torrent.hash)) == []
        meet(watched, torrent, seeder)
        await completes(watched, torrent)
        await watched.until(lambda: watched.items[torrent.hash].path)
    async with opened(settings) as again:
        await completes(again, torrent)
        assert [each.path for each in await again.part(am.Files).files(torrent.hash)] == ["a.bin", "b.bin"]
        assert again.items[torrent.hash].path == str(downloads(settings) / "learnt")


def _hybrid(folder, *, only_v2=False):
    """Make a torrent of version 2 by libtorrent itself, of 40 kB below a folder."""
    folder.mkdir()
    (folder / "new.bin").write_bytes(bytes(range(200)) * 200)
    files = lt.list_files(str(folder / "new.bin"))
    made = lt.create_torrent(files, 16384, lt.create_torrent.v2_only if only_v2 else 0)
    lt.set_piece_hashes(made, str(folder))
    return am.Metafile.parse(lt.bencode(made.generate()))


@pytest.mark.parametrize("only_v2", [False, True], ids=["hybrid", "v2"])
async def test_torrents_of_version_2_are_known_by_one_hash_and_survive_a_restart(opened, settings, tmp_path, only_v2):
    file = _hybrid(tmp_path / "new", only_v2=only_v2)
    options = am.AddOptions(save_path=str(tmp_path / "new"))
    async with opened(settings) as watched:
        await watched.part(am.AddTorrentFile).add_torrent_file(file, options)
        await watched.until(lambda: watched.items[file.hash].complete)
        with pytest.raises(am.Conflict):
            await watched.part(am.AddTorrentFile).add_torrent_file(file, options)
    async with opened(settings) as again:
        await again.until(lambda: again.items[file.hash].complete)
        assert await again.part(am.Remove).remove([file.hash]) == {file.hash: None}
        await again.until(lambda: not again.items)


async def test_everything_that_was_set_is_there_after_a_restart(opened, settings, tmp_path):
    torrent = make_torrent("set", {"a.bin": 40_000, "b.bin": 40_000}, "http://127.0.0.1:9/announce")
    async with opened(settings) as watched:
        await watched.part(am.Categories).create_category("films", str(tmp_path / "films"))
        await add(watched, torrent, category="films", paused=True)
        await watched.part(am.Rename).rename(torrent.hash, "another name")
        await watched.part(am.Tags).change_tags([torrent.hash], ["one", "two"], [])
        await watched.part(am.FilePriority).set_file_priority(torrent.hash, [0], 0)
        await watched.part(am.SpeedLimits).set_speed_limits(download=5000)
        request = TorrentOptionsRequest(file_hash=torrent.hash, sequential=True, upload_limit=7000, share_ratio=2.0)
        await watched.part(TorrentOptions).set_torrent_options(torrent.hash, request)
    async with opened(settings) as again:
        changes = await again.client.poll()
        item = again.items[torrent.hash]
        assert (item.name, item.category, item.tags, item.status) == (
            "another name",
            "films",
            ("one", "two"),
            "stopped",
        )
        assert item.directory == str(tmp_path / "films" / "set")
        assert item.extra == {"sequentialDownload": True, "uploadLimit": 7000, "shareRatio": 2.0}
        assert [each.priority for each in await again.part(am.Files).files(torrent.hash)] == [0, 1]
        assert changes.speed_limits == am.Limits(download=5000, upload=0, alternative=None)
        assert again.engine.categories == {"films": str(tmp_path / "films")}
        assert item.trackers == ("http://127.0.0.1:9/announce",)


async def test_files_that_another_torrent_has_outlive_the_one_that_goes(watched, settings):
    one = make_torrent("shared", {"common.bin": 50_000, "mine.bin": 30_000})
    other = make_torrent("shared", {"common.bin": 50_000, "mine.bin": 30_000}, piece=1 << 15)
    assert one.hash != other.hash
    one.write(downloads(settings))
    for each in (one, other):
        await add(watched, each)
        await completes(watched, each)
    removing = watched.part(am.RemoveWithFiles)
    assert await removing.remove_with_files([one.hash]) == {one.hash: None}
    assert other.digest_in(downloads(settings)) == other.digest
    assert await removing.remove_with_files([other.hash]) == {other.hash: None}
    await wait_for(lambda: not (downloads(settings) / "shared").exists())


@pytest.mark.parametrize("crashed", [False, True])
async def test_a_disk_that_is_away_for_two_starts_costs_nothing_that_was_on_it(
    opened, settings, tmp_path, seeder, crashed
):
    torrent = make_torrent("mounted", {"a.bin": 8 << 20, "b.bin": 100_000})
    await seeded(seeder, torrent, limit=4 << 20)
    async with opened(settings) as watched:
        await add(watched, torrent)
        meet(watched, torrent, seeder)
        await watched.until(lambda: watched.items[torrent.hash].size_downloaded > 2 << 20)
        await watched.part(am.Stop).stop([torrent.hash])
        await watched.until(lambda: watched.items[torrent.hash].status == "stopped")
        await save_all(watched.engine)
        had = watched.items[torrent.hash].size_downloaded
        # that it runs is kept, and nobody is there to give more
        await watched.engine.change([torrent.hash], lambda facts: replace(facts, running=True))
        if crashed:
            watched.engine._keep_session = lambda native, saved: None
    mounted, away = downloads(settings), tmp_path / "away"
    mounted.rename(away)
    for _ in range(2):
        mounted.mkdir(exist_ok=True)
        async with opened(settings) as without:
            await without.until(lambda: without.items[torrent.hash].status == "error")
            await without.part(am.Tags).change_tags([torrent.hash], ["seen"], [])
            await save_all(without.engine)
            outcome = await without.part(am.MoveData).move([torrent.hash], str(tmp_path / "new"))
            assert "missing" in outcome[torrent.hash].message
            assert list(mounted.iterdir()) == []
    mounted.rmdir()
    away.rename(mounted)
    async with opened(settings) as again:
        await again.until(lambda: again.items[torrent.hash].size_downloaded >= had - (1 << 16))
        assert again.items[torrent.hash].tags == ("seen",)


@pytest.mark.parametrize("spelling", ["/{}", "{}/.", "link"])
async def test_a_folder_that_is_spelled_in_another_way_is_the_same(watched, settings, tmp_path, spelling):
    one = make_torrent("spelled", {"common.bin": 50_000, "mine.bin": 30_000})
    other = make_torrent("spelled", {"common.bin": 50_000, "mine.bin": 30_000}, piece=1 << 15)
    one.write(downloads(settings))
    (tmp_path / "link").symlink_to(downloads(settings))
    place = str(tmp_path / "link") if spelling == "link" else spelling.format(downloads(settings))
    await add(watched, one)
    await add(watched, other, save_path=place)
    for each in (one, other):
        await completes(watched, each)
    if spelling != "link":
        assert watched.items[other.hash].directory == str(downloads(settings) / "spelled")
    else:  # as a list has it that was kept by an earlier version
        watched.engine.torrents[other.hash].save_path = f"/{tmp_path}/./link/"
    assert await watched.part(am.RemoveWithFiles).remove_with_files([one.hash]) == {one.hash: None}
    assert other.digest_in(downloads(settings)) == other.digest


async def test_a_move_never_writes_over_what_is_there(watched, settings, tmp_path):
    torrent = make_torrent("precious.bin", 50_000)
    torrent.write(downloads(settings))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "precious.bin").write_text("somebody else's")
    await add(watched, torrent)
    await completes(watched, torrent)
    outcome = await watched.part(am.MoveData).move([torrent.hash], str(tmp_path / "there"))
    assert "precious.bin is there already" in outcome[torrent.hash].message
    # and where it comes to be there only afterwards
    watched.engine.torrents[torrent.hash].handle.move_storage(str(tmp_path / "there"), lt.move_flags_t.fail_if_exist)
    await watched.until(lambda: "could not be moved" in (watched.items[torrent.hash].message or ""))
    await completes(watched, torrent)
    assert watched.items[torrent.hash].directory == str(downloads(settings))
    assert (tmp_path / "there" / "precious.bin").read_text() == "somebody else's"
    assert torrent.digest_in(downloads(settings)) == torrent.digest
    with pytest.raises(am.InvalidRequest):
        await watched.part(am.MoveData).move([torrent.hash], "relative")


async def test_what_is_stopped_is_checked_and_stays_stopped(watched, settings):
    torrent = make_torrent("at rest", 300_000)
    torrent.write(downloads(settings))
    await add(watched, torrent, paused=True)
    await watched.until(lambda: watched.items[torrent.hash].status == "stopped")
    await completes(watched, torrent)
    (downloads(settings) / "at rest").write_bytes(bytes(300_000))
    assert await watched.part(am.Recheck).recheck([torrent.hash]) == {torrent.hash: None}
    await watched.until(lambda: watched.items[torrent.hash].size_downloaded == 0)
    await watched.until(lambda: watched.items[torrent.hash].status == "stopped")
    assert not watched.items[torrent.hash].complete


@pytest.mark.parametrize("running", [True, False])
async def test_a_move_that_a_crash_interrupts_goes_on(opened, settings, tmp_path, running):
    torrent = make_torrent("on its way", {"a.bin": 100_000, "b.bin": 200_000, "c.bin": 50_000})
    old, new = downloads(settings), tmp_path / "new"
    torrent.write(old)
    async with opened(settings) as watched:
        await add(watched, torrent, paused=not running)
        await completes(watched, torrent)
        await save_all(watched.engine)
        await watched.engine.change([torrent.hash], lambda facts: replace(facts, moving_to=str(new)))
    # one file was moved, one is half copied, one is at the old place
    (new / "on its way").mkdir(parents=True)
    (old / "on its way" / "a.bin").rename(new / "on its way" / "a.bin")
    (new / "on its way" / "b.bin").write_bytes(b"half")
    async with opened(settings) as again:
        await again.until(lambda: again.items[torrent.hash].directory == str(new / "on its way"))
        await completes(again, torrent)
        expected = "seeding" if running else "stopped"
        await again.until(lambda: again.items[torrent.hash].status == expected)
        assert torrent.digest_in(new) == torrent.digest
        assert torrent.digest_in(old) == ""
        assert again.engine.torrents[torrent.hash].facts.moving_to == ""
    async with opened(settings) as third:
        await completes(third, torrent)
        assert third.items[torrent.hash].directory == str(new / "on its way")


async def test_after_an_end_in_order_no_move_goes_on_over_what_is_there(opened, settings, tmp_path):
    torrent = make_torrent("settled.bin", 50_000)
    torrent.write(downloads(settings))
    there = tmp_path / "there" / "settled.bin"
    there.parent.mkdir()
    there.write_text("somebody else's")
    async with opened(settings) as watched:
        await add(watched, torrent)
        await completes(watched, torrent)
        await save_all(watched.engine)
        await watched.engine.change([torrent.hash], lambda facts: replace(facts, moving_to=str(there.parent)))
        keep = watched.engine._keep_session
        watched.engine._keep_session = lambda native, saved: keep(native, True)
    async with opened(settings) as again:
        await again.until(lambda: "could not be moved" in (again.items[torrent.hash].message or ""))
        await completes(again, torrent)
        assert there.read_text() == "somebody else's"
        assert torrent.digest_in(downloads(settings)) == torrent.digest


async def test_that_a_move_failed_is_kept_before_anything_else(watched, settings, tmp_path, monkeypatch):
    torrent = make_torrent("failed.bin", 50_000)
    torrent.write(downloads(settings))
    (tmp_path / "there").mkdir()
    await add(watched, torrent)
    await completes(watched, torrent)
    shelf = watched.engine.shelf

    def full(*args):
        raise am.ClientFailed("no space left")

    monkeypatch.setattr(shelf, "set_resume", full)
    await watched.engine.change([torrent.hash], lambda facts: replace(facts, moving_to=str(tmp_path / "there")))
    (tmp_path / "there" / "failed.bin").write_text("somebody else's")
    watched.engine.torrents[torrent.hash].handle.move_storage(str(tmp_path / "there"), lt.move_flags_t.fail_if_exist)
    await watched.until(lambda: "could not be moved" in (watched.items[torrent.hash].message or ""))
    await wait_for(lambda: shelf.records()[0][0].facts.moving_to == "")


async def test_two_that_would_have_the_same_path_are_not_moved_together(watched, tmp_path):
    one, other = make_torrent("same.bin", 50_000), make_torrent("same.bin", 50_000, seed=1)
    for torrent, place in ((one, "a"), (other, "b")):
        torrent.write(tmp_path / place)
        await add(watched, torrent, save_path=str(tmp_path / place))
        await completes(watched, torrent)
    outcome = await watched.part(am.MoveData).move([one.hash, other.hash], str(tmp_path / "new"))
    assert outcome[one.hash] is None
    assert "comes with another" in outcome[other.hash].message
    await watched.until(lambda: watched.items[one.hash].directory == str(tmp_path / "new"))
    assert one.digest_in(tmp_path / "new") == one.digest
    assert other.digest_in(tmp_path / "b") == other.digest


@pytest.mark.parametrize("when", ["stop", "remove", "removeWithFiles"])
async def test_what_was_shared_enough_is_stopped_or_goes(opened, quiet_settings, tmp_path, monkeypatch, when):
    monkeypatch.setattr("amutorrent_libtorrent.sharing.LOOK_S", 0.1)
    settings = quiet_settings(tmp_path, shareRatio=1.5, whenShared=when)
    torrent, kept = make_torrent(f"enough {when}", 50_000), make_torrent(f"never {when}", 50_000)
    async with opened(settings) as watched:
        for each in (torrent, kept):
            each.write(downloads(settings))
            await add(watched, each)
            await completes(watched, each)
        found = watched.engine.torrents[torrent.hash]
        assert not is_enough(found, watched.engine)
        request = TorrentOptionsRequest(file_hash=torrent.hash, share_ratio=1e-12, seed_minutes=None)
        await watched.part(TorrentOptions).set_torrent_options(torrent.hash, request)
        assert not is_enough(found, watched.engine), "nothing was given yet"
        monkeypatch.setattr(type(found), "ratio", property(lambda self: 1.0))
        if when == "stop":
            await watched.until(lambda: watched.items[torrent.hash].status == "stopped")
            assert watched.items[torrent.hash].complete
        else:
            await watched.until(lambda: torrent.hash not in watched.items)
        assert watched.items[kept.hash].status == "seeding"
        there = (downloads(settings) / torrent.name).exists
        if when == "removeWithFiles":
            await wait_for(lambda: not there())
        else:
            assert there()
        assert kept.digest_in(downloads(settings)) == kept.digest


async def test_seeding_for_long_is_enough_as_well(watched, settings):
    torrent = make_torrent("long", 50_000)
    torrent.write(downloads(settings))
    await add(watched, torrent)
    await completes(watched, torrent)
    found = watched.engine.torrents[torrent.hash]
    request = TorrentOptionsRequest(file_hash=torrent.hash, seed_minutes=1)
    await watched.part(TorrentOptions).set_torrent_options(torrent.hash, request)

    class Later:
        finished_duration = found.status.finished_duration.__class__(seconds=61)

        def __getattr__(self, name):
            return getattr(status, name)

    status, found.status = found.status, Later()
    assert is_enough(found, watched.engine)


async def test_a_peer_and_the_pieces_are_shown_while_it_downloads(watched, settings, seeder):
    torrent = make_torrent("watched", 3 << 20)
    await seeded(seeder, torrent, limit=300_000)
    await add(watched, torrent)
    meet(watched, torrent, seeder)
    await watched.until(lambda: watched.items[torrent.hash].size_downloaded > 200_000)
    (peer,) = await watched.part(am.Peers).peers(torrent.hash)
    assert (peer.address, peer.port, peer.completed_percent) == ("127.0.0.40", seeder.port, 100.0)
    assert peer.download_total > 0
    assert not peer.is_incoming
    assert "libtorrent" in peer.software
    with trio.fail_after(20):
        while True:
            pieces = await watched.part(am.PieceMap).pieces(torrent.hash)
            assert pieces.count == 48
            if {state for state, _ in pieces.states} == {0, 1, 2}:
                break
            await trio.sleep(0.05)
    await watched.until(lambda: watched.items[torrent.hash].eta)
    assert watched.items[torrent.hash].sources.connected == 1
    raw = await watched.client.raw(torrent.hash)
    assert json.loads(json.dumps(raw))["state"] == "downloading"


async def test_what_a_tracker_says_against_it_is_shown(watched):
    torrent = make_torrent("refused", 50_000, "http://127.0.0.1:9/announce")
    await add(watched, torrent)
    await watched.until(lambda: "refused" in (watched.items[torrent.hash].message or "").lower())
    (state,) = await watched.part(am.Trackers).trackers(torrent.hash)
    assert (state.url, state.status) == ("http://127.0.0.1:9/announce", "error")
    assert any("refused" in line.lower() for line in await watched.part(am.Logs).log_lines())
    await watched.part(am.Stop).stop([torrent.hash])
    await watched.until(lambda: watched.items[torrent.hash].status == "stopped")
    (state,) = await watched.part(am.Trackers).trackers(torrent.hash)
    assert state.status == "disabled"


async def test_nonsense_is_refused_with_a_field(watched):
    torrent = make_torrent("nonsense", 50_000)
    broken = am.Metafile(
        data=b"d4:infod4:name1:a6:lengthi5eee", hash=torrent.hash, name="a", size=5, files=(("a", 5),), trackers=()
    )
    with pytest.raises(am.InvalidRequest) as caught:
        await watched.part(am.AddTorrentFile).add_torrent_file(broken, am.AddOptions())
    assert caught.value.details["field"] == "data"
    await add(watched, torrent, paused=True)
    with pytest.raises(am.InvalidRequest, match="no file 7"):
        await watched.part(am.FilePriority).set_file_priority(torrent.hash, [0, 7], 1)
    with pytest.raises(am.InvalidRequest) as caught:
        await watched.part(am.AddTorrentFile).add_torrent_file(
            make_torrent("elsewhere").metafile, am.AddOptions(save_path="not/absolute")
        )
    assert caught.value.details["field"] == "savePath"


async def test_a_full_disk_for_the_list_is_said_and_changes_nothing(watched, monkeypatch):
    torrent, other = make_torrent("kept", 50_000), make_torrent("not kept", 50_000)
    await add(watched, torrent, paused=True)

    def full(*args):
        raise am.ClientFailed("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(watched.engine.shelf, "put", full)
        patched.setattr(watched.engine.shelf, "set_facts", full)
        with pytest.raises(am.ClientFailed):
            await add(watched, other)
        with pytest.raises(am.ClientFailed):
            await watched.part(am.Rename).rename(torrent.hash, "new")
        await watched.poll()
        assert [item.name for item in watched.items.values()] == ["kept"]
    await add(watched, other, paused=True)
    await watched.until(lambda: other.hash in watched.items)


async def test_what_libtorrent_does_not_take_leaves_nothing_behind(watched, monkeypatch):
    torrent = make_torrent("late", 50_000)

    def refuse(*args):
        raise RuntimeError("not now")

    with monkeypatch.context() as patched:
        patched.setattr(watched.engine, "_send", refuse)
        with pytest.raises(am.ClientFailed, match="not now"):
            await add(watched, torrent)
    assert (await trio.to_thread.run_sync(watched.engine.shelf.records))[0] == []
    await add(watched, torrent, paused=True)
    await watched.until(lambda: torrent.hash in watched.items)


async def test_several_that_remove_the_same_torrent_all_come_to_an_end(watched):
    torrents = [make_torrent(f"wanted by nobody {number}", 50_000) for number in range(8)]
    for each in torrents:
        await add(watched, each, paused=True)
    hashes = [each.hash for each in torrents]
    outcomes = []

    async def remove(act):
        outcomes.append(await act(hashes))

    with trio.fail_after(20):
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(remove, watched.part(am.Remove).remove)
                nursery.start_soon(remove, watched.part(am.RemoveWithFiles).remove_with_files)
    assert outcomes == [dict.fromkeys(hashes)] * 6
    await watched.until(lambda: not watched.items)
    assert await watched.engine.remove(hashes, with_files=hashes), "as if they had gone a moment before"
    assert watched.engine.leaving == {}


async def test_a_round_that_fails_does_not_end_the_rounds(watched, settings, monkeypatch, caplog):
    torrent = make_torrent("again", 50_000)
    torrent.write(downloads(settings))
    await add(watched, torrent)
    await completes(watched, torrent)
    monkeypatch.setattr("amutorrent_libtorrent.sharing.LOOK_S", 0.01)
    rounds = []

    def fail(torrent, engine):
        rounds.append(torrent)
        raise LookupError("no such thing")

    monkeypatch.setattr("amutorrent_libtorrent.sharing.is_enough", fail)
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(watch_sharing, watched.engine)
            await wait_for(lambda: len(rounds) > 3)
            scope.cancel()
    assert "no such thing" in caplog.text


async def test_a_command_that_is_cancelled_leaves_no_half_of_a_torrent(watched):
    for number in range(12):
        torrent = make_torrent(f"cancelled {number}", 50_000)
        with trio.move_on_after(number * 0.001), suppress(am.Conflict):
            await add(watched, torrent, paused=True)
        with suppress(am.Conflict):
            await add(watched, torrent, paused=True)
        await watched.until(lambda torrent=torrent: torrent.hash in watched.items)
    kept, _ = await trio.to_thread.run_sync(watched.engine.shelf.records)
    assert {each.hash for each in kept} == watched.items.keys()


async def test_a_state_folder_of_its_own_for_each_profile(opened, quiet_settings, tmp_path):
    one, other = quiet_settings(tmp_path), quiet_settings(tmp_path)
    async with opened(one) as first, opened(other) as second:
        await add(first, make_torrent("only here", 50_000), paused=True)
        await first.poll()
        await second.poll()
        assert len(first.items) == 1
        assert second.items == {}
    shutil.rmtree(tmp_path / "state" / one.profile)
    async with opened(one) as anew:
        assert anew.items == {}


async def test_changes_at_the_same_time_lose_nothing_of_each_other(watched, tmp_path):
    torrent = make_torrent("busy", 50_000)
    await add(watched, torrent, paused=True)
    tags, labels, names = (watched.part(each) for each in (am.Tags, am.SetCategory, am.Rename))
    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(tags.change_tags, [torrent.hash], [f"tag {number}"], [])
            nursery.start_soon(labels.set_category, [torrent.hash], f"category {number % 2}")
        nursery.start_soon(names.rename, torrent.hash, "new name")
    await watched.poll()
    item = watched.items[torrent.hash]
    assert set(item.tags) == {f"tag {number}" for number in range(8)}
    assert item.name == "new name"
    assert watched.engine.categories == {"category 0": "", "category 1": ""}
    ((kept,), _) = await trio.to_thread.run_sync(watched.engine.shelf.records)
    assert kept.facts == watched.engine.torrents[torrent.hash].facts


async def test_the_last_client_that_leaves_stops_the_engine_and_the_next_one_starts_anew(opened, settings):
    torrent = make_torrent("handed on", 50_000)
    async with opened(settings) as first:
        async with opened(settings) as second:
            assert second.engine is first.engine
            await add(second, torrent, paused=True)
        await first.until(lambda: torrent.hash in first.items)
        await first.part(am.Reannounce).reannounce([torrent.hash])
    async with opened(settings) as third:
        assert third.engine is not first.engine
        assert torrent.hash in third.items
    with pytest.raises(am.ClientFailed, match="does not run"):
        _ = first.engine.session


async def test_at_the_end_trackers_are_told_and_the_loop_is_not_held(opened, settings, tracker):
    torrent = make_torrent("told", 50_000, tracker.url)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hangs = make_torrent("hangs", 50_000, f"http://127.0.0.1:{silent.getsockname()[1]}/announce")
        async with LoopWatch.running() as watch:
            async with opened(settings) as watched:
                for each in (torrent, hangs):
                    await add(watched, each)
                await wait_for(lambda: tracker.swarms.get(torrent.hash))
                watch.longest_s = watch.busy_s = 0.0
            assert tracker.swarms[torrent.hash] == {}
        assert watch.busy_s < 0.05
        assert watch.longest_s < 0.5
