"""The desk: all records, in memory and in the database alike, and who is signed in."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import trio
from msgspec.structs import replace

from amutorrent import Catalogue, Host

from .disks import Disks
from .door import Door
from .record import Record
from .ring import Ring

RECORDS, PARTS, FACTS = "records", "torrents", "facts"
PART_BYTES = 600_000
"""A record of the storage holds 1 MiB of text, and base64 takes four characters for three bytes."""


class Desk:
    """The records by hash. What is changed is on the disk when the method returns; then it shows."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.records: dict[str, Record] = {}
        self.tags: set[str] = set()
        """Tags that were made, used or not."""
        self.default_paths: dict[str, str] = {}
        """Where each client puts what has no category, as it said last."""
        self.handed: dict[str, float] = {}
        """When items were handed over, by trio's clock."""
        self.door, self.ring = Door(host), Ring()
        self.loaded = False
        self.disks = Disks()
        self._changing = trio.Lock()
        self._changed = trio.Event()

    async def load(self) -> None:
        """Read all. Raises `StorageUnavailable`."""
        stored = await self._host.storage.all(RECORDS)
        self.records = {hash: msgspec.convert(each, Record) for hash, each in stored.items()}
        facts = await self._host.storage.all(FACTS)
        self.default_paths = facts.get("default_paths", {})
        self.tags = set(facts.get("tags", ()))
        self.loaded = True

    async def add(self, records: Iterable[Record], files: dict[str, bytes]) -> None:
        """Keep new records, all or none; `files` are torrent files by hash. Raises `StorageUnavailable`."""
        new = list(records)
        async with self._changing:
            async with self._host.storage.batch() as batch:
                for record in new:
                    batch.put(RECORDS, record.hash, msgspec.to_builtins(record))
                    for number, part in enumerate(_cut(files.get(record.hash, b""))):
                        batch.put(PARTS, f"{record.hash}/{number}", b64encode(part).decode())
            self.records.update((record.hash, record) for record in new)
        self.wake()

    async def change(self, changes: dict[str, dict[str, Any]], *, only: str = "") -> None:  # Any: fields of records
        """Change fields of the records that are still there, and in the state `only`, if that is given.

        The state is looked up here, where nobody else changes it: who looked before may be late. Raises
        `StorageUnavailable`.
        """
        async with self._changing:
            there = {hash: self.records[hash] for hash in changes if hash in self.records}
            changed = [replace(each, **changes[hash]) for hash, each in there.items() if only in ("", each.state)]
            changed = [each for each in changed if each != self.records[each.hash]]
            if changed:
                async with self._host.storage.batch() as batch:
                    for record in changed:
                        batch.put(RECORDS, record.hash, msgspec.to_builtins(record))
                self.records.update((record.hash, record) for record in changed)
        self.wake()

    async def forget(self, hashes: Iterable[str]) -> None:
        """Delete records. Raises `StorageUnavailable`."""
        async with self._changing:
            await self._forget(hashes)

    async def cancel(self, hashes: Iterable[str], *, delete_files: bool) -> None:
        """Let items go that no client shows: for good, or to be deleted where a client may have been asked already.

        Whether it was is looked up here, and nowhere before: the hand-over writes it down at the same time. Raises
        `StorageUnavailable`.
        """
        async with self._changing:
            known = [self.records[hash] for hash in hashes if hash in self.records]
            there = [each for each in known if each.tries or each.state == "done"]
            asked = [replace(each, state="cancelled", delete_files=delete_files) for each in there]
            async with self._host.storage.batch() as batch:
                for record in asked:
                    batch.put(RECORDS, record.hash, msgspec.to_builtins(record))
            self.records.update((record.hash, record) for record in asked)
            await self._forget(each.hash for each in known if each not in there)
        self.wake()

    async def _forget(self, hashes: Iterable[str]) -> None:
        gone = [self.records[hash] for hash in hashes if hash in self.records]
        if gone:
            async with self._host.storage.batch() as batch:
                for record in gone:
                    batch.delete(RECORDS, record.hash)
                    for number in range(record.parts):
                        batch.delete(PARTS, f"{record.hash}/{number}")
            for record in gone:
                del self.records[record.hash]

    async def torrent_file(self, record: Record) -> bytes:
        """Give the torrent file of a record. Raises `StorageUnavailable`."""
        parts = [await self._host.storage.get(PARTS, f"{record.hash}/{number}") for number in range(record.parts)]
        return b"".join(b64decode(part or "") for part in parts)

    async def keep_default_paths(self, paths: dict[str, str]) -> None:
        """Remember where clients put what has no category. Raises `StorageUnavailable`."""
        known = self.default_paths | paths
        if known != self.default_paths:
            await self._host.storage.put(FACTS, "default_paths", known)
            self.default_paths = known

    async def keep_tags(self, tags: set[str]) -> None:
        """Remember which tags were made. Raises `StorageUnavailable`."""
        await self._host.storage.put(FACTS, "tags", sorted(tags))
        self.tags = tags

    def wake(self) -> None:
        """Let the service look at the records."""
        self._changed.set()
        self._changed = trio.Event()

    async def wait_changed(self) -> None:
        """Wait until a record changes."""
        await self._changed.wait()


def parts_of(file: bytes) -> int:
    """Say in how many parts a torrent file is kept."""
    return len(_cut(file))


def _cut(file: bytes) -> list[bytes]:
    return [file[at : at + PART_BYTES] for at in range(0, len(file), PART_BYTES)]


_desks: WeakKeyDictionary[Catalogue, Desk] = WeakKeyDictionary()


def desk_of(host: Host) -> Desk:
    """Give the one desk of a daemon, to the surface, the service and the operation. Raises `NotReady`."""
    return _desks.setdefault(host.catalogue, Desk(host))
