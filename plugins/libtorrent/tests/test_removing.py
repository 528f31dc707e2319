"""Removing a torrent comes to an end, and leaves the files that another torrent has."""

import pytest
import trio
from lab.torrents import make_torrent
from lab.waiting import wait_for

import amutorrent as am

from .steps import add, completes, downloads

pytestmark = pytest.mark.slow


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
