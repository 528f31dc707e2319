"""What many sockets heard, kept once per message, and the lists that it amounts to."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from amutorrent import camel
from amutorrent.replay import Replay

LARGE = 64 << 10
"""Bytes above which a message is kept deflated."""


class _Delta(Struct):
    seq: int | None = None


class _Data(Struct):
    seq: int | None = None
    delta: _Delta | None = None


class _Head(Struct, rename=camel):
    type: str
    session: str | None = None
    request_id: int | None = None


class _Update(Struct):
    data: _Data


class Message(Struct, frozen=True, eq=False):
    """One message of the server. `seq` is the revision that an update brings the list to."""

    type: str
    session: str | None
    request_id: int | None
    seq: int | None
    full: bool
    packed: bytes
    deflated: bool

    def decoded(self) -> dict[str, Any]:  # Any: JSON values
        """Give the JSON."""
        message: dict[str, Any] = msgspec.json.decode(zlib.decompress(self.packed) if self.deflated else self.packed)
        return message


class Library:
    """Every message once: sockets are sent the same ones, and a hundred copies of a long list are gigabytes."""

    def __init__(self) -> None:
        self._messages: dict[bytes, Message] = {}

    def message(self, text: str) -> Message:
        """Give the message of a text."""
        body = text.encode()
        key = hashlib.blake2b(body, digest_size=16).digest()
        if key not in self._messages:
            self._messages[key] = _message(body)
        return self._messages[key]


def last_part(heard: Sequence[Message], seq: int) -> tuple[Message, ...]:
    """Give what a list at a revision follows from: the last full form up to there, and all that came behind it."""
    updates = [each for each in heard if each.type in ("connected", "batch-update")]
    end = next((index for index, each in enumerate(updates) if each.seq == seq), -1) + 1
    start = max((index for index, each in enumerate(updates[:end]) if each.full), default=0)
    greeting = [each for each in updates[:start] if each.type == "connected"][-1:]
    return (*greeting, *updates[start:end])


def replayed(part: Sequence[Message], seq: int) -> Replay | None:
    """Replay what one socket heard; None if that does not come to the revision, or if a revision was missed."""
    replay = Replay()
    complete = all(replay.apply(each.decoded()) for each in part)
    return replay if complete and replay.seq == seq else None


def _message(body: bytes) -> Message:
    head = msgspec.json.decode(body, type=_Head)
    data = msgspec.json.decode(body, type=_Update).data if head.type == "batch-update" else _Data()
    seq = data.delta.seq if data.delta else data.seq
    large = len(body) > LARGE
    packed = zlib.compress(body, 1) if large else body
    return Message(head.type, head.session, head.request_id, seq, data.seq is not None, packed, large)
