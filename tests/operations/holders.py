"""Clients of a test whose items lie on a real disk, with what they say of themselves."""

from contextlib import asynccontextmanager

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


KINDS = {kind.type: kind for kind in (Holder, Mover, Native, Mule)}


def config(type):
    """Configure one; its id is its type."""
    return ClientConfig(id=type, type=type, name=type, color=None, enabled=True, order=0, settings=Settings())
