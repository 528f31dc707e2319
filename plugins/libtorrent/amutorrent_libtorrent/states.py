"""The table of libtorrent's states. Source: torrent_status::state_t of libtorrent 2.1."""

from typing import Final

import libtorrent as lt

from amutorrent import Status

from .torrents import Torrent

STATES: Final = lt.torrent_status.states
STATUS: Final[dict[int, Status]] = {
    STATES.queued_for_checking: "hashing-queued",
    STATES.checking_files: "checking",
    STATES.checking_resume_data: "checking",
    STATES.downloading_metadata: "active",
    STATES.downloading: "active",
    STATES.allocating: "active",
    STATES.finished: "seeding",
    STATES.seeding: "seeding",
}
"""State of a torrent that runs -> status. One that is held, fails or is moved shows that instead."""


def status_of(torrent: Torrent) -> Status:
    """Give the status of a torrent."""
    status = torrent.status
    if status is None:
        return "checking"
    if torrent.failed is not None:
        return "error"
    if status.moving_storage:
        return "moving"
    if status.flags & lt.torrent_flags.paused:
        return "stopped"
    return STATUS.get(status.state, "active")
