"""Moves with real clients, on one file system and to another; and our daemon killed at every point of one."""

import hashlib
import itertools
import os
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import trio
from lab import amule, qbittorrent, rtorrent
from lab.amutorrent import amutorrent
from lab.ec import look
from lab.reader import reader
from lab.tmpfs import tmpfs
from lab.torrents import make_torrent
from lab.waiting import wait_until

from amutorrent.moving.faults import POINTS
from amutorrent.testing import make_ed2k_file

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
FORWARD, BACK = POINTS[: POINTS.index("putting back")], POINTS[POINTS.index("putting back") :]
KILLED_ON = ["other"]
"""Add "same" for the rest: twice the minutes, and tests/moving has every cut there without the clients."""
KILLS = [(id, point) for number, point in enumerate(FORWARD) for id in ("am", "rt") if number % 2 == (id == "rt")]
"""Every point once, with one client and the other in turn; without the condition with both, which is twice as long."""
SIZE = 6_000_000
"""More than is copied in one step."""
CATEGORIES = "\n[General]\nCount={count}\n"
CATEGORY = "\n[Cat#{number}]\nTitle={title}\nIncoming={path}\nComment=\nColor=0\nPriority=0\n"

numbers = itertools.count()


class Ours:
    """Our daemon over the three clients, and two folders that data can go to: one beside it, one on another disk."""

    def __init__(self, root, daemon, clients, disk):
        self.root, self.daemon, self.clients = root, daemon, clients
        self.folders = {"same": root / "elsewhere", "other": disk.path / "elsewhere"}

    def put(self, id, *, several=False):
        """Let a client have something complete; gives what it is."""
        number = next(numbers)
        client = self.clients[id]
        if id == "am":
            thing = make_ed2k_file(f"shared {number} ü.bin", SIZE)
            thing.write(client.incoming)
            self.daemon.post("/api/v1/amule/refresh-shared", instanceId="am")
        else:
            # a name that rTorrent cannot spell, and one that is no text (qBittorrent gives such files another name)
            odd = "b\udcff.bin" if id == "rt" else "b.bin"
            files = {"a.bin": SIZE, f"sub \U0001f600/{odd}": 70_000} if several else SIZE
            thing = make_torrent(f"moved {number}", files, "http://127.0.0.1:9/announce")
            client.seed(thing)
        wait_until(lambda: self.item(id, thing).get("complete"), 60, lambda: f"{self.item(id, thing)}")
        return thing

    def item(self, id, thing):
        return self.daemon.item(id, thing.hash)

    def home(self, id):
        return self.clients[id].incoming if id == "am" else self.clients[id].downloads

    def move(self, id, thing, folder):
        items = [{"fileHash": thing.hash, "instanceId": id}]
        with suppress(httpx.TransportError):  # it may die before it answers
            reply = self.daemon.post("/api/v1/downloads/move", items=items, destPath=str(folder))
            assert [each["success"] for each in reply["results"]] == [True], reply

    def told_by_client(self, id, thing):
        """Ask the client itself where something lies: its folder."""
        client = self.clients[id]
        if id == "am":
            with look(client.port, client.password) as other:
                row = other.files().get(thing.hash)
            return row and self.item(id, thing).get("directory")
        if id == "qb":
            return client.torrent(thing.hash)["save_path"].rstrip("/")
        directory = client.get("d.directory", thing.hash)
        return str(Path(directory).parent) if client.get("d.is_multi_file", thing.hash) else directory

    def is_in(self, id, thing, folder):
        """See that it is whole in one folder alone, and that the client knows, and shows it."""

        def there():
            item = self.item(id, thing)
            return item.get("complete") and item["status"] == "seeding" and not item.get("moveStatus") and item

        item = wait_until(there, 60, lambda: f"{self.item(id, thing)}; {self.daemon.tail()}")
        assert self.told_by_client(id, thing) == str(folder)
        assert Path(item["path"]).parent == folder
        self.is_whole_in(thing, folder)

    def is_whole_in(self, thing, folder):
        """See that it is whole in one folder alone, and that nothing of the move is left anywhere."""
        assert thing.digest_in(folder) == thing.digest
        for other in (*self.folders.values(), *map(self.home, self.clients)):
            if other != folder:
                assert thing.digest_in(other) == ""
        for top in {self.root, self.folders["other"]}:
            left = [name for _, folders, files in os.walk(top) for name in (*folders, *files)]
            assert not [name for name in left if name.startswith(".amutorrent-")]

    def ends_at(self, point):
        wait_until(lambda: not self.daemon.alive, 60, lambda: f"it lives on at {point}; {self.daemon.tail()}")

    def starts_again(self, **options):
        self.daemon.start(**options)

    def all_online(self):
        wait_until(lambda: all(self.daemon.state(each) == "online" for each in self.clients), 60)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    root = tmp_path_factory.mktemp("moves")
    with tmpfs(root / "disk", mib=96) as disk:
        folders = [root / "elsewhere", disk.path / "elsewhere"]
        for each in folders:
            each.mkdir()
        mule = amule.AMuleDaemon(root / "amule")
        with (mule.root / "amule.conf").open("a") as config:
            config.write(CATEGORIES.format(count=len(folders)))
            for number, (title, path) in enumerate(zip(("same", "other"), folders, strict=True), start=1):
                config.write(CATEGORY.format(number=number, title=title, path=path))
        mule.start()
        with rtorrent.daemon(root / "rtorrent") as rt, qbittorrent.daemon(root / "qbittorrent") as qb:
            clients = {"am": mule, "rt": rt, "qb": qb}
            configs = [{**client.settings, "id": id} for id, client in clients.items()]
            try:
                with amutorrent(root / "ours", configs) as daemon:
                    found = Ours(root, daemon, clients, disk)
                    found.all_online()
                    yield found
            finally:
                mule.stop()


