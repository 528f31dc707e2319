"""What of the daemon's JSON is read: only the fields that are used, all of them optional. Source: qbittorrent 2, 3.

A struct with defaults is what we hold; its twin with every field UNSET, made by `partial`, is what an increment says.
"""

import re
from typing import Any, Final, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from amutorrent import ProtocolError

INFINITE_ETA: Final = 8_640_000

T = TypeVar("T")


class Torrent(Struct, gc=False):
    """One torrent of `sync/maindata`. Sizes are bytes, -1 unknown; `progress` 0-1; times are seconds."""

    name: str = ""
    state: str = ""
    size: int = 0
    total_size: int = 0
    completed: int = 0
    amount_left: int = -1
    dlspeed: int = 0
    upspeed: int = 0
    eta: int = INFINITE_ETA
    ratio: float = 0.0
    uploaded: int = 0
    uploaded_session: int = 0
    num_seeds: int = 0
    num_leechs: int = 0
    num_complete: int = 0
    num_incomplete: int = 0
    category: str = ""
    tags: str = ""
    tracker: str = ""
    trackers_count: int | None = None
    save_path: str = ""
    download_path: str = ""
    content_path: str = ""
    root_path: str | None = None
    added_on: int = 0
    magnet_uri: str = ""
    infohash_v1: str = ""
    force_start: bool = False
    seq_dl: bool = False
    super_seeding: bool = False
    auto_tmm: bool = False


class ServerState(Struct):
    """`server_state` of `sync/maindata`."""

    dl_info_speed: int = 0
    up_info_speed: int = 0
    alltime_dl: int | None = None
    alltime_ul: int | None = None
    connection_status: str = ""
    dl_rate_limit: int = 0
    up_rate_limit: int = 0
    use_alt_speed_limits: bool = False
    free_space_on_disk: int | None = None


def partial(whole: type[Struct]) -> type[Struct]:
    """Make the twin of a struct in which every field may be absent."""
    fields = [(field.name, field.type | UnsetType, UNSET) for field in msgspec.structs.fields(whole)]
    return msgspec.defstruct(f"Partial{whole.__name__}", fields, gc=False)


TorrentDelta: Final = partial(Torrent)
ServerStateDelta: Final = partial(ServerState)


def merge(held: Struct, delta: Struct) -> bool:
    """Write what an increment says into what we hold, and say if that changed anything."""
    changed = False
    for name in held.__struct_fields__:
        value = getattr(delta, name)
        if value is not UNSET and value != getattr(held, name):
            setattr(held, name, value)
            changed = True
    return changed


class Category(Struct):
    """One entry of `categories`. A download path: a folder, false or null for none, absent for the default."""

    name: str = ""
    savePath: str = ""  # noqa: N815  (spelled as on the wire)
    download_path: str | bool | UnsetType | None = UNSET


class Maindata(Struct):
    """An answer of `sync/maindata`. Torrents stay raw here, so that each is read, or refused, alone."""

    rid: int = 0
    full_update: bool = False
    torrents: dict[str, Raw] = {}
    torrents_removed: list[str] = []
    categories: dict[str, Category] = {}
    categories_removed: list[str] = []
    trackers: dict[str, list[str]] = {}
    trackers_removed: list[str] = []
    server_state: Raw = Raw()


class Row(Struct):
    """One torrent of `torrents/info`, as far as it says who it is."""

    hash: str
    infohash_v1: str = ""


class Preferences(Struct):
    """What of `app/preferences` is used; limits in bytes/s, 0 = none."""

    save_path: str = ""
    listen_port: int = 0
    dl_limit: int = 0
    up_limit: int = 0


class File(Struct):
    """One entry of `torrents/files`; `name` is the path from the save path."""

    name: str
    size: int = 0
    progress: float = 0.0
    priority: int = 1
    index: int | None = None


class Tracker(Struct):
    """One entry of `torrents/trackers`; -1 = unknown."""

    url: str
    status: int = 1
    msg: str = ""
    num_seeds: int = -1
    num_leeches: int = -1
    num_peers: int = -1


class Peer(Struct):
    """One peer of `sync/torrentPeers`; I2P peers have no address."""

    ip: str | None = None
    port: int | None = None
    client: str = ""
    flags: str = ""
    progress: float = 0.0
    dl_speed: int = 0
    up_speed: int = 0
    downloaded: int = 0
    uploaded: int = 0


class PeerList(Struct):
    """An answer of `sync/torrentPeers`."""

    peers: dict[str, Peer] = {}


class Properties(Struct):
    """What of `torrents/properties` is used."""

    piece_size: int = -1


class LogLine(Struct):
    """One entry of `log/main`; `type` 1 normal, 2 info, 4 warning, 8 critical."""

    id: int
    message: str = ""
    timestamp: int = 0
    type: int = 1


RawFields = dict[str, Any]  # Any: the daemon's own fields, shown to people as they are


def read(body: bytes | Raw, kind: type[T], what: str) -> T:
    """Decode an answer. Raises `ProtocolError`, which names `what` was asked, if it is not of this kind."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        first = error
    try:
        if not isinstance(first, msgspec.ValidationError):  # bad text can be mended, a wrong type cannot
            return msgspec.json.decode(mended(bytes(body)), type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        first = error
    raise ProtocolError(f"{what}: not the answer of a qBittorrent ({first})", data=bytes(body)[:16]) from first


_ESCAPE = re.compile(
    rb"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def mended(body: bytes) -> bytes:
    """Replace what is no UTF-8, and surrogates that stand alone, by U+FFFD."""
    text = body.decode("utf-8", "replace").encode()
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["lone"] else match[0], text)
