"""Packets and their bytes. Pure. Source: amule-ec 1 and 2."""

import struct
import zlib
from collections.abc import Callable, Container, Iterator
from typing import Final

from msgspec import Struct

from amutorrent import ProtocolError

from .tags import SIZES, Tag

ZLIB: Final = 0x01
UTF8_NUMBERS: Final = 0x02
LARGE_TAG_COUNT: Final = 0x10
ALWAYS: Final = 0x20
HEADER: Final = 8
MAX_PAYLOAD: Final = 64 << 20
MAX_INFLATED: Final = 256 << 20
MAX_DEPTH: Final = 32

MOST_EXTRA: Final = 5
"""Bytes that may follow the first one of a number in UTF-8 form."""

_EXTRA: Final = tuple(0 if first < 0x80 else min(8 - (~first & 0xFF).bit_length() - 1, 6) or 6 for first in range(256))
"""How many follow, by the first byte; 6 where none starts so."""
_head = struct.Struct(">II")
_tag_head = struct.Struct(">HBI")
_count = struct.Struct(">H")
_large_count = struct.Struct(">I")


class Packet(Struct, frozen=True):
    """One request or answer."""

    opcode: int
    tags: tuple[Tag, ...] = ()


class Frame(Struct, frozen=True):
    """A packet that came whole: its flags, and its payload with zlib undone."""

    flags: int
    payload: bytes

    @property
    def opcode(self) -> int:
        """What it answers."""
        return Reader(self).opcode

    def packet(self) -> Packet:
        """Decode all of it. Raises `ProtocolError`."""
        reader = Reader(self)
        return Packet(reader.opcode, tuple(tag for _, tag in reader.tags()))


def read_header(data: bytes) -> tuple[int, int]:
    """Read the 8 bytes before a payload: its flags and length. Raises `ProtocolError` if no daemon sends such."""
    flags, length = _head.unpack(data)
    if not flags & ALWAYS or flags & ~(ZLIB | UTF8_NUMBERS | LARGE_TAG_COUNT | ALWAYS):
        raise ProtocolError(f"This is not External Connections: a packet has the flags 0x{flags:08X}", data=data)
    if not 2 <= length <= MAX_PAYLOAD:
        raise ProtocolError(f"A packet of {length} bytes is announced", data=data, offset=4)
    return flags, length


def inflate(flags: int, payload: bytes) -> Frame:
    """Undo zlib where the flags say so. Raises `ProtocolError`."""
    if not flags & ZLIB:
        return Frame(flags, payload)
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(payload, MAX_INFLATED)
    except zlib.error as error:
        raise ProtocolError(f"A packed answer is broken ({error})", data=payload) from error
    if not stream.eof or stream.unused_data:
        raise ProtocolError("A packed answer does not end where it should", data=payload)
    return Frame(flags, plain)


def decode(data: bytes) -> Packet:
    """Decode the bytes of one packet, header included. Raises `ProtocolError` for whatever is not exactly one."""
    if len(data) < HEADER:
        raise ProtocolError(f"A packet has {len(data)} bytes only", data=data)
    flags, length = read_header(data[:HEADER])
    if length != len(data) - HEADER:
        raise ProtocolError(f"A packet of {length} bytes has {len(data) - HEADER}", data=data, offset=4)
    return inflate(flags, data[HEADER:]).packet()


