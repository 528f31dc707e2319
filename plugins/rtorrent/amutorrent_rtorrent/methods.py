"""Which methods a daemon has, and what each capability needs of them. Source: rtorrent 4, 5, 8."""

from collections.abc import Collection
from typing import Final

from amutorrent import (
    AddMagnet,
    AddTorrentFile,
    Capability,
    CustomSavePath,
    FilePriority,
    Files,
    MoveActiveDownloads,
    MovedByHost,
    Pause,
    Peers,
    PieceMap,
    Priority,
    Reannounce,
    Recheck,
    Remove,
    RemoveWithFiles,
    Rename,
    SetCategory,
    SpeedLimits,
    Stop,
    Trackers,
)

TABLE: Final = ("d.multicall2", "d.multicall")
"""The names of the call that lists all torrents: newer versions have both, 0.9.x another call under the second."""

STATE: Final = ("d.state", "d.is_open", "d.is_active", "d.hashing")
START: Final = ("d.start", "d.open", "d.resume", *STATE)
PLACE: Final = ("d.directory", "d.is_multi_file", "d.is_meta", "d.stop", "d.close", "f.multicall")

NEEDS: Final[dict[type[Capability], tuple[str, ...]]] = {
    Pause: ("d.pause", "d.stop", *START),
    Stop: ("d.stop", "d.close", *START),
    Remove: ("d.erase",),
    RemoveWithFiles: ("d.erase", *PLACE),
    Rename: ("d.custom", "d.custom.set"),
    Priority: ("d.priority", "d.priority.set"),
    Recheck: ("d.check_hash",),
    Reannounce: ("d.tracker_announce",),
    SetCategory: ("d.custom1", "d.custom1.set"),
    MovedByHost: ("d.directory.set", *PLACE, *START),
    MoveActiveDownloads: ("d.directory.set", *PLACE, *START),
    CustomSavePath: ("d.directory.set",),
    AddMagnet: ("load.normal", "d.start"),
    AddTorrentFile: ("load.raw", "d.start"),
    SpeedLimits: tuple(f"throttle.global_{way}.max_rate{action}" for way in ("down", "up") for action in ("", ".set")),
    Trackers: ("t.multicall", "t.url"),
    Peers: ("p.multicall", "p.address", "p.port"),
    PieceMap: ("d.bitfield", "d.size_chunks", "d.chunk_size"),
    Files: ("f.multicall", "f.path", "f.size_bytes"),
    FilePriority: ("f.priority.set", "d.update_priorities", "d.size_files"),
}
"""Capability -> all methods without which it does not work."""

OPTIONAL: Final = (
    "d.custom.set",
    "d.free_diskspace",
    "d.tied_to_file.set",
    "directory.default",
    "execute.throw",
    "load.normal",
    "load.start",
    "network.listen.port",
    "network.port_open",
    "session.path",
    "system.pid",
    "system.startup_time",
    "throttle.global_down.total",
    "throttle.global_up.total",
    *(f"f.{name}" for name in ("completed_chunks", "path_components", "priority", "size_chunks")),
    *(
        f"t.{name}"
        for name in (
            "failed_counter", "failed_time_last", "is_busy", "is_enabled", "scrape_complete", "scrape_incomplete",
            "success_counter", "success_time_last", "type",
        )
    ),
    *(
        f"p.{name}"
        for name in (
            "client_version", "completed_percent", "down_rate", "down_total", "is_encrypted", "is_incoming",
            "is_obfuscated", "is_snubbed", "up_rate", "up_total",
        )
    ),
)  # fmt: skip


def missing(methods: Collection[str]) -> frozenset[type[Capability]]:
    """Give the capabilities that a daemon with these methods lacks."""
    return frozenset(kind for kind, needed in NEEDS.items() if not methods_hold(methods, needed))


def methods_hold(methods: Collection[str], needed: Collection[str]) -> bool:
    """Say if all of these are there."""
    return all(each in methods for each in needed)
