"""What is asked of the daemon only when somebody opens a torrent. Source: data-model 4, rtorrent 4."""

from collections.abc import Sequence
from typing import Final, Literal

import amutorrent
from amutorrent import (
    FileEntry,
    FilePriority,
    Files,
    InvalidRequest,
    PieceMap,
    Pieces,
    TrackerState,
    percent,
)

from .announces import DHT
from .calls import Call, Value, call
from .daemon import Daemon
from .mapping import moment
from .spelling import Metainfo, Spellings, metainfo, unsure
from .storage import path_of
from .text import shown

HAVE: Final = 2
MISSING: Final = 0
TRACKER_FIELDS: Final = (
    "t.url", "t.type", "t.is_enabled", "t.is_busy", "t.success_counter", "t.failed_counter", "t.success_time_last",
    "t.failed_time_last", "t.scrape_complete", "t.scrape_incomplete",
)  # fmt: skip
PEER_FIELDS: Final = (
    "p.address", "p.port", "p.client_version", "p.down_rate", "p.up_rate", "p.down_total", "p.up_total",
    "p.completed_percent", "p.is_encrypted", "p.is_incoming", "p.is_obfuscated", "p.is_snubbed",
)  # fmt: skip
FILE_FIELDS: Final = (
    "f.path", "f.path_components", "f.size_bytes", "f.completed_chunks", "f.size_chunks", "f.priority",
)  # fmt: skip
FLAGS: Final = {"p.is_encrypted": "E", "p.is_incoming": "I", "p.is_snubbed": "S"}
Told = dict[str, Value]
TrackerWord = Literal["working", "updating", "error", "disabled", "idle"]


class Details(amutorrent.Trackers, amutorrent.Peers, PieceMap, Files, FilePriority):
    """Trackers, peers, pieces and files of one torrent."""

    def __init__(self, daemon: Daemon, spellings: Spellings) -> None:
        self._daemon = daemon
        self._spellings = spellings

    async def trackers(self, hash: str) -> Sequence[TrackerState]:
        """Ask for its trackers. The daemon has one message for all of them."""
        message, rows = await self._daemon.ask(hash, call("d.message", hash.upper()), self._table(hash, TRACKER_FIELDS))
        told = self._named(rows, TRACKER_FIELDS)
        return [tracker_state(each, str(message)) for each in told if not str(each["t.url"]).startswith(DHT)]

    async def peers(self, hash: str) -> Sequence[amutorrent.Peer]:
        """Ask for all peers that it is connected to."""
        (rows,) = await self._daemon.ask(hash, self._table(hash, PEER_FIELDS))
        return [peer(each) for each in self._named(rows, PEER_FIELDS)]

    async def pieces(self, hash: str) -> Pieces | None:
        """Ask for the pieces: there, or not; the daemon does not tell which are under way."""
        fields = ("d.bitfield", "d.size_chunks", "d.chunk_size", "d.is_meta", "d.complete")
        bits, count, size, meta, complete = await self._daemon.ask(hash, *(call(each, hash.upper()) for each in fields))
        return None if meta else Pieces.of(size, states(str(bits), count, bool(complete)))

    async def files(self, hash: str) -> Sequence[FileEntry]:
        """Ask for its files."""
        meta, rows = await self._daemon.ask(hash, call("d.is_meta", hash.upper()), self._table(hash, FILE_FIELDS))
        if meta:
            return []
        told = self._named(rows, FILE_FIELDS)
        paths = [path_of(each.get("f.path_components") or each["f.path"]) for each in told]
        if any(unsure(part) for path in paths for part in path):
            found: Metainfo | None = await self._daemon.services.run_sync(metainfo, self._spellings.session, hash)
            paths = (found.paths(paths) if found else None) or paths
        return [file_entry(number, path, each) for number, (path, each) in enumerate(zip(paths, told, strict=True))]

    async def set_file_priority(self, hash: str, files: Sequence[int], priority: Literal[0, 1, 2]) -> None:
        """Set the priority of some files, and let the daemon heed it."""
        (count,) = await self._daemon.ask(hash, call("d.size_files", hash.upper()))
        if wrong := [index for index in files if not 0 <= index < count]:
            raise InvalidRequest(f"This torrent has {count} files, so none with the index {wrong[0]}", field="files")
        target = hash.upper()
        setting = [call("f.priority.set", f"{target}:f{index}", priority) for index in files]
        await self._daemon.ask(hash, *setting, call("d.update_priorities", target))

    def _table(self, hash: str, fields: Sequence[str]) -> Call:
        held = [f"{each}=" for each in fields if each in self._daemon.methods]
        return Call(f"{fields[0][0]}.multicall", (hash.upper(), "", *held))

    def _named(self, rows: Value, fields: Sequence[str]) -> list[Told]:
        held = [each for each in fields if each in self._daemon.methods]
        return [dict(zip(held, row, strict=True)) for row in rows]