class Reader:
    """Walks over the tags of a frame, so that a large one need not be held as a whole."""

    def __init__(self, frame: Frame) -> None:
        self._data = frame.payload
        self._at = 1
        self._large = bool(frame.flags & LARGE_TAG_COUNT)
        # the two never combine: what is packed has numbers of fixed width
        self._utf8 = bool(frame.flags & UTF8_NUMBERS) and not frame.flags & ZLIB
        if not self._data:
            raise ProtocolError("An empty packet")
        self.opcode = self._data[0]

    def tags(self, containers: Container[int] = ()) -> Iterator[tuple[int, Tag]]:
        """Give the tags one by one, each with 0; those within one of `containers` singly, each with its name.

        Raises `ProtocolError` where the bytes are wrong, also when some remain at the end.
        """
        data, end = self._data, len(self._data)
        for _ in range(self._read_count()):
            name, kind, length = self._read_head()
            stop = self._at + length
            if not name & 1 and stop <= end and SIZES.get(kind, length) == length:
                # most of a later answer: files of which nothing changed
                self._at, start = stop, self._at
                yield 0, Tag(name >> 1, kind, data[start:stop])
            elif name & 1 and name >> 1 in containers:
                for _ in range(self._read_count()):
                    child = self._read_tag(1)
                    length -= logical_size(child)
                    yield name >> 1, child
                self._read_data(name >> 1, kind, length)
            else:
                yield 0, self._finish_tag(name, kind, length, 0)
        if self._at != len(self._data):
            raise self._wrong(f"{len(self._data) - self._at} bytes are left over")

    def _read_tag(self, depth: int) -> Tag:
        name, kind, length = self._read_head()
        return self._finish_tag(name, kind, length, depth)

    def _finish_tag(self, name: int, kind: int, length: int, depth: int) -> Tag:
        if not name & 1:
            return Tag(name >> 1, kind, self._read_data(name >> 1, kind, length))
        if depth >= MAX_DEPTH:
            raise self._wrong(f"tags lie more than {MAX_DEPTH} deep in each other")
        children, size = self._read_children(self._read_count(), depth + 1)
        return Tag(name >> 1, kind, self._read_data(name >> 1, kind, length - size), children)

    def _read_children(self, count: int, depth: int) -> tuple[tuple[Tag, ...], int]:
        """Read so many tags, and give the bytes that they count for. A large answer is spent here: hence one loop."""
        children, size, data, end = [], 0, self._data, len(self._data)
        for _ in range(count):
            if self._utf8 or self._at + 7 > end:
                name, kind, length = self._read_head()
            else:
                name, kind, length = _tag_head.unpack_from(data, self._at)
                self._at += 7
            stop = self._at + length
            if name & 1 or stop > end or SIZES.get(kind, length) != length:
                child = self._finish_tag(name, kind, length, depth)
                size += logical_size(child)
            else:
                child = Tag(name >> 1, kind, data[self._at : stop])
                self._at = stop
                size += 7 + length
            children.append(child)
        return tuple(children), size

    def _read_head(self) -> tuple[int, int, int]:
        if self._utf8:
            return self._read_utf8(0xFFFF), self._read_utf8(0xFF), self._read_utf8(0xFFFFFFFF)
        try:
            head = _tag_head.unpack_from(self._data, self._at)
        except struct.error:
            raise self._wrong("it ends within a tag") from None
        self._at += 7
        return head

    def _read_count(self) -> int:
        count = self._read_utf8(0xFFFF) if self._utf8 else self._unpack(_count)
        return self._unpack(_large_count) if self._large and count == 0xFFFF else count

    def _unpack(self, form: struct.Struct) -> int:
        try:
            (value,) = form.unpack_from(self._data, self._at)
        except struct.error:
            raise self._wrong("it ends within a number") from None
        self._at += form.size
        return int(value)

    def _read_data(self, name: int, kind: int, length: int) -> bytes:
        start, end = self._at, self._at + length
        if length < 0 or end > len(self._data):
            raise self._wrong(f"tag 0x{name:04X} has an impossible length")
        if SIZES.get(kind, length) != length:
            raise self._wrong(f"tag 0x{name:04X} has {length} bytes, which its type {kind} does not allow")
        self._at = end
        return self._data[start:end]

    def _read_utf8(self, largest: int) -> int:
        """Read a number written as a code point of the old UTF-8 is, up to 31 bits. Python's own codec refuses some."""
        start = self._at
        if start >= len(self._data):
            raise self._wrong("it ends within a number")
        value = self._data[start]
        extra = _EXTRA[value]
        if extra > MOST_EXTRA or start + extra >= len(self._data):
            raise self._wrong("a number is written wrongly")
        if extra:
            value &= 0x3F >> extra
            for byte in self._data[start + 1 : start + 1 + extra]:
                value = value << 6 | byte & 0x3F
        if value > largest:
            raise self._wrong("a number is too large")
        self._at = start + 1 + extra
        return value

    def _wrong(self, text: str) -> ProtocolError:
        return ProtocolError(f"An answer is broken: {text}", data=self._data, offset=self._at)


def logical_size(tag: Tag) -> int:
    """Give the bytes that a tag counts for in the length of the one around it, however its numbers are written."""
    size = 7 + len(tag.data)
    if tag.children:
        size += 2 + sum(map(logical_size, tag.children))
    return size


def encode(packet: Packet, flags: int = ALWAYS) -> bytes:
    """Encode a packet, header included; the flags say how: any of `ZLIB` and `UTF8_NUMBERS` beside `ALWAYS`."""
    number = _utf8_number if flags & UTF8_NUMBERS and not flags & ZLIB else _fixed_number
    payload = b"".join([bytes([packet.opcode]), number(len(packet.tags), 2), *_encoded(packet.tags, number)])
    if flags & ZLIB:
        payload = zlib.compress(payload)
    return _head.pack(flags, len(payload)) + payload


def _encoded(tags: tuple[Tag, ...], number: Callable[[int, int], bytes]) -> Iterator[bytes]:
    for tag in tags:
        length = logical_size(tag) - (9 if tag.children else 7)
        yield number(tag.name << 1 | bool(tag.children), 2) + number(tag.type, 1) + number(length, 4)
        if tag.children:
            yield number(len(tag.children), 2)
            yield from _encoded(tag.children, number)
        yield tag.data


def _fixed_number(value: int, width: int) -> bytes:
    return value.to_bytes(width, "big")


def _utf8_number(value: int, width: int) -> bytes:
    if value < 0x80:
        return bytes([value])
    extra = next(n for n in range(1, MOST_EXTRA + 1) if value < 1 << 5 * n + 6)
    first = 0xFF << 7 - extra & 0xFF | value >> 6 * extra
    return bytes([first, *(0x80 | value >> 6 * n & 0x3F for n in reversed(range(extra)))])
