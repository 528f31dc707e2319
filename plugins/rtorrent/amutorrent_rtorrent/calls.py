"""What is said to the daemon, whatever the encoding: calls, their values, and faults. Source: rtorrent 3."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from amutorrent import ClientFailed

Value = Any  # str, int, list or dict of the same; Any: what a method answers is checked where it is used
Param = str | int | bytes

NOT_DEFINED = frozenset({-506, -32601})
NO_SUCH_TARGET = -501


@dataclass(frozen=True)
class Call:
    """One call. Every parameter travels as a value of its own, which the daemon takes literally.

    `table`: the answer is a list of many rows, which are given as they came, for most are the same as before.
    """

    method: str
    params: tuple[Param, ...] = ()
    table: bool = False


def call(method: str, *params: Param) -> Call:
    """Make a call; the first parameter is its target (a hash, or "")."""
    return Call(method, params)


class Fault(ClientFailed):
    """The daemon answered a call with a fault. `number` is its code; the message is its own text."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__(f"rTorrent declined: {' '.join(text.split())[:200] or 'it does not say why'} ({number})")
        self.number = number
        self.text = text

    @property
    def not_defined(self) -> bool:
        """Whether there is no such method."""
        return self.number in NOT_DEFINED

    @property
    def no_such_item(self) -> bool:
        """Whether there is no such torrent."""
        return "info-hash" in self.text


Answer = Value | Fault


class Codec(Protocol):
    """One of the encodings. Neither method does I/O; `decode` may run in a worker thread, and yields there."""

    content_type: str

    def encode(self, calls: Sequence[Call]) -> bytes:
        """Write one request. Raises `InvalidRequest` for text that cannot travel."""

    def decode(self, body: bytes, calls: Sequence[Call]) -> list[Answer]:
        """Read an answer for each call; that of a table is a list of rows which `row` reads.

        Raises `Fault` if the daemon refused the whole, `ProtocolError` for noise.
        """

    def row(self, row: bytes) -> list[Value]:
        """Read one row of a table. Raises `ProtocolError` for noise."""
