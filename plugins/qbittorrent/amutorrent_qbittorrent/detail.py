"""What is asked of the daemon only when somebody opens a torrent. Source: data-model 4, qbittorrent 5."""

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

from .daemon import Daemon, not_found
from .failures import Refusal
from .wire import File, Peer, PeerList, Properties, Tracker, read

TrackerWord = Literal["working", "updating", "error", "disabled", "idle"]

TRACKER_STATUS: Final[dict[int, TrackerWord]] = {
    0: "disabled",
    1: "idle",
    2: "working",
    3: "updating",
    4: "error",
    5: "error",  # from 5.1: the tracker declined
    6: "error",  # from 5.1: it cannot be reached
}
WRITE_PRIORITY: Final = {0: 0, 1: 1, 2: 6}
SOURCE: Final = {"H": "DHT", "X": "PEX", "L": "LSD"}


class Details(amutorrent.Trackers, amutorrent.Peers, PieceMap, Files, FilePriority):
    """Trackers, peers, pieces and files of one torrent."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def trackers(self, hash: str) -> Sequence[TrackerState]:
        """Ask for its trackers; the daemon's entries for DHT, PeX and LSD are none and are left out."""
        body = await self._daemon.ask("torrents/trackers", hash)
        return [tracker_state(one) for one in read(body, list[Tracker], "torrents/trackers") if is_tracker(one)]

    async def peers(self, hash: str) -> Sequence[amutorrent.Peer]:
        """Ask for all peers that it is connected to."""
        body = await self._daemon.ask("sync/torrentPeers", hash)
        return [peer(id, one) for id, one in read(body, PeerList, "sync/torrentPeers").peers.items()]

    async def pieces(self, hash: str) -> Pieces | None:
        """Ask for the state of each piece; the daemon knows none while it reads its resume data."""
        properties = read(await self._daemon.ask("torrents/properties", hash), Properties, "torrents/properties")
        states = read(await self._daemon.ask("torrents/pieceStates", hash), list[int], "torrents/pieceStates")
        if properties.piece_size <= 0 or not states:
            return None
        return Pieces.of(properties.piece_size, [state if state in (0, 1, 2) else 0 for state in states])

    async def files(self, hash: str) -> Sequence[FileEntry]:
        """Ask for its files."""
        return entries(read(await self._daemon.ask("torrents/files", hash), list[File], "torrents/files"))

    async def set_file_priority(self, hash: str, files: Sequence[int], priority: Literal[0, 1, 2]) -> None:
        """Set the priority of some files: 0, 1 and 2 are the daemon's 0, 1 and 6."""
        form = {
            "hash": self._daemon.id_of(hash),
            "id": "|".join(map(str, files)),
            "priority": str(WRITE_PRIORITY[priority]),
        }
        try:
            await self._daemon.call("torrents/filePrio", form)
        except Refusal as error:
            if error.http_status == 404:
                raise not_found(hash) from error
            if error.http_status in (400, 409):
                raise InvalidRequest(f"qBittorrent declined: {error.message}", field="files") from error
            raise


def is_tracker(tracker: Tracker) -> bool:
    """Tell an announce URL from the entries `** [DHT] **` and the like."""
    return not tracker.url.startswith("**")


def tracker_state(tracker: Tracker) -> TrackerState:
    """Map one tracker; what it did not say (-1) is None."""
    peers = tracker.num_leeches if tracker.num_leeches >= 0 else tracker.num_peers
    return TrackerState(
        url=tracker.url,
        status=TRACKER_STATUS.get(tracker.status, "idle"),
        message=tracker.msg,
        seeds=tracker.num_seeds if tracker.num_seeds >= 0 else None,
        peers=peers if peers >= 0 else None,
    )


def peer(id: str, one: Peer) -> amutorrent.Peer:
    """Map one peer. The flags: `I` incoming, `E` and `e` encrypted, `H`, `X`, `L` where we know it from."""
    flags = one.flags.split()
    return amutorrent.Peer(
        id=id,
        address=one.ip or None,
        port=one.port or None,
        software=one.client or None,
        download_rate=max(0, one.dl_speed),
        upload_rate=max(0, one.up_speed),
        download_total=max(0, one.downloaded),
        upload_total=max(0, one.uploaded),
        source_from=next((SOURCE[flag] for flag in flags if flag in SOURCE), None),
        completed_percent=percent(one.progress, 1),
        flags=one.flags or None,
        is_encrypted="E" in flags or "e" in flags,
        is_incoming="I" in flags,
    )


def entries(files: Sequence[File]) -> list[FileEntry]:
    """Map the files; of several, the folder that holds them all is the item's own and is cut off."""
    top = files[0].name.partition("/")[0] + "/" if len(files) > 1 else ""
    cut = len(top) if all(file.name.startswith(top) for file in files) else 0
    return [
        FileEntry(
            index=place if file.index is None else file.index,
            path=file.name[cut:],
            size=max(0, file.size),
            progress=percent(file.progress, 1),
            priority=read_priority(file.priority),
        )
        for place, file in enumerate(files)
    ]


def read_priority(priority: int) -> Literal[0, 1, 2]:
    """Map the daemon's 0 skip, 1 normal, 6 high, 7 highest (4 was normal in old versions)."""
    if priority <= 0:
        return 0
    return 2 if priority >= 6 else 1
