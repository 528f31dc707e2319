"""Three kinds of daemons in one list, and requests over all of them at once."""

import itertools
import time

import pytest
import trio
from lab.amutorrent import amutorrent
from lab.land import LEECHER, RTORRENT, SEEDER, land
from lab.peers import DOWNLOADER, SHARER, World
from lab.reader import agree, reader
from lab.rows import shown
from lab.torrents import make_torrent
from lab.waiting import wait_until

from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
LEAST_APART_S = 3.5
"""rTorrent 0.9.8 may crash when one torrent is started and stopped within less."""
NOBODY = "0" * 40

numbers = itertools.count()


class Scene:
    """The land, our daemon over all of it, and what was put into it."""

    def __init__(self, lab, ours):
        self.lab, self.ours = lab, ours
        self.mules = World(lab.server, lab.sharer, lab.downloader, ours)

    def equal(self, instance_id):
        """Wait until the list shows of an instance exactly what its daemon lists itself."""
        daemon = self.lab.daemons[instance_id]

        def look():
            return [each for (id, _), each in self.ours.items().items() if id == instance_id]

        wait_until(lambda: shown(look()) == daemon.rows(), 20, lambda: f"{shown(look())} is not {daemon.rows()}")

    def all_equal(self):
        for each in self.lab.daemons:
            self.equal(each)

    def row(self, instance_id, hash):
        """Give what a daemon itself says of one entry; None if it has none."""
        return next((row for row in self.lab.daemons[instance_id].rows() if row.hash == hash), None)

    def one_each(self):
        """Put a download into every daemon that takes one; gives (instance id, hash) of each, all in the list."""
        number = next(numbers)
        link = make_ed2k_file(f"mixed {number}.bin", 300_000)
        self.ours.post("/api/v1/downloads/ed2k", links=[link.uri], instanceId=DOWNLOADER)
        found = [(DOWNLOADER, link.hash)]
        for each in (RTORRENT, SEEDER, LEECHER):
            # a tracker where nobody listens: nothing of it moves
            torrent = make_torrent(f"mixed {number} {each}.bin", 200_000, "http://127.0.0.1:9/announce")
            self.ours.add_file(torrent, each)
            found.append((each, torrent.hash))
        wait_until(lambda: self.ours.items().keys() >= set(found), 20)
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    root = tmp_path_factory.mktemp("land")
    with land(root) as lab, amutorrent(root / "ours", lab.clients) as ours:
        wait_until(lambda: all(ours.state(each) == "online" for each in lab.daemons), 30)
        playing = Scene(lab, ours)
        playing.mules.join_both()
        yield playing


def results(reply, expected):
    """See that there is a result for each item, in the order of the request; gives the codes of those that failed."""
    assert [(each["instanceId"], each["fileHash"]) for each in reply["results"]] == expected
    assert all(each["success"] != bool(each.get("code")) for each in reply["results"]), reply
    return {each["instanceId"]: each["code"] for each in reply["results"] if not each["success"]}


def refs(keys):
    return [{"fileHash": hash, "instanceId": id} for id, hash in keys]


async def test_one_list_of_what_moves_in_both_networks(scene):
    """Transfers ED2K and BitTorrent, in one list; what two sockets replay is one and the same, and the daemons' own."""
    lab, ours = scene.lab, scene.ours
    file = make_ed2k_file("moves.bin", 300_000)
    torrent = make_torrent("moves", {"a.bin": 3 << 20, "b.bin": 100_000}, lab.tracker.url)
    async with reader(f"ws://127.0.0.1:{ours.port}/ws") as first, reader(f"ws://127.0.0.1:{ours.port}/ws") as second:
        await trio.to_thread.run_sync(scene.mules.share, file)
        lab.seeder.seed(torrent)
        await trio.to_thread.run_sync(lab.tracker.wait_seeded, torrent.hash)
        reply = await first.ask(action="addEd2kLink", link=file.uri, instanceId=DOWNLOADER)
        assert reply["results"][0]["success"], reply
        for each in (RTORRENT, LEECHER):
            reply = await second.ask(action="addMagnetLinks", links=[torrent.magnet], instanceId=each)
            assert reply["results"][0]["success"], reply
        await trio.to_thread.run_sync(scene.mules.complete, file)
        copies = [(each, torrent.hash) for each in (RTORRENT, LEECHER)]
        for each in (first, second):
            await each.see(lambda each=each: all(each.items.get(key, {}).get("complete") for key in copies), 60)
        for daemon in (lab.rtorrent, lab.leecher):
            assert torrent.digest_in(daemon.downloads) == torrent.digest
        await trio.to_thread.run_sync(scene.all_equal)
        await agree(first, second)
        await first.ask(action="requestFullSnapshot")
        assert first.replayed == first.items
    items = ours.items()
    assert {id for id, _ in items} == set(lab.daemons)
    assert {each["networkType"] for each in items.values()} == {"ed2k", "bittorrent"}


async def test_one_request_over_items_of_all_kinds(scene):
    """Pause, category, delete: each one request, with a result per item, and true in the daemons themselves."""
    ours = scene.ours
    keys = await trio.to_thread.run_sync(scene.one_each)
    began = time.monotonic()
    shared = make_ed2k_file("whole.bin", 50_000)
    await trio.to_thread.run_sync(scene.mules.share, shared)
    asked = [*keys, (SHARER, shared.hash), (RTORRENT, NOBODY), (LEECHER, NOBODY)]
    refused = {SHARER: "client_error", RTORRENT: "item_not_found", LEECHER: "item_not_found"}
    url = f"ws://127.0.0.1:{ours.port}/ws"

    def row(key):
        return scene.row(*key)

    async def is_so(condition):
        await trio.to_thread.run_sync(
            wait_until, lambda: all(condition(row(key)) for key in keys), 20, lambda: str(list(map(row, keys)))
        )
        await trio.to_thread.run_sync(scene.all_equal)

    async with reader(url) as first, reader(url) as second:
        await is_so(lambda row: not row.held)
        await trio.sleep(max(0, began + LEAST_APART_S - time.monotonic()))
        failed = results(await first.ask(action="batchPause", items=refs(asked)), asked)
        assert failed == refused
        await is_so(lambda row: row.held)

        failed = results(
            await second.ask(action="batchSetFileCategory", items=refs(asked), categoryName="films ü"), asked
        )
        assert failed == refused
        await is_so(lambda row: row.category == "films ü")

        await agree(first, second)
        failed = results(await first.ask(action="batchDelete", items=refs(asked)), asked)
        assert failed == refused
        await is_so(lambda row: row is None)
        assert row((SHARER, shared.hash)) is not None
        await second.see(lambda: not second.items.keys() & set(keys))
        await agree(first, second)
        for each in (first, second):
            await each.ask(action="requestFullSnapshot")
            assert each.replayed == each.items
