"""What the daemon's list looks like: the answers to GET_UPDATE merged, one by one. Source: amule-ec 4."""

import logging
from typing import Final

import trio

from amutorrent import ProtocolError

from .codec import Frame, Reader
from .codes import Op, T
from .records import PEER, SERVER, File, Peer, ServerRecord, merge, merge_file
from .states import COMPLETE, STATUS
from .tags import Tag
from .transport import unexpected

STEP: Final = 100
"""Tags between two checkpoints: a few milliseconds of work."""
FILES: Final = frozenset({T.PARTFILE, T.KNOWNFILE})
CONTAINERS: Final = frozenset({T.CLIENT, T.SERVER, T.FRIEND})

Log = logging.LoggerAdapter[logging.Logger]


class OutOfStep(ProtocolError):
    """What we hold is not what the daemon believes that we hold: everything has to be asked for anew."""


class Mirror:
    """The daemon's files, peers and servers as of its last answer. Files are known by hash, as ECIDs change.

    `changed` and `removed` collect hashes over any number of answers, until `drain` takes them.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._complained: set[int] = set()
        self.files: dict[int, File] = {}
        self.peers: dict[int, Peer] = {}
        self.servers: dict[int, ServerRecord] = {}
        self.upload_speeds: dict[int, int] = {}
        self._by_hash: dict[str, int] = {}
        self._doubles: dict[str, list[int]] = {}
        self._changed: set[str] = set()
        self._removed: set[str] = set()
        self._full = True

    def find(self, hash: str) -> File | None:
        """Find a file by its hash."""
        return self.files.get(self._by_hash.get(hash, -1))

    def hashes(self) -> list[str]:
        """List all files by their hashes."""
        return list(self._by_hash)

    def drain(self) -> tuple[bool, set[str], set[str]]:
        """Give what is new since the last time: whether it is everything, the changed hashes, the removed ones."""
        told = self._full, self._changed, self._removed
        self._full, self._changed, self._removed = False, set(), set()
        return told

    async def take(self, frame: Frame) -> None:
        """Merge an answer. Raises `OutOfStep`, and `ProtocolError`; what is held is of no use any more then."""
        if frame.opcode != Op.SHARED_FILES:
            raise unexpected(frame, "GET_UPDATE")
        files: set[int] = set()
        peers: set[int] = set()
        servers: set[int] = set()
        for number, (container, tag) in enumerate(Reader(frame).tags(CONTAINERS), 1):
            if number % STEP == 0:
                await trio.lowlevel.checkpoint()
            if container == 0 and tag.name in FILES:
                files.add(self._take_file(tag))
            elif container == T.CLIENT and tag.name == T.CLIENT:
                peers.add(self._take_peer(tag))
            elif container == T.SERVER and tag.name == T.SERVER:
                servers.add(self._take_server(tag))
        self._drop(files)
        self.peers = {ecid: self.peers[ecid] for ecid in peers}
        self.servers = {ecid: self.servers[ecid] for ecid in servers}
        self._add_up_speeds()

    def _take_file(self, tag: Tag) -> int:
        ecid, part = tag.number, tag.name == T.PARTFILE
        file = self.files.get(ecid)
        if file is None:
            file = File(ecid, part)
            merge_file(file, tag)
            if not file.hash or not file.name:
                raise OutOfStep(f"aMule tells of file {ecid} as if we knew it")
            self.files[ecid] = file
            self._register(file)
            self._look_at(file)
            return ecid
        if tag.children or file.part != part:
            hash, before = file.hash, file.part
            file.part = part
            if merge_file(file, tag) or before != part:
                self._changed.add(hash)
                self._look_at(file)
            if file.hash != hash:
                raise OutOfStep(f"aMule gives the number of {hash} to another file")
        return ecid

    def _take_peer(self, tag: Tag) -> int:
        ecid = tag.number
        if (peer := self.peers.get(ecid)) is None:
            peer = self.peers[ecid] = Peer(ecid)
        merge(peer, tag, PEER)
        return ecid

    def _take_server(self, tag: Tag) -> int:
        ecid = tag.number
        if (server := self.servers.get(ecid)) is None:
            server = self.servers[ecid] = ServerRecord(ecid)
        merge(server, tag, SERVER)
        return ecid

    def _register(self, file: File) -> None:
        before = self._by_hash.get(file.hash)
        if before is not None:
            self._doubles.setdefault(file.hash, []).append(before)
        self._by_hash[file.hash] = file.ecid
        self._removed.discard(file.hash)
        self._changed.add(file.hash)

    def _drop(self, alive: set[int]) -> None:
        for ecid in self.files.keys() - alive:
            hash = self.files.pop(ecid).hash
            others = [each for each in self._doubles.pop(hash, ()) if each in alive]
            if self._by_hash[hash] == ecid and not others:
                del self._by_hash[hash]
                self._changed.discard(hash)
                self._removed.add(hash)
                continue
            if self._by_hash[hash] == ecid:
                self._by_hash[hash] = others.pop()
            self._changed.add(hash)
            if others:
                self._doubles[hash] = others

    def _add_up_speeds(self) -> None:
        speeds: dict[int, int] = {}
        for peer in self.peers.values():
            if peer.upload_file and peer.up_speed:
                speeds[peer.upload_file] = speeds.get(peer.upload_file, 0) + peer.up_speed
        for ecid in {ecid for ecid, _ in speeds.items() ^ self.upload_speeds.items()}:
            if ecid in self.files:
                self._changed.add(self.files[ecid].hash)
        self.upload_speeds = speeds

    def _look_at(self, file: File) -> None:
        if file.part and file.status not in STATUS and file.status not in self._complained:
            self._complained.add(file.status)
            self._log.warning("unknown status %d of a download: shown as active", file.status)


def is_complete(file: File) -> bool:
    """Say if a file is complete, and at its place: shared only, or with the daemon's own word for it."""
    return not file.part or file.status == COMPLETE
