"""One engine runs for each profile: its clients share it, and it ends in order with the last of them."""

import shutil
import socket

import pytest
import trio
from lab.torrents import make_torrent
from lab.waiting import wait_for

import amutorrent as am
from amutorrent.testing import LoopWatch

from .steps import add

pytestmark = pytest.mark.slow


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
