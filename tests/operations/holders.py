"""Clients of a test whose items lie on a real disk, with what they say of themselves."""

from contextlib import asynccontextmanager
from pathlib import Path

import trio
from msgspec.structs import replace

import amutorrent as am
from amutorrent.client import ClientConfig


class Settings(am.ClientSettings):
    """Names the list of items: a plugin gets no objects."""

    number: int = 0


ITEMS: dict[int, list] = {0: []}
"""What the clients list, by the number in their settings."""


def item(hash, path, complete=True, **more):
    """Make an item whose data lies at a path."""
    facts = {
        "hash": hash, "name": hash[:4], "status": "seeding" if complete else "active", "size": 8, "shared": True,
        "progress": 100.0 if complete else 50.0, "download_speed": 0, "upload_speed": 0, "complete": complete,
        "path": path and str(path), "category": "Default",
    }  # fmt: skip
    return am.Item(**{**facts, **more})


class Holder(am.Client, am.Remove, am.RemoveWithFiles):
    """Lists its items, and does nothing."""

    type, label, network, Settings = "holder", "Holder", "bittorrent", Settings
    default_path = "/client"

    def __init__(self, number):
        self.items = ITEMS[number]

    @classmethod
    @asynccontextmanager
    async def open(cls, settings, services):
        yield cls(settings.number)

    async def probe(self):
        return am.Probe(version="1")

    async def poll(self):
        return am.Changes(items=self.items, full=True, default_path=self.default_path)

    async def remove(self, hashes):
        return am.done(hashes)

    async def remove_with_files(self, hashes):
        return am.done(hashes)


class Mover(Holder, am.MoveData):
    """Moves what is complete, by itself, but not natively."""

    type = "mover"

    async def move(self, hashes, destination):
        return am.done(hashes)


class Native(Mover, am.NativeMove, am.ApiDeletesFiles, am.MoveActiveDownloads):
    """Its daemon does all of it."""

    type = "native"


class Mule(Mover, am.CancelDeletesFiles, am.RemoveSharedMustDeleteFiles):
    """Partial data goes with its download."""

    type = "mule"


class Hosted(Holder, am.MovedByHost, am.SetCategory):
    """Has the host move the files of its items, in folders of their own or not."""

    type = "hosted"
    script: dict = {}  # noqa: RUF012  (a test fills it)

    async def data_of(self, hash):
        (item,) = [each for each in self.items if each.hash == hash]
        path = Path(item.path)
        if item.multi_file:
            return am.ItemData(str(path), files_in(path), path.name, multi=True, own=True, running=True)
        return am.ItemData(str(path.parent), [am.DataFile((path.name,), item.size)], path.name, running=True)

    async def check_destination(self, folder):
        await self._play("check", folder)

    async def release(self, hash):
        await self._play("release", hash)

    async def settle(self, hash, folder, running):
        await self._play("settle", folder)
        assert running
        if folder is not None:
            for number, each in enumerate(self.items):
                if each.hash == hash:
                    name = each.path.rpartition("/")[2]
                    self.items[number] = replace(each, path=f"{folder}/{name}", directory=folder)

    async def set_category(self, hashes, category):
        for number, each in enumerate(self.items):
            if each.hash in hashes:
                self.items[number] = replace(each, category=category or "Default")
        return am.done(hashes)

    async def _play(self, what, *args):
        self.script.setdefault("asked", []).append((what, *args))
        answer = self.script.get(what)
        if isinstance(answer, trio.Event):
            await answer.wait()
        elif isinstance(answer, list) and answer and (error := answer.pop(0)) is not None:
            raise error


def files_in(folder):
    """List what lies in a folder."""
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    return [am.DataFile(each.relative_to(folder).parts, each.stat().st_size) for each in found]


class Shares(Hosted, am.MoveSharedForCategoryChange):
    """Its shared files are in the category in whose folder they lie."""

    type = "shares"


class Slow(Mover, am.NativeMove, am.MoveActiveDownloads):
    """Its daemon moves when a test says so: the test changes its items."""

    type = "slow"


KINDS = {kind.type: kind for kind in (Holder, Mover, Native, Mule, Hosted, Shares, Slow)}


def config(type):
    """Configure one; its id is its type."""
    return ClientConfig(id=type, type=type, name=type, color=None, enabled=True, order=0, settings=Settings())