def tracker_state(told: Told, message: str) -> TrackerState:
    """Map one tracker."""
    word = tracker_word(told)
    succeeded, failed = told.get("t.success_time_last", 0), told.get("t.failed_time_last", 0)
    known = bool(told.get("t.success_counter", 0))
    return TrackerState(
        url=str(told["t.url"]),
        status=word,
        message=message if word == "error" else "",
        seeds=told.get("t.scrape_complete") if known else None,
        peers=told.get("t.scrape_incomplete") if known else None,
        last_announce=moment(max(succeeded, failed)),
    )


def tracker_word(told: Told) -> TrackerWord:
    """Say how a tracker does, by what happened last."""
    if not told.get("t.is_enabled", 1):
        return "disabled"
    if told.get("t.is_busy", 0):
        return "updating"
    if told.get("t.failed_counter", 0) and told.get("t.failed_time_last", 0) >= told.get("t.success_time_last", 0):
        return "error"
    return "working" if told.get("t.success_counter", 0) else "idle"


def peer(told: Told) -> amutorrent.Peer:
    """Map one peer."""
    address, port = str(told["p.address"]), told["p.port"]
    flags = "".join(letter for name, letter in FLAGS.items() if told.get(name))
    return amutorrent.Peer(
        id=f"[{address}]:{port}" if ":" in address else f"{address}:{port}",
        address=address,
        port=port,
        software=told.get("p.client_version") or None,
        download_rate=told.get("p.down_rate"),
        upload_rate=told.get("p.up_rate"),
        download_total=told.get("p.down_total"),
        upload_total=told.get("p.up_total"),
        completed_percent=percent(told.get("p.completed_percent", 0), 100),
        flags=flags or None,
        is_encrypted=bool(told.get("p.is_encrypted") or told.get("p.is_obfuscated")),
        is_incoming=bool(told.get("p.is_incoming")),
    )


def file_entry(index: int, path: tuple[str, ...], told: Told) -> FileEntry:
    """Map one file."""
    priority = told.get("f.priority", 1)
    return FileEntry(
        index=index,
        path=shown("/".join(path)),
        size=max(0, told["f.size_bytes"]),
        progress=percent(told.get("f.completed_chunks", 0), told.get("f.size_chunks", 0)),
        priority=priority if priority in (0, 1, 2) else 1,
    )


def states(bits: str, count: int, complete: bool) -> list[int]:
    """Read the bit field, in hex; a torrent that is closed has none, and then only a complete one has pieces."""
    if not bits:
        return [HAVE if complete else MISSING] * count
    packed = bytes.fromhex(bits[: len(bits) // 2 * 2])
    unpacked = [HAVE if packed[at >> 3] >> (7 - (at & 7)) & 1 else MISSING for at in range(min(count, len(packed) * 8))]
    return unpacked + [MISSING] * (count - len(unpacked))
