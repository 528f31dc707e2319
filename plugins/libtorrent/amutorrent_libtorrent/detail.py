"""What is asked only when somebody opens a torrent. libtorrent answers when it has time: in worker threads."""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, TypeVar

import libtorrent as lt
import trio

import amutorrent
from amutorrent import (
    FileEntry,
    FilePriority,
    Files,
    InvalidRequest,
    NotFound,
    PieceMap,
    Pieces,
    TrackerState,
    percent,
)

from .engine import Engine
from .torrents import Torrent

T = TypeVar("T")
PRIORITY: Final[dict[Literal[0, 1, 2], int]] = {0: 0, 1: 4, 2: 7}
NORMAL: Final = 4
PRIORITIES_S: Final = 5.0
"""Seconds for libtorrent to say that it has new priorities; its disk may be busy."""
INFO: Final = lt.peer_info
SOURCES: Final = (
    (INFO.tracker, "tracker"),
    (INFO.dht, "DHT"),
    (INFO.pex, "PEX"),
    (INFO.lsd, "LSD"),
    (INFO.resume_data, "earlier"),
)
LETTERS: Final = (
    (INFO.interesting, "i"),
    (INFO.choked, "c"),
    (INFO.remote_interested, "I"),
    (INFO.remote_choked, "C"),
    (INFO.snubbed, "S"),
    (INFO.seed, "s"),
    (INFO.optimistic_unchoke, "O"),
)
"""Small letters: we of it; capital ones: it of us; `s` it has everything, `S` it gives nothing for long."""
NOT_YET: Final = INFO.connecting | INFO.handshake


class Details(amutorrent.Trackers, amutorrent.Peers, PieceMap, Files, FilePriority):
    """Trackers, peers, pieces and files of one torrent."""

    good_for_s = 2.0

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._prioritizing = trio.Lock()

    async def ask(self, hash: str, question: Callable[[lt.torrent_handle], T]) -> T:
        """Ask something of a torrent, in a worker thread. Raises `NotFound`."""
        torrent = await self._engine.found(hash)
        try:
            return await self._engine.run_sync(question, torrent.handle)
        except RuntimeError as error:  # libtorrent's word for a torrent that goes at this moment
            raise NotFound(f"The engine does not have {hash} any more", code="item_not_found") from error

    async def trackers(self, hash: str) -> Sequence[TrackerState]:
        """Ask for its trackers, tier by tier."""
        torrent = await self._engine.found(hash)
        held = bool(torrent.status and torrent.status.flags & lt.torrent_flags.paused)
        try:
            return [tracker_state(each, held) for each in await self.ask(hash, lambda handle: handle.trackers())]
        except UnicodeDecodeError:  # one says something that is no UTF-8, and all are lost with it
            return [_as_heard(torrent, url, held) for url in torrent.trackers]

    async def peers(self, hash: str) -> Sequence[amutorrent.Peer]:
        """Ask for the peers that it is connected to."""
        return [peer(each) for each in await self.ask(hash, lambda handle: handle.get_peer_info()) if connected(each)]

    async def pieces(self, hash: str) -> Pieces | None:
        """Ask for the state of each piece; None for a magnet that has not learnt what it holds."""
        return await self.ask(hash, pieces)

    async def files(self, hash: str) -> Sequence[FileEntry]:
        """Ask for its files; files that merely fill up are none."""
        return await self.ask(hash, entries)

    async def set_file_priority(self, hash: str, files: Sequence[int], priority: Literal[0, 1, 2]) -> None:
        """Set the priority of some files: 0, 1 and 2 are libtorrent's 0, 4 and 7."""
        torrent = await self._engine.found(hash)
        async with self._prioritizing:
            before = await self.ask(hash, lambda handle: handle.get_file_priorities())
            wanted = prioritized(before, files, PRIORITY[priority])
            if wanted != before:
                told = torrent.told_priorities
                torrent.handle.prioritize_files(wanted)
                with trio.move_on_after(PRIORITIES_S):
                    await self._engine.session.until(lambda: torrent.told_priorities > told)
        torrent.unsaved = True
        self._engine.urgent.set()


