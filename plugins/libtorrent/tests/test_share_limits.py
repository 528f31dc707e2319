"""A torrent that reached its share ratio or its seeding time is stopped or removed, as it was asked."""

import pytest
import trio
from amutorrent_libtorrent.options import TorrentOptions, TorrentOptionsRequest
from amutorrent_libtorrent.sharing import is_enough, watch_sharing
from lab.torrents import make_torrent
from lab.waiting import wait_for

from .steps import add, completes, downloads

pytestmark = pytest.mark.slow


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
