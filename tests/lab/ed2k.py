"""A local ED2K network: a server of our own making, a real amuled that shares and one that downloads.

aMule refuses 127.0.0.0/8 as the address of a server or a peer. So the server is added by host name, and gives the
sharing peer a low ID (which is no address), the downloading one a high ID. Source: ed2k-test-network.
"""

import itertools
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LOCAL_ID = 0x0100007F
FLAGS = 0x119
LOGIN, OFFER, SEARCH, SOURCES, CALLBACK = 0x01, 0x15, 0x16, 0x19, 0x1C
MESSAGE, STATUS, ID_CHANGE, IDENT, RESULT, FOUND, CALLED = 0x38, 0x34, 0x40, 0x41, 0x33, 0x42, 0x35
NAME, SIZE, SIZE_HIGH, TYPE, SOURCE_COUNT, COMPLETE_SOURCES, DESCRIPTION = 0x01, 0x02, 0x3A, 0x03, 0x15, 0x30, 0x0B
PUSH_S = 10
PACKED, PLAIN = 0xD4, 0xE3
OPERATORS: dict[int, Callable[[int, int], bool]] = {
    0: int.__eq__, 1: int.__gt__, 2: int.__lt__, 3: int.__ge__, 4: int.__le__, 5: int.__ne__,
}  # fmt: skip
TYPES = {"mp3": "Audio", "avi": "Video", "mkv": "Video", "jpg": "Image", "txt": "Doc", "exe": "Pro"}


class Stalled(AssertionError):
    """A transfer stopped moving, as it may with 2.3.3."""


@dataclass
class Listed:
    """A file of the index."""

    hash: bytes
    name: str
    size: int
    owner: str

    def fields(self) -> dict[str, object]:
        """What a search may ask for."""
        ending = self.name.rpartition(".")[2].lower()
        return {"\x01": self.name, "\x02": self.size, "\x03": TYPES.get(ending, ""), "\x04": ending, "\x15": 1}


@dataclass(eq=False)
class Client:
    """A peer that is logged in."""

    connection: socket.socket
    nick: str = ""
    id: int = 0
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, *packets: bytes) -> None:
        """Send packets in one write: separate ones may be missed by 2.3.3."""
        with suppress(OSError), self.lock:
            self.connection.sendall(b"".join(packets))


class Ed2kServer:
    """A server on 127.0.0.1: logs in, indexes, searches, tells sources, and passes callbacks on."""

    def __init__(self, port: int, high: str) -> None:
        self.port, self.high = port, high
        self.index: dict[bytes, Listed] = {}
        self.searches: list[str] = []
        self.clients: list[Client] = []
        self.delay_s = 0.0
        """Answers to searches wait so long."""
        self._low_ids = itertools.count(100)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._udp = socket.socket(type=socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", port + 4))
        self._ended = threading.Event()
        for work in (self._accept, self._answer_udp, self._push):
            threading.Thread(target=work, daemon=True).start()

    def list(self, hash: str, name: str, size: int, owner: str) -> None:
        """Put a file into the index beforehand: peers offer theirs only after a minute."""
        self.index[bytes.fromhex(hash)] = Listed(bytes.fromhex(hash), name, size, owner)

    def close(self) -> None:
        """End it and its connections."""
        self._ended.set()
        for each in (self._listener, self._udp, *(client.connection for client in list(self.clients))):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(Client(connection),), daemon=True).start()

    def _answer_udp(self) -> None:
        with suppress(OSError):
            while True:
                data, sender = self._udp.recvfrom(2048)
                if data[:2] == b"\xe3\x96":
                    self._udp.sendto(b"\xe3\x97" + data[2:6] + struct.pack("<II", 2, len(self.index)), sender)

    def _push(self) -> None:
        """Tell sources unasked: a peer asks for those of a link at most every five minutes."""
        while not self._ended.wait(PUSH_S):
            for client in list(self.clients):
                if client.nick == self.high:
                    client.send(*(found for listed in list(self.index.values()) if (found := self._found(listed))))

    def _serve(self, client: Client) -> None:
        with suppress(OSError, struct.error, IndexError), client.connection, client.connection.makefile("rb") as stream:
            while header := stream.read(6):
                protocol, length, opcode = struct.unpack("<BIB", header)
                payload = stream.read(length - 1)
                self._handle(client, opcode, zlib.decompress(payload) if protocol == PACKED else payload)
        with suppress(ValueError):
            self.clients.remove(client)

    def _handle(self, client: Client, opcode: int, payload: bytes) -> None:
        if opcode == LOGIN:
            self._log_in(client, payload)
        elif opcode == OFFER:
            self._take_offer(client, payload)
        elif opcode == SEARCH:
            self._search(client, payload)
        elif opcode == SOURCES:
            listed = self.index.get(payload[:16])
            if listed is not None and (found := self._found(listed)):
                client.send(found)
        elif opcode == CALLBACK:
            (wanted,) = struct.unpack("<I", payload[:4])
            for other in self.clients:
                if other.id == wanted:
                    other.send(frame(CALLED, struct.pack("<IH", LOCAL_ID, client.port)))

    def _log_in(self, client: Client, payload: bytes) -> None:
        client.port = struct.unpack_from("<H", payload, 20)[0]
        client.nick = str(read_tags(payload, 22)[0].get(NAME, ""))
        client.id = LOCAL_ID if client.nick == self.high else next(self._low_ids)
        self.clients.append(client)
        time.sleep(0.2)
        words = b"server version 17.15 (test)\nWelcome to the test network"
        ident = bytes(16) + struct.pack("<IHI", LOCAL_ID, self.port, 2)
        client.send(
            frame(MESSAGE, struct.pack("<H", len(words)) + words),
            frame(ID_CHANGE, struct.pack("<IIIII", client.id, FLAGS, self.port, LOCAL_ID, 0)),
            frame(STATUS, struct.pack("<II", len(self.clients), len(self.index))),
            frame(IDENT, ident + string_tag(NAME, "TestServer") + string_tag(DESCRIPTION, "A local test server")),
        )

    def _take_offer(self, client: Client, payload: bytes) -> None:
        (count,) = struct.unpack_from("<I", payload)
        at = 4
        for _ in range(count):
            hash = payload[at : at + 16]
            marker = struct.unpack_from("<I", payload, at + 16)[0]
            tags, at = read_tags(payload, at + 22)
            size = int(tags.get(SIZE, 0)) | int(tags.get(SIZE_HIGH, 0)) << 32
            if marker != 0xFCFCFCFC:
                self.index.setdefault(hash, Listed(hash, str(tags.get(NAME, "")), size, client.nick))

    def _search(self, client: Client, payload: bytes) -> None:
        matches, _ = read_expression(payload, 0)
        self.searches.append(payload.hex())
        hits = [listed for listed in self.index.values() if matches(listed.fields())]
        time.sleep(self.delay_s)
        body = struct.pack("<I", len(hits))
        for listed in hits:
            id, port = self._source(listed) or (0, 0)
            tags = [string_tag(NAME, listed.name), u32_tag(SIZE, listed.size & 0xFFFFFFFF)]
            if listed.size >> 32:
                tags.append(u32_tag(SIZE_HIGH, listed.size >> 32))
            tags += [u32_tag(SOURCE_COUNT, 1), u32_tag(COMPLETE_SOURCES, 1)]
            body += listed.hash + struct.pack("<IHI", id, port, len(tags)) + b"".join(tags)
        client.send(frame(RESULT, body + b"\0"))

    def _source(self, listed: Listed) -> tuple[int, int] | None:
        return next(((each.id, each.port) for each in self.clients if each.nick == listed.owner), None)

    def _found(self, listed: Listed) -> bytes:
        source = self._source(listed)
        return frame(FOUND, listed.hash + b"\x01" + struct.pack("<IH", *source)) if source else b""


