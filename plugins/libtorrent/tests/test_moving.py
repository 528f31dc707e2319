"""A move of data writes over nothing, goes on after a crash, and is given up where it failed."""

import libtorrent as lt
import pytest
from amutorrent_libtorrent.keeping import save_all
from lab.torrents import make_torrent
from lab.waiting import wait_for
from msgspec.structs import replace

import amutorrent as am

from .steps import add, completes, downloads

pytestmark = pytest.mark.slow


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
