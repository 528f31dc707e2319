"""Tags: the values that packets are made of. Source: amule-ec 2."""

import math
import socket
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from msgspec import Struct

from amutorrent import ProtocolError


class Type(IntEnum):
    """How the data of a tag is written. Other numbers may come; their data is kept as it is."""

    CUSTOM = 1
    UINT8 = 2
    UINT16 = 3
    UINT32 = 4
    UINT64 = 5
    STRING = 6
    DOUBLE = 7
    IPV4 = 8
    HASH16 = 9
    UINT128 = 10


SIZES: Final[dict[int, int]] = {
    Type.UINT8: 1, Type.UINT16: 2, Type.UINT32: 4, Type.UINT64: 8, Type.IPV4: 6, Type.HASH16: 16, Type.UINT128: 16,
}  # fmt: skip
"""Bytes of data of the types that always have the same."""

INTEGERS: Final = frozenset({Type.UINT8, Type.UINT16, Type.UINT32, Type.UINT64, Type.UINT128})
LARGEST: Final = 2**63 - 1


class Tag(Struct, frozen=True, gc=False):
    """One tag: its number, the type of its data, the data as it travels, and the tags within it.

    Data is converted when it is read: `number`, `text`, `hash`, `address`, `real`. Each raises `ProtocolError`
    where the tag holds something else.
    """

    name: int
    type: int = Type.CUSTOM
    data: bytes = b""
    children: tuple["Tag", ...] = ()

    @property
    def number(self) -> int:
        """An integer of any width, cut to what the model can hold (2^63-1)."""
        if self.type not in INTEGERS:
            raise self._no("an integer")
        value = int.from_bytes(self.data, "big")
        return value if value <= LARGEST else LARGEST  # no call of `min`: a large answer has 400,000

    @property
    def text(self) -> str:
        """A text. Bytes that are no UTF-8 are replaced."""
        if self.type != Type.STRING:
            raise self._no("a text")
        return self.data.removesuffix(b"\0").decode("utf-8", "replace")

    @property
    def hash(self) -> str:
        """A hash of 32 hex digits."""
        if self.type != Type.HASH16:
            raise self._no("a hash")
        return self.data.hex()

    @property
    def real(self) -> float:
        """A number with a fraction; 0 where it is not finite."""
        if self.type in INTEGERS:
            return float(self.number)
        if self.type != Type.DOUBLE:
            raise self._no("a number")
        try:
            value = float(self.data.removesuffix(b"\0"))
        except ValueError:
            raise self._no("a number") from None
        return value if math.isfinite(value) else 0.0

    @property
    def address(self) -> tuple[str, int]:
        """An IPv4 address and a port."""
        if self.type != Type.IPV4:
            raise self._no("an address")
        return socket.inet_ntoa(self.data[:4]), int.from_bytes(self.data[4:], "big")

    def child(self, name: int) -> "Tag | None":
        """Find the first tag of that name within it."""
        return first(self.children, name)

    def _no(self, wanted: str) -> ProtocolError:
        return ProtocolError(f"Tag 0x{self.name:04X} of type {self.type} does not hold {wanted}", data=self.data)


def first(tags: Iterable[Tag], name: int) -> Tag | None:
    """Find the first tag of a name."""
    return next((tag for tag in tags if tag.name == name), None)


def uint(name: int, value: int, *children: Tag) -> Tag:
    """Make a tag of an integer, in the smallest width that fits it. Raises `OverflowError` beyond 64 bits."""
    for type in (Type.UINT8, Type.UINT16, Type.UINT32):
        if value < 1 << 8 * SIZES[type]:
            return Tag(name, type, value.to_bytes(SIZES[type], "big"), children)
    return Tag(name, Type.UINT64, value.to_bytes(8, "big"), children)


def text(name: int, value: str, *children: Tag) -> Tag:
    """Make a tag of a text. A NUL would end it, so it becomes a blank."""
    return Tag(name, Type.STRING, value.replace("\0", " ").encode("utf-8", "replace") + b"\0", children)


def hash16(name: int, value: str, *children: Tag) -> Tag:
    """Make a tag of a hash of 32 hex digits (the daemon hangs up on another length)."""
    data = bytes.fromhex(value)
    if len(data) != 16:
        raise ValueError(f"{value!r} is no hash of 32 hex digits")
    return Tag(name, Type.HASH16, data, children)


def ipv4(name: int, ip: str, port: int, *children: Tag) -> Tag:
    """Make a tag of an address. Raises `OSError` for what is no IPv4 address in figures."""
    return Tag(name, Type.IPV4, socket.inet_aton(ip) + port.to_bytes(2, "big"), children)


def marker(name: int, *children: Tag) -> Tag:
    """Make a tag without data of its own: a flag, or a container."""
    return Tag(name, children=children)


def dotted(number: int) -> str:
    """Write an address that travels as an integer, its first octet in the lowest byte."""
    return socket.inet_ntoa((number & 0xFFFFFFFF).to_bytes(4, "little"))
