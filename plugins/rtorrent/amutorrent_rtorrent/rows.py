"""The fields of a torrent that every poll asks for. Source: rtorrent 4."""

import re
from collections.abc import Collection, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from amutorrent import AuthRejected, ProtocolError

from .calls import Value
from .methods import TABLE

NAME_KEY: Final = "amt_name"
"""The custom key that holds the display name, percent-encoded."""
ADDED_KEY: Final = "addtime"
"""The custom key that holds when it was added, Unix seconds: other programs keep it there, too."""


HASH: Final = re.compile("[0-9A-Fa-f]{40}")


class Row(Struct, array_like=True, frozen=True, gc=False):
    """One torrent of the table. Sizes are bytes, times Unix seconds, 0 = never; flags are 0 and 1."""

    hash: str
    name: str
    size_bytes: int
    completed_bytes: int
    state: int
    is_open: int
    is_active: int
    complete: int
    hashing: int
    is_hash_checking: int = 0
    is_meta: int = 0
    is_multi_file: int = 0
    size_chunks: int = 0
    chunks_hashed: int = 0
    down_rate: int = 0
    up_rate: int = 0
    down_total: int = 0
    up_total: int = 0
    ratio: int = 0
    connection_current: str = ""
    message: str = ""
    priority: int = 2
    label: str = ""
    shown_name: str = ""
    added: str = ""
    directory: str = ""
    started: int = 0
    loaded: int = 0
    peers_connected: int = 0
    peers_complete: int = 0
    peers_not_connected: int = 0
    tracker_size: int = 0


_COMMANDS: Final = {
    "down_rate": "d.down.rate=",
    "up_rate": "d.up.rate=",
    "down_total": "d.down.total=",
    "up_total": "d.up.total=",
    "label": "d.custom1=",
    "shown_name": f"d.custom={NAME_KEY}",
    "added": f"d.custom={ADDED_KEY}",
    "started": "d.timestamp.started=",
    "loaded": "d.load_date=",
}
COMMANDS: Final = tuple(_COMMANDS.get(name, f"d.{name}=") for name in Row.__struct_fields__)
"""What is written into the call for each field of `Row`, in order."""
_REQUIRED: Final = len(COMMANDS) - len(Row.__struct_defaults__)


def method_of(command: str) -> str:
    """Give the method that a command of a table calls."""
    return command.partition("=")[0]


class Fields:
    """The fields that one daemon has. Raises `AuthRejected` where it lacks one that nothing works without."""

    def __init__(self, methods: Collection[str]) -> None:
        tables = [each for each in TABLE if each in methods]
        lacking = [each for each in COMMANDS[:_REQUIRED] if method_of(each) not in methods]
        if not tables or lacking:
            what = method_of(lacking[0]) if lacking else TABLE[0]
            raise AuthRejected(f"This rTorrent has no {what}; from 0.9.6 on it can be used")
        self.table = tables[0]
        self.held = [method_of(each) in methods for each in COMMANDS]
        self.commands = tuple(each for each, held in zip(COMMANDS, self.held, strict=True) if held)
        self._whole = all(self.held)

    def read(self, values: Value) -> Row:
        """Make a row of an answer. Raises `ProtocolError` if it is none."""
        try:
            if len(values) != len(self.commands):
                raise ProtocolError(f"A row of {len(values)} fields came, where {len(self.commands)} were asked for")
            row = msgspec.convert(values if self._whole else self._filled(values), Row)
        except (msgspec.ValidationError, TypeError) as error:
            raise ProtocolError(f"A row of rTorrent's list is broken ({error})") from error
        if HASH.fullmatch(row.hash) is None:
            raise ProtocolError(f"{row.hash[:60]!r} is no info-hash")
        return row

    def _filled(self, values: Sequence[Value]) -> list[Value]:
        given = iter(values)
        defaults = (None,) * _REQUIRED + Row.__struct_defaults__
        return [next(given) if held else default for held, default in zip(self.held, defaults, strict=True)]
