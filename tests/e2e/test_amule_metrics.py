"""The bytes that we count against those that a real aMule counts, over restarts, kills and steps of the clock."""

from contextlib import suppress

import pytest
from lab.amutorrent import AmutorrentDaemon
from lab.ec import look
from lab.ed2k import Stalled
from lab.peers import DOWNLOADER, SHARER, World, clients, peers
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
SIZE = 1_000_000
TRIES = 3
SLACK = 10_000
"""A transfer that begins anew fetches a little twice, and both sides count that."""


def test_no_byte_twice_and_none_lost(tmp_path):
    for number in range(TRIES):
        with suppress(Stalled):
            scene(tmp_path / f"stalled {number}")
            return
    scene(tmp_path / "last")


def scene(root):
    root.mkdir()
    clock = root / "clock"
    clock.write_text("0")
    with peers(root) as (server, sharer, downloader):
        ours = AmutorrentDaemon(root / "ours", clients(sharer, downloader), clock=clock)
        ours.start()
        try:
            play(World(server, sharer, downloader, ours), clock)
        finally:
            code = ours.stop()
            ours.http.close()
        assert code == 0, ours.tail()


def play(world, clock):
    ours, sizes = world.ours, 0

    def download(name):
        file = make_ed2k_file(f"{name}.bin", SIZE)
        world.share(file)
        ours.post("/api/v1/downloads/ed2k", links=[file.uri], instanceId=DOWNLOADER)
        world.complete_at_once(file)
        return SIZE

    def client_counts():
        with look(world.downloader.port, world.downloader.password) as other:
            return other.downloaded()

    def counted():
        return ours.get("/api/metrics/stats", range="24h", instanceIds=DOWNLOADER)["totalDownloaded"]

    def all_online():
        wait_until(lambda: ours.items() is not None and ours.state(SHARER) == ours.state(DOWNLOADER) == "online", 90)

    all_online()
    world.join_both()
    wait_until(lambda: ours.get("/api/metrics/speed-history", range="24h", instanceIds=DOWNLOADER)["data"], 60)
    sizes += download("first")
    ours.kill9()
    ours.start()
    all_online()
    sizes += download("killed")
    before = client_counts()
    wait_until(lambda: counted() >= before, 60, lambda: f"{counted()} of {before}")  # nobody could know it later
    world.start_anew()
    for name, seconds in (("set-back", -1800), ("ahead", 3600)):
        clock.write_text(str(seconds))
        sizes += download(name)
    moved = before + client_counts()
    assert sizes <= moved <= sizes + SLACK
    wait_until(lambda: counted() >= moved, 60, lambda: f"{counted()} of {moved}")
    assert counted() == moved
