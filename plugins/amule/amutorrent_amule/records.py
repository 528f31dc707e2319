"""What is kept of the daemon's files, peers and servers: plain values, and the tags that they come in.

Source: amule-ec 7.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from amutorrent import FileComment

from .codes import T
from .maps import apply_difference
from .tags import Tag


class File(Struct, gc=False):
    """A download (`part`) or a shared file. Sizes in bytes; `folder`: of a complete file, else its part file's name."""

    ecid: int
    part: bool
    hash: str = ""
    name: str = ""
    size: int = 0
    folder: str = ""
    link: str = ""
    aich: str = ""
    status: int = 0
    stopped: int = 0
    done: int = 0
    speed: int = 0
    category: int = 0
    priority: int = -1
    upload_priority: int = -1
    sources: int = 0
    sources_sending: int = 0
    sources_a4af: int = 0
    sources_not_current: int = 0
    complete_sources: int = 0
    uploaded_session: int = 0
    uploaded: int = 0
    accepted: int = 0
    accepted_total: int = 0
    last_seen_complete: int = 0
    shared: int = 0
    comment: str = ""
    rating: int = 0
    parts: bytes = b""
    gaps: bytes = b""
    requested: bytes = b""
    comments: tuple[FileComment, ...] = ()


class Peer(Struct, gc=False):
    """Another client. Speeds are bytes/s up and kB/s down; `upload_file` and `request_file` are ECIDs, 0 = none."""

    ecid: int
    hash: str = ""
    name: str = ""
    software: int = -1
    version: str = ""
    ip: int = 0
    port: int = 0
    origin: int = 0
    obfuscation: int = -1
    up_speed: int = 0
    down_speed: float = 0.0
    received: int = 0
    upload_session: int = 0
    upload_total: int = 0
    download_total: int = 0
    upload_state: int = -1
    download_state: int = -1
    queue_rank: int = 0
    upload_file: int = 0
    request_file: int = 0
    remote_name: str = ""
    file_name: str = ""
    available_parts: int = 0


class ServerRecord(Struct, gc=False):
    """A server of the list. `ip` has its first octet in the lowest byte."""

    ecid: int
    name: str = ""
    ip: int = 0
    port: int = 0
    ping: int = 0


Read = Callable[[Tag], Any]  # Any: text or number, as the field is declared


def _reader(name: str) -> Read:
    """Give what reads a property of a tag, without a step between: a large answer has 400,000 of them."""
    found: Read = vars(Tag)[name].fget
    return found


_number, _text, _hash, _real = map(_reader, ("number", "text", "hash", "real"))

Fields = Mapping[int, tuple[str, Read]]

FILE: Final[Fields] = {
    T.PARTFILE_HASH: ("hash", _hash),
    T.PARTFILE_NAME: ("name", _text),
    T.PARTFILE_SIZE_FULL: ("size", _number),
    T.KNOWNFILE_FILENAME: ("folder", _text),
    T.PARTFILE_ED2K_LINK: ("link", _text),
    T.KNOWNFILE_AICH_MASTERHASH: ("aich", _text),
    T.PARTFILE_STATUS: ("status", _number),
    T.PARTFILE_STOPPED: ("stopped", _number),
    T.PARTFILE_SIZE_DONE: ("done", _number),
    T.PARTFILE_SPEED: ("speed", _number),
    T.PARTFILE_CAT: ("category", _number),
    T.PARTFILE_PRIO: ("priority", _number),
    T.KNOWNFILE_PRIO: ("upload_priority", _number),
    T.PARTFILE_SOURCE_COUNT: ("sources", _number),
    T.PARTFILE_SOURCE_COUNT_XFER: ("sources_sending", _number),
    T.PARTFILE_SOURCE_COUNT_A4AF: ("sources_a4af", _number),
    T.PARTFILE_SOURCE_COUNT_NOT_CURRENT: ("sources_not_current", _number),
    T.KNOWNFILE_COMPLETE_SOURCES: ("complete_sources", _number),
    T.KNOWNFILE_XFERRED: ("uploaded_session", _number),
    T.KNOWNFILE_XFERRED_ALL: ("uploaded", _number),
    T.KNOWNFILE_ACCEPT_COUNT: ("accepted", _number),
    T.KNOWNFILE_ACCEPT_COUNT_ALL: ("accepted_total", _number),
    T.PARTFILE_LAST_SEEN_COMP: ("last_seen_complete", _number),
    T.PARTFILE_SHARED: ("shared", _number),
    T.KNOWNFILE_COMMENT: ("comment", _text),
    T.KNOWNFILE_RATING: ("rating", _number),
}