def tracker_state(entry: Any, held: bool) -> TrackerState:  # Any: the stubs have one of its many keys optional each
    """Map one tracker, by what its endpoints (one for each address that we listen on) say."""
    ends = [each for end in entry.get("endpoints", ()) for each in (end.get("info_hashes") or [end])]
    answered = [each for each in ends if not each.get("fails") and each.get("start_sent")]
    failed = [each for each in ends if each.get("fails")]
    word: Literal["working", "updating", "error", "disabled", "idle"] = "idle"
    if held:
        word = "disabled"
    elif any(each.get("updating") for each in ends):
        word = "updating"
    elif answered:
        word = "working"
    elif failed:
        word = "error"
    seeds = max((each.get("scrape_complete", -1) for each in ends), default=-1)
    peers = max((each.get("scrape_incomplete", -1) for each in ends), default=-1)
    said = next((each["message"] for each in (*answered, *failed) if each.get("message")), "")
    return TrackerState(
        url=entry.get("url", ""),
        status=word,
        message=said or (_error(failed[0]) if word == "error" else ""),
        seeds=seeds if seeds >= 0 else None,
        peers=peers if peers >= 0 else None,
    )


def _as_heard(torrent: Torrent, url: str, held: bool) -> TrackerState:
    """Give what alerts have told of a tracker."""
    failed = torrent.trouble is not None and torrent.trouble_at == url
    return TrackerState(
        url=url,
        status="disabled" if held else "error" if failed else "idle",
        message=torrent.trouble or "" if failed else "",
    )


def _error(end: Any) -> str:  # Any: as above
    error = end.get("last_error") or {}
    code = error.get("value", 0)
    return os.strerror(code) if code and error.get("category") == "system" else ""


def connected(one: lt.peer_info) -> bool:
    """Say if it is more than an address that is being called."""
    return not one.flags & NOT_YET


def peer(one: lt.peer_info) -> amutorrent.Peer:
    """Map one peer."""
    address, port = one.ip
    return amutorrent.Peer(
        id=f"{address}:{port}",
        address=address,
        port=port or None,
        software=one.client.decode("utf-8", "replace") or None,
        download_rate=max(0, one.payload_down_speed),
        upload_rate=max(0, one.payload_up_speed),
        download_total=max(0, one.total_download),
        upload_total=max(0, one.total_upload),
        source_from=next((name for bit, name in SOURCES if one.source & bit), None),
        completed_percent=percent(max(0, min(one.progress_ppm, 1_000_000)), 1_000_000),
        flags="".join(letter for bit, letter in LETTERS if one.flags & bit) or None,
        is_encrypted=bool(one.flags & (INFO.rc4_encrypted | INFO.plaintext_encrypted)),
        is_incoming=not one.flags & INFO.local_connection,
    )


def pieces(handle: lt.torrent_handle) -> Pieces | None:
    """Ask for pieces. Blocks."""
    info = handle.torrent_file()
    if info is None:
        return None
    have = handle.status(lt.status_flags_t.query_pieces).pieces or [False] * info.num_pieces()
    states = [2 if each else 0 for each in have]
    for part in handle.get_download_queue():
        states[part["piece_index"]] = max(1, states[part["piece_index"]])
    return Pieces.of(info.piece_length(), states)


def entries(handle: lt.torrent_handle) -> list[FileEntry]:
    """Ask for files. Blocks."""
    info = handle.torrent_file()
    if info is None:
        return []
    files, done, priorities = info.layout(), handle.file_progress(), handle.get_file_priorities()
    real = [number for number in range(files.num_files()) if not files.file_flags(number) & files.flag_pad_file]
    return [
        FileEntry(
            index=number,
            path=_below(files.file_path(number), len(real) > 1),
            size=files.file_size(number),
            progress=percent(done[number], files.file_size(number)) if files.file_size(number) else 100.0,
            priority=read_priority(priorities[number] if number < len(priorities) else NORMAL),
        )
        for number in real
    ]


def _below(path: str, several: bool) -> str:
    return path.partition("/")[2] if several and "/" in path else path


def prioritized(before: Sequence[int], files: Sequence[int], priority: int) -> list[int]:
    """Give the priorities of all files. Raises `InvalidRequest` for a file that is none."""
    if wrong := [each for each in files if not 0 <= each < len(before)]:
        raise InvalidRequest(f"There is no file {wrong[0]}", field="files")
    chosen = frozenset(files)
    return [priority if number in chosen else each for number, each in enumerate(before)]


def read_priority(priority: int) -> Literal[0, 1, 2]:
    """Map libtorrent's 0 (not wanted) to 7; 4 is normal."""
    if priority <= 0:
        return 0
    return 2 if priority > NORMAL else 1
