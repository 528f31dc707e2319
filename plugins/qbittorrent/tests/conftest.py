"""A real qbittorrent-nox, and a client that is open on it."""

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from amutorrent_qbittorrent import QBittorrent
from lab.qbittorrent import daemon as run_daemon

from amutorrent import Changes, Item, Metafile, Services

PIECE = 16384


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    with run_daemon(tmp_path_factory.mktemp("qbittorrent")) as running:
        yield running


@asynccontextmanager
async def _opened(port: int, **settings: object):
    """Open a client of its own for as long as the context lasts."""
    given = QBittorrent.Settings.model_validate({"host": "127.0.0.1", "port": port, **settings})
    log = logging.LoggerAdapter(logging.getLogger("test.qbittorrent"))
    async with trio.open_nursery() as nursery:
        services = Services("qbittorrent-test", log, nursery, trio.to_thread.run_sync)
        async with QBittorrent.open(given, services) as client:
            yield client


class Watched:
    """A client, and the items as its polls have told them."""

    def __init__(self, client: QBittorrent) -> None:
        self.client = client
        self.items: dict[str, Item] = {}
        self.seen: list[Changes] = []

    def part(self, capability: type):
        """Give the part that implements a capability."""
        return next(part for part in self.client.parts if isinstance(part, capability))

    async def poll(self) -> Changes:
        changes = await self.client.poll()
        if changes.full:
            self.items.clear()
        for hash in changes.removed:
            self.items.pop(hash, None)
        self.items.update((item.hash, item) for item in changes.items)
        self.seen.append(changes)
        return changes

    async def until(self, condition: Callable[[], object], within_s: float = 20) -> None:
        """Poll until something is so."""
        with trio.fail_after(within_s):
            await self.poll()
            while not condition():
                await trio.sleep(0.1)
                await self.poll()


@pytest.fixture
async def watched(daemon):
    async with _opened(daemon.port, username=daemon.username, password=daemon.password) as client:
        found = Watched(client)
        await found.poll()
        yield found


def _bencode(value) -> bytes:
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        return _bencode(value.encode())
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l%se" % b"".join(map(_bencode, value))
    return b"d%se" % b"".join(_bencode(key) + _bencode(value[key]) for key in sorted(value))


def _torrent(name: str, files: dict[str, int], into: Path | None = None, tracker: str | None = None) -> Metafile:
    """Make a torrent of random data: of one file (named "") or of several; `into` is where its data is written."""
    blobs = {path: os.urandom(size) for path, size in files.items()}
    whole = b"".join(blobs.values())
    info = {"name": name, "piece length": PIECE}
    info["pieces"] = b"".join(hashlib.sha1(whole[at : at + PIECE]).digest() for at in range(0, len(whole), PIECE))
    if "" in files:
        info["length"] = files[""]
    else:
        info["files"] = [{"length": size, "path": path.split("/")} for path, size in files.items()]
    for path, blob in blobs.items() if into else ():
        (into / name / path).parent.mkdir(parents=True, exist_ok=True)
        (into / name / path).write_bytes(blob)
    return Metafile.parse(_bencode({"info": info, **({"announce": tracker} if tracker else {})}))


def _hybrid(name: str) -> Metafile:
    """Make a torrent with both kinds of hashes, of one piece of zeros."""
    leaf = hashlib.sha256(bytes(PIECE)).digest()
    info = {
        "name": name,
        "length": PIECE,
        "piece length": PIECE,
        "pieces": hashlib.sha1(bytes(PIECE)).digest(),
        "meta version": 2,
        "file tree": {name: {"": {"length": PIECE, "pieces root": leaf}}},
    }
    return Metafile.parse(_bencode({"info": info}))


@pytest.fixture
def opened():
    """Give the function that opens a client."""
    return _opened


@pytest.fixture
def torrent():
    """Give the function that makes a torrent."""
    return _torrent


@pytest.fixture
def hybrid():
    """Give the function that makes a hybrid torrent."""
    return _hybrid
