"""A torrent shows its peers, its pieces, what its tracker says, and whether it is stopped or being checked."""

import json

import pytest
import trio
from lab.torrents import make_torrent

import amutorrent as am

from .steps import add, completes, downloads, meet, seeded

pytestmark = pytest.mark.slow


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