@pytest.fixture(autouse=True)
def running(ours):
    """See that our daemon runs, and give the other disk room again."""
    if not ours.daemon.alive:
        ours.starts_again()
    ours.all_online()
    yield
    if not ours.daemon.alive:
        ours.starts_again()
        ours.all_online()


def removed(ours, id, thing):
    items = [{"fileHash": thing.hash, "instanceId": id}]
    reply = ours.daemon.post("/api/v1/downloads/delete", items=items, deleteFiles=True)
    assert reply["results"][0]["success"], reply
    wait_until(lambda: not ours.item(id, thing), 30)
    for folder in (*ours.folders.values(), ours.home(id)):
        wait_until(lambda folder=folder: thing.digest_in(folder) == "", 10)


@pytest.mark.parametrize("place", ["same", "other"])
@pytest.mark.parametrize(("id", "several"), [("am", False), ("rt", True), ("qb", True)])
async def test_there_and_back_again(ours, id, several, place):
    def work(function, *args):
        return trio.to_thread.run_sync(lambda: function(*args))

    thing = await trio.to_thread.run_sync(lambda: ours.put(id, several=several))
    home, folder = ours.home(id), ours.folders[place]
    async with reader(f"ws://127.0.0.1:{ours.daemon.port}/ws") as socket:
        await socket.until("batch-update")
        for end in (folder, home):
            item = {"fileHash": thing.hash, "instanceId": id}
            check = await socket.ask(action="checkMoveToPermissions", items=[item], destPath=str(end))
            assert [each["reason"] for each in check["results"]] == ["ok"]
            reply = await socket.ask(action="batchMoveFiles", items=[item], destPath=str(end))
            assert reply["message"] == f"Moving 1/1 files to {end}", reply
            with trio.fail_after(90):
                told = await socket.until("success")
            assert (told["fileHash"], told["instanceId"]) == (thing.hash, id)
            await work(ours.is_in, id, thing, end)
            reply = await socket.ask(action="batchMoveFiles", items=[item], destPath=str(end))
            assert reply["results"][0]["skipped"], reply
    check = ours.daemon.post("/api/v1/permissions/delete", items=[item])
    assert [each["canDelete"] for each in check["results"]] == [True]
    await work(removed, ours, id, thing)


@pytest.mark.parametrize("place", KILLED_ON)
@pytest.mark.parametrize(("id", "point"), KILLS)
def test_killed_at_every_point_it_goes_on(ours, id, point, place):
    ours.daemon.stop()
    ours.starts_again(dies_at=point)
    ours.all_online()
    thing = ours.put(id, several=id == "rt")
    ours.move(id, thing, ours.folders[place])
    ours.ends_at(point)
    ours.starts_again()
    ours.all_online()
    ours.is_in(id, thing, ours.folders[place])
    removed(ours, id, thing)


@pytest.mark.parametrize("place", KILLED_ON)
@pytest.mark.parametrize("point", BACK)
def test_killed_at_every_point_of_an_undoing(ours, point, place):
    """The client forgets the torrent in the middle of the move: it lies whole where it was."""
    ours.daemon.stop()
    ours.starts_again(dies_at="set aside")
    ours.all_online()
    thing = ours.put("rt", several=True)
    ours.move("rt", thing, ours.folders[place])
    ours.ends_at("set aside")
    ours.clients["rt"].call("d.erase", thing.hash.upper())
    ours.starts_again(dies_at=point, answers=False)
    ours.ends_at(point)
    ours.starts_again()
    ours.all_online()
    home = ours.home("rt")
    wait_until(lambda: not list(home.glob(".amutorrent-*")), 30)
    wait_until(lambda: thing.digest_in(home) == thing.digest, 30, lambda: ours.daemon.tail())
    ours.is_whole_in(thing, home)


