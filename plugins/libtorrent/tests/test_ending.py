"""However an engine ends, the next one finds its list free, and its port."""

import time
from contextlib import suppress

import pytest
import trio
from amutorrent_libtorrent import engine, lending
from lab.torrents import make_torrent

import amutorrent as am


async def add(watched, name):
    torrent = make_torrent(name, 50_000)
    await watched.part(am.AddTorrentFile).add_torrent_file(torrent.metafile, am.AddOptions(paused=True))
    return torrent.hash


def slow(*args):
    time.sleep(0.5)


def broken(*args):
    raise LookupError("no such thing")


@pytest.mark.parametrize("keep", [slow, broken])
async def test_a_list_that_could_not_be_saved_is_free_for_the_next_engine(opened, settings, monkeypatch, caplog, keep):
    async with opened(settings) as watched:
        hash = await add(watched, "kept")
        monkeypatch.setattr(watched.engine, "_keep_session", keep)
        monkeypatch.setattr(lending, "CLOSE_S", 0.2)
    with pytest.raises(am.ClientFailed, match="does not run"):
        _ = watched.engine.session
    assert ("no such thing" in caplog.text) == (keep is broken)
    monkeypatch.undo()
    async with opened(settings) as again:
        assert again.engine is not watched.engine
        await again.until(lambda: hash in again.items)


async def test_a_disk_that_holds_the_work_of_an_engine_does_not_keep_it_alive(opened, settings, monkeypatch):
    monkeypatch.setattr(lending, "CLOSE_S", 0.1)
    async with opened(settings) as watched:
        hash = await add(watched, "kept")
        started = trio.Event()

        def hold(*args):
            trio.from_thread.run_sync(started.set)
            time.sleep(0.6)

        monkeypatch.setattr(watched.engine.shelf, "set_resume", hold)
        watched.engine.torrents[hash].unsaved = True
        watched.engine.urgent.set()
        with trio.fail_after(20):
            await started.wait()
    assert watched.engine._session is None
    monkeypatch.undo()
    async with opened(settings) as again:
        await again.until(lambda: hash in again.items)


async def test_a_session_that_does_not_end_well_leaves_the_list_free(opened, settings, monkeypatch):
    with suppress(ExceptionGroup):
        async with opened(settings) as watched:
            hash = await add(watched, "kept")
            ends = watched.engine.session.end
            monkeypatch.setattr(engine.Session, "end", broken)
    ends()
    monkeypatch.undo()
    async with opened(settings) as again:
        await again.until(lambda: hash in again.items)