MAPS: Final[Mapping[int, str]] = {
    T.PARTFILE_PART_STATUS: "parts",
    T.PARTFILE_GAP_STATUS: "gaps",
    T.PARTFILE_REQ_STATUS: "requested",
}
"""Of these the difference to what was told before is sent."""

PEER: Final[Fields] = {
    T.CLIENT_HASH: ("hash", _hash),
    T.CLIENT_NAME: ("name", _text),
    T.CLIENT_SOFTWARE: ("software", _number),
    T.CLIENT_SOFT_VER_STR: ("version", _text),
    T.CLIENT_USER_IP: ("ip", _number),
    T.CLIENT_USER_PORT: ("port", _number),
    T.CLIENT_FROM: ("origin", _number),
    T.CLIENT_OBFUSCATION_STATUS: ("obfuscation", _number),
    T.CLIENT_UP_SPEED: ("up_speed", _number),
    T.CLIENT_DOWN_SPEED: ("down_speed", _real),
    T.PARTFILE_SIZE_XFER: ("received", _number),
    T.CLIENT_UPLOAD_SESSION: ("upload_session", _number),
    T.CLIENT_UPLOAD_TOTAL: ("upload_total", _number),
    T.CLIENT_DOWNLOAD_TOTAL: ("download_total", _number),
    T.CLIENT_UPLOAD_STATE: ("upload_state", _number),
    T.CLIENT_DOWNLOAD_STATE: ("download_state", _number),
    T.CLIENT_REMOTE_QUEUE_RANK: ("queue_rank", _number),
    T.CLIENT_UPLOAD_FILE: ("upload_file", _number),
    T.CLIENT_REQUEST_FILE: ("request_file", _number),
    T.CLIENT_REMOTE_FILENAME: ("remote_name", _text),
    T.PARTFILE_NAME: ("file_name", _text),
    T.CLIENT_AVAILABLE_PARTS: ("available_parts", _number),
}

SERVER: Final[Fields] = {
    T.SERVER_NAME: ("name", _text),
    T.SERVER_IP: ("ip", _number),
    T.SERVER_PORT: ("port", _number),
    T.SERVER_PING: ("ping", _number),
}


def merge(record: File | Peer | ServerRecord, tag: Tag, fields: Fields) -> bool:
    """Take over what a tag says of a record, and say if anything shown is different now. What is absent is as before.

    Unknown tags are passed over: newer daemons send more.
    """
    changed = False
    for child in tag.children:
        if (field := fields.get(child.name)) is not None:
            name, read = field
            value = read(child)
            if getattr(record, name) != value:
                setattr(record, name, value)
                changed = True
    return changed


def merge_file(file: File, tag: Tag) -> bool:
    """Do the same for a file, with its status maps and what others say of it."""
    changed = merge(file, tag, FILE)
    for child in tag.children:
        if child.name in MAPS:
            name = MAPS[child.name]
            setattr(file, name, apply_difference(getattr(file, name), child.data))
            changed |= name == "parts"
        elif child.name == T.PARTFILE_COMMENTS:
            file.comments = tuple(comments(child.children))
    return changed


def comments(tags: tuple[Tag, ...]) -> list[FileComment]:
    """Read what others say: four tags each, told apart by their place alone."""
    found = []
    for start in range(0, len(tags) - 3, 4):
        user, name, rating, words = tags[start : start + 4]
        found.append(
            FileComment(user_name=user.text, file_name=name.text, rating=min(rating.number, 5), comment=words.text)
        )
    return found