def test_a_native_move_is_followed_over_a_crash(ours):
    thing = ours.put("qb", several=True)
    ours.move("qb", thing, ours.folders["other"])
    ours.daemon.kill9()
    ours.starts_again()
    ours.all_online()
    ours.is_in("qb", thing, ours.folders["other"])
    removed(ours, "qb", thing)


def test_a_disk_without_room_is_an_answer_at_once(ours):
    thing = ours.put("rt")
    ballast = ours.folders["other"] / "ballast"
    ballast.write_bytes(bytes(92 << 20))
    try:
        items = [{"fileHash": thing.hash, "instanceId": "rt"}]
        (result,) = ours.daemon.post("/api/v1/downloads/move", items=items, destPath=str(ours.folders["other"]))[
            "results"
        ]
        assert (result["success"], result["code"]) == (False, "client_error")
        assert "There is no room" in result["error"]
    finally:
        ballast.unlink()
    ours.is_in("rt", thing, ours.home("rt"))
    removed(ours, "rt", thing)


def test_a_folder_that_amule_does_not_share_is_refused(ours):
    thing = ours.put("am")
    items = [{"fileHash": thing.hash, "instanceId": "am"}]
    (result,) = ours.daemon.post("/api/v1/downloads/move", items=items, destPath=str(ours.root))["results"]
    assert (result["success"], result["code"]) == (False, "validation_error")
    assert "does not share" in result["error"]
    ours.is_in("am", thing, ours.home("am"))
    removed(ours, "am", thing)


def test_a_shared_file_goes_to_the_folder_of_its_category(ours):
    thing = ours.put("am")
    items = [{"fileHash": thing.hash, "instanceId": "am"}]
    for name, folder in (("other", ours.folders["other"]), ("Default", ours.home("am"))):
        reply = ours.daemon.post("/api/v1/downloads/category", items=items, categoryName=name)
        assert [each["success"] for each in reply["results"]] == [True], reply
        ours.is_in("am", thing, folder)
        wait_until(lambda name=name: ours.item("am", thing)["category"] == name, 20)
    kept = hashlib.sha256((ours.home("am") / thing.name).read_bytes()).hexdigest()
    assert kept == hashlib.sha256(thing.contents[thing.name]).hexdigest()
    removed(ours, "am", thing)


def test_what_is_not_complete_moves_too_where_the_client_can(ours):
    torrent = make_torrent(f"part {next(numbers)}", {"a.bin": SIZE, "b.bin": 70_000}, "http://127.0.0.1:9/announce")
    home, folder = ours.home("rt"), ours.folders["other"]
    torrent.write(home, spoilt=True)
    before = {name: (home / torrent.name / name).read_bytes() for name in ("a.bin", "b.bin")}
    ours.daemon.add_file(torrent, "rt")
    wait_until(lambda: ours.item("rt", torrent).get("sizeDownloaded"), 30)
    wait_until(lambda: ours.item("rt", torrent)["status"] == "active", 30)
    ours.move("rt", torrent, folder)
    wait_until(lambda: ours.told_by_client("rt", torrent) == str(folder), 60)
    wait_until(lambda: ours.item("rt", torrent)["status"] == "active", 60, lambda: f"{ours.item('rt', torrent)}")
    assert not ours.item("rt", torrent)["complete"]
    assert {name: (folder / torrent.name / name).read_bytes() for name in before} == before
    assert not (home / torrent.name).exists()
    removed(ours, "rt", torrent)
    assert not (folder / torrent.name).exists()


def test_a_download_of_amule_does_not_move(ours):
    file = make_ed2k_file(f"part {next(numbers)}.bin", SIZE)
    ours.daemon.post("/api/v1/downloads/ed2k", links=[file.uri], instanceId="am")
    wait_until(lambda: ours.item("am", file), 30)
    items = [{"fileHash": file.hash, "instanceId": "am"}]
    (result,) = ours.daemon.post("/api/v1/downloads/move", items=items, destPath=str(ours.folders["same"]))["results"]
    assert (result["success"], result["code"]) == (False, "unsupported_by_client")
    reply = ours.daemon.post("/api/v1/downloads/delete", items=items)
    assert reply["results"][0]["success"], reply
