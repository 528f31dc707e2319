"""A torrent is added and kept as a whole, or refused with the reason, and then nothing of it is left behind."""

from contextlib import suppress

import libtorrent as lt
import pytest
import trio
from lab.torrents import make_torrent

import amutorrent as am

from .steps import add, completes, downloads, meet, seeded

pytestmark = pytest.mark.slow


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
