"""Frozen structs that are the wire: a field is called in Python what it is called there, in snake case."""

from .category import DEFAULT, GREY, Category, ClientCategory
from .detail import FileComment, FileEntry, Peer, PeerRole, Pieces, Raw, Segments, TrackerState
from .history import DownloadTimes
from .instance import (
    InstanceEntry,
    InstanceInfo,
    InstanceState,
    Light,
    Limits,
    NetworkStatus,
    Speeds,
)
from .item import (
    NO_SOURCES,
    Bytes,
    Count,
    Hash,
    Item,
    MoveStatus,
    Percent,
    PriorityLevel,
    Sources,
    Status,
    WireItem,
    percent,
)
from .naming import camel
from .plugin import PluginInfo, PluginState, Provides

__all__ = [
    "DEFAULT",
    "GREY",
    "NO_SOURCES",
    "Bytes",
    "Category",
    "ClientCategory",
    "Count",
    "DownloadTimes",
    "FileComment",
    "FileEntry",
    "Hash",
    "InstanceEntry",
    "InstanceInfo",
    "InstanceState",
    "Item",
    "Light",
    "Limits",
    "MoveStatus",
    "NetworkStatus",
    "Peer",
    "PeerRole",
    "Percent",
    "Pieces",
    "PluginInfo",
    "PluginState",
    "PriorityLevel",
    "Provides",
    "Raw",
    "Segments",
    "Sources",
    "Speeds",
    "Status",
    "TrackerState",
    "WireItem",
    "camel",
    "percent",
]
