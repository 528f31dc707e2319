"""A command does to a torrent what it says, and tells of each torrent that is not there."""

import pytest
from amutorrent_qbittorrent.failures import Refusal

import amutorrent as am

from .steps import GONE, add, codes

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_stop_and_resume(watched, torrent):
    hash = await add(watched, torrent("stop", {"": 40_000}))
    stop = watched.part(am.Stop)
    assert codes(await stop.resume([hash, GONE])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].status == "active")
    assert codes(await stop.stop([GONE, hash])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].status == "stopped")
    assert codes(await stop.stop([hash])) == {hash: None}
    assert codes(await stop.stop([GONE])) == {GONE: "item_not_found"}


async def test_renaming(watched, torrent):
    hash = await add(watched, torrent("before", {"": 1}))
    await watched.part(am.Rename).rename(hash, "After \U0001f31e")
    await watched.until(lambda: watched.items[hash].name == "After \U0001f31e")
    with pytest.raises(am.NotFound):
        await watched.part(am.Rename).rename(GONE, "x")


async def test_moving(watched, daemon, torrent):
    hash = await add(watched, torrent("move", {"": 100_000}, into=daemon.downloads), paused=False)
    await watched.until(lambda: watched.items[hash].complete)
    target, move = daemon.downloads / "moved" / "here", watched.part(am.MoveData)
    assert codes(await move.move([hash, GONE], str(target))) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: watched.items[hash].directory == str(target) and watched.items[hash].complete)
    assert (target / "move").stat().st_size == 100_000
    assert not (daemon.downloads / "move").exists()
    with pytest.raises(am.ClientFailed, match="cannot move"):
        await move.move([hash], "/proc/nowhere")


async def test_recheck_and_reannounce(watched, daemon, torrent):
    hash = await add(watched, torrent("check", {"": 300_000}, into=daemon.downloads), paused=False)
    await watched.until(lambda: watched.items[hash].complete)
    (daemon.downloads / "check").write_bytes(bytes(300_000))
    assert codes(await watched.part(am.Recheck).recheck([hash, GONE])) == {hash: None, GONE: "item_not_found"}
    await watched.until(lambda: not watched.items[hash].complete and watched.items[hash].status == "active")
    assert watched.items[hash].progress == 0.0
    assert codes(await watched.part(am.Reannounce).reannounce([hash, GONE])) == {hash: None, GONE: "item_not_found"}


async def test_file_priorities(watched, torrent):
    hash = await add(watched, torrent("choose", {"a": 20_000, "b": 30_000}))
    part = watched.part(am.FilePriority)
    await part.set_file_priority(hash, [0], 0)
    await part.set_file_priority(hash, [1], 2)
    assert [one.priority for one in await watched.part(am.Files).files(hash)] == [0, 2]
    with pytest.raises(am.InvalidRequest):
        await part.set_file_priority(hash, [7], 1)
    with pytest.raises(am.NotFound):
        await part.set_file_priority(GONE, [0], 1)


@pytest.mark.parametrize("kind", [am.Files, am.Trackers, am.Peers, am.PieceMap])
async def test_details_of_a_torrent_that_is_not_there(watched, kind):
    part = watched.part(kind)
    ask = {am.Files: "files", am.Trackers: "trackers", am.Peers: "peers", am.PieceMap: "pieces"}[kind]
    with pytest.raises(am.NotFound) as caught:
        await getattr(part, ask)(GONE)
    assert caught.value.code == "item_not_found"


async def test_removing_with_and_without_data(watched, daemon, torrent):
    kept = await add(watched, torrent("kept", {"": 5000}, into=daemon.downloads))
    lost = await add(watched, torrent("lost", {"a": 5000, "b": 5000}, into=daemon.downloads))
    (daemon.downloads / "lost" / "not of the torrent").write_text("mine")
    assert codes(await watched.part(am.Remove).remove([kept, GONE])) == {kept: None, GONE: "item_not_found"}
    assert codes(await watched.part(am.RemoveWithFiles).remove_with_files([lost])) == {lost: None}
    await watched.until(lambda: not {kept, lost} & set(watched.items))
    assert (daemon.downloads / "kept").exists()
    await watched.until(lambda: not (daemon.downloads / "lost" / "a").exists())
    assert [path.name for path in (daemon.downloads / "lost").iterdir()] == ["not of the torrent"]


async def test_refusals_carry_the_daemons_own_words(watched):
    with pytest.raises(Refusal, match="Save path cannot be empty"):
        await watched.client._daemon.call("torrents/setLocation", {"hashes": GONE, "location": ""})
