"""After a restart, a crash or starts without its disk a torrent has all that it had, and fetches nothing again."""

import libtorrent as lt
import pytest
import trio
from amutorrent_libtorrent.keeping import save_all
from amutorrent_libtorrent.options import TorrentOptions, TorrentOptionsRequest
from lab.torrents import make_torrent
from msgspec.structs import replace

import amutorrent as am

from .steps import add, completes, downloads, meet, seeded

pytestmark = pytest.mark.slow


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
