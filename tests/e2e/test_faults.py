"""Daemons that die, hang and lie while they transfer: each costs its own instance alone, and comes back by itself."""

import itertools
from contextlib import asynccontextmanager

import pytest
import trio
from lab.amutorrent import amutorrent
from lab.reader import reader
from lab.torrents import make_torrent
from lab.waiting import wait_for

from amutorrent.testing import HALF_OPEN, PASS, REFUSE, STALL, FaultProxy, cut, garble

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

POLL_S = 2.0
"""The poll interval while somebody looks."""
NOISE_S = 1.5
SIZE = 8 << 20
RATE = 1 << 20

numbers = itertools.count()


class Scene:
    """Our daemon over a seeder and a leecher; the leecher stands behind a proxy and downloads slowly."""

    def __init__(self, ours, seeder, leecher, proxy, socket, torrent):
        self.ours, self.seeder, self.leecher, self.proxy = ours, seeder, leecher, proxy
        self.socket, self.torrent = socket, torrent

    async def limit(self, rate):
        """Limit the leecher's speed; in a thread, since the proxy runs in this one."""
        path = "/api/v1/clients/instances/leecher/speed-limits"
        await trio.to_thread.run_sync(lambda: self.ours.put(path, download=rate))

    async def falls_ill(self):
        """The instance is degraded within two intervals; what it held stays, stale; the other one is well."""
        held = self.socket.of("leecher").keys()
        with trio.fail_after(2 * POLL_S + NOISE_S):
            await self.socket.see(lambda: self.socket.state("leecher") != "online")
        assert self.socket.state("leecher") == "degraded"
        assert self.socket.stats["instances"]["leecher"]["error"]
        await self.socket.see(lambda: all(item.get("stale") for item in self.socket.of("leecher").values()))
        assert self.socket.of("leecher").keys() == held
        assert self.socket.state("seeder") == "online"
        assert not any(item.get("stale") for item in self.socket.of("seeder").values())

    async def others_move(self):
        """What is new in the other daemon is in the list as soon as ever."""
        new = make_torrent(f"news {next(numbers)}.bin", 100_000)
        await trio.to_thread.run_sync(self.seeder.seed, new)
        await self.socket.see(lambda: new.hash in self.socket.of("seeder"), POLL_S + NOISE_S + 2)

    async def transfer_ends(self):
        """See that it ends; they are brought together as often as it takes."""
        for tries_left in range(4, -1, -1):
            await trio.to_thread.run_sync(self.reunite)
            try:
                await self.socket.see(lambda: self.socket.items["leecher", self.torrent.hash].get("complete"), 30)
            except AssertionError:
                if not tries_left:
                    raise
            else:
                return

    def reunite(self):
        """Let the seeder begin anew: libtorrent waits a minute before it tries a peer again that was gone."""
        self.seeder.tell("torrents/pause", hashes=self.torrent.hash)
        self.seeder.tell("torrents/resume", hashes=self.torrent.hash)

    async def recovers(self):
        """It comes back by itself; the list is the daemon's own, and the transfer ends with equal content."""
        await self.socket.see(lambda: self.socket.state("leecher") == "online", 40)
        await self.limit(0)
        await self.transfer_ends()
        assert self.torrent.digest_in(self.leecher.downloads) == self.torrent.digest
        own = {hash: each["name"] for hash, each in self.leecher.torrents().items()}
        assert {hash: item["name"] for hash, item in self.socket.of("leecher").items()} == own
        assert not any(item.get("stale") for item in self.socket.items.values())
        await self.socket.ask(action="requestFullSnapshot")
        assert self.socket.replayed == self.socket.items


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("amutorrent")


@asynccontextmanager
async def scene(folder, seeder, leecher, tracker):
    torrent = make_torrent(f"ill {next(numbers)}.bin", SIZE, tracker.url)
    seeder.seed(torrent)
    await trio.to_thread.run_sync(tracker.wait_seeded, torrent.hash)
    # the daemon wants to be asked for the port that it listens on, so the proxy has that of another address
    async with FaultProxy.open((leecher.host, leecher.port), host="127.0.0.2", port=leecher.port) as proxy:
        clients = [
            {**seeder.settings, "id": "seeder"},
            {**leecher.settings, "id": "leecher", "host": proxy.host},
        ]
        running = amutorrent(folder / str(next(numbers)), clients)
        ours = await trio.to_thread.run_sync(running.__enter__)
        try:
            await wait_for(lambda: ours.state("leecher") == "online")
            async with reader(f"ws://127.0.0.1:{ours.port}/ws") as socket:
                playing = Scene(ours, seeder, leecher, proxy, socket, torrent)
                await playing.limit(RATE)
                await socket.until("batch-update")
                reply = await socket.ask(action="addMagnetLinks", links=[torrent.magnet], instanceId="leecher")
                assert reply["type"] == "magnet-added"
                await socket.see(lambda: socket.of("leecher").get(torrent.hash, {}).get("sizeDownloaded", 0) > 0, 30)
                yield playing
        finally:
            await trio.to_thread.run_sync(running.__exit__, None, None, None)


async def test_killed_during_a_transfer(folder, qbittorrent, second_qbittorrent, tracker):
    async with scene(folder, qbittorrent, second_qbittorrent, tracker) as playing:
        second_qbittorrent.kill9()
        try:
            await playing.falls_ill()
            await playing.others_move()
        finally:
            await trio.to_thread.run_sync(second_qbittorrent.start)
        second_qbittorrent.log_out()
        await playing.recovers()


async def test_frozen_during_a_transfer(folder, qbittorrent, second_qbittorrent, tracker):
    async with scene(folder, qbittorrent, second_qbittorrent, tracker) as playing:
        second_qbittorrent.freeze()
        try:
            await playing.falls_ill()
            await playing.others_move()
        finally:
            second_qbittorrent.thaw()
        await playing.recovers()


@pytest.mark.parametrize("fault", [STALL, HALF_OPEN, REFUSE, cut(100), garble(7)], ids=lambda fault: fault.kind)
async def test_an_ill_network_during_a_transfer(folder, qbittorrent, second_qbittorrent, tracker, fault):
    async with scene(folder, qbittorrent, second_qbittorrent, tracker) as playing:
        playing.proxy.fault = fault
        await playing.falls_ill()
        await playing.others_move()
        playing.proxy.fault = PASS
        await playing.recovers()


async def test_a_request_for_a_well_client_never_waits_for_a_sick_one(folder, qbittorrent, second_qbittorrent, tracker):
    async with scene(folder, qbittorrent, second_qbittorrent, tracker) as playing:
        playing.proxy.fault = STALL
        await playing.falls_ill()
        seeding = [{"fileHash": next(iter(playing.socket.of("seeder"))), "instanceId": "seeder"}]
        for _ in range(5):
            with trio.fail_after(2):
                await trio.to_thread.run_sync(playing.ours.items)
                reply = await playing.socket.ask(action="batchReannounce", items=seeding)
            assert reply["results"][0]["success"], reply
        playing.proxy.fault = PASS
        await playing.recovers()