def frame(opcode: int, payload: bytes = b"") -> bytes:
    """Write a packet."""
    return struct.pack("<BIB", PLAIN, len(payload) + 1, opcode) + payload


def string_tag(name: int, value: str) -> bytes:
    """Write a tag of a text."""
    raw = value.encode()
    return b"\x02\x01\x00" + bytes([name]) + struct.pack("<H", len(raw)) + raw


def u32_tag(name: int, value: int) -> bytes:
    """Write a tag of a number."""
    return b"\x03\x01\x00" + bytes([name]) + struct.pack("<I", value)


def read_tags(data: bytes, at: int) -> tuple[dict[int, str | int], int]:
    """Read a count and so many tags; gives them by name, and the place behind them."""
    (count,) = struct.unpack_from("<I", data, at)
    at += 4
    tags: dict[int, str | int] = {}
    for _ in range(count):
        kind = data[at]
        if kind & 0x80:
            kind, name, at = kind & 0x7F, data[at + 1], at + 2
        else:
            (length,) = struct.unpack_from("<H", data, at + 1)
            name, at = data[at + 3], at + 3 + length
        tags[name], at = read_value(data, at, kind)
    return tags, at


def read_value(data: bytes, at: int, kind: int) -> tuple[str | int, int]:
    """Read a value of a type of ED2K; gives it and the place behind it."""
    if 0x11 <= kind <= 0x26:
        return data[at : at + kind - 0x10].decode("utf-8", "replace"), at + kind - 0x10
    if kind == 0x02:
        return read_string(data, at)
    form = {0x03: "<I", 0x04: "<I", 0x08: "<H", 0x09: "<B", 0x0B: "<Q"}[kind]
    return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)


def read_string(data: bytes, at: int) -> tuple[str, int]:
    """Read a length and a text."""
    (length,) = struct.unpack_from("<H", data, at)
    return data[at + 2 : at + 2 + length].decode("utf-8", "replace"), at + 2 + length


Matcher = Callable[[dict[str, object]], bool]


def read_expression(data: bytes, at: int) -> tuple[Matcher, int]:
    """Read what a search is for; gives a test of a file's fields, and the place behind it."""
    kind = data[at]
    if kind == 0:
        operator = data[at + 1]
        left, at = read_expression(data, at + 2)
        right, at = read_expression(data, at)
        if operator == 0:
            return lambda fields: left(fields) and right(fields), at
        if operator == 1:
            return lambda fields: left(fields) or right(fields), at
        return lambda fields: left(fields) and not right(fields), at
    if kind == 1:
        text, at = read_string(data, at + 1)
        words = text.lower().split()
        return lambda fields: all(word in str(fields["\x01"]).lower() for word in words), at
    if kind == 2:
        value, at = read_string(data, at + 1)
        name, at = read_string(data, at)
        return lambda fields: fields.get(name) == value, at
    limit, at = struct.unpack_from("<I" if kind == 3 else "<Q", data, at + 1)[0], at + (5 if kind == 3 else 9)
    compare = OPERATORS[data[at]]
    name, at = read_string(data, at + 1)
    return lambda fields: compare(int(str(fields.get(name, 0))), limit), at


@contextmanager
def server(port: int, high: str) -> Iterator[Ed2kServer]:
    """Run a server until the context ends; `high` is the nick that gets a high ID."""
    running = Ed2kServer(port, high)
    try:
        yield running
    finally:
        running.close()
