"""SCGI: bytes only. Source: rtorrent 2."""

from amutorrent import ProtocolError

MAX_HEAD = 8192


def request(body: bytes, content_type: str) -> bytes:
    """Frame a request. The daemon wants `CONTENT_LENGTH` first."""
    head = b"CONTENT_LENGTH\0%d\0SCGI\x001\0CONTENT_TYPE\0%s\0REQUEST_METHOD\0POST\0" % (
        len(body),
        content_type.encode(),
    )
    return b"%d:%s,%s" % (len(head), head, body)


class Answer:
    """An answer as it comes in. Feed it until `whole`, or until the daemon closes the connection; then take `body`."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._head = b""
        self._length: int | None = None
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet."""
        return not self._head and self._length is None

    @property
    def whole(self) -> bool:
        """Whether all announced bytes are there."""
        return self._length is not None and self._size >= self._length

    def feed(self, data: bytes) -> None:
        """Take some bytes. Raises `ProtocolError` if this is no SCGI answer, or too large a one."""
        if self._length is None:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                if len(head) > MAX_HEAD or not b"Status: ".startswith(head[:8]):
                    raise ProtocolError("Something else than rTorrent's SCGI answers here", data=head[:16])
                return
            self._length = self._announced(head)
        self._pieces.append(data)
        self._size += len(data)

    def body(self) -> bytes:
        """Give the body. Raises `ProtocolError` unless it has the announced length."""
        if not self.whole or self._size != self._length:
            raise ProtocolError(f"rTorrent's answer was cut off: {self._size} of {self._length} bytes came")
        return b"".join(self._pieces)

    def _announced(self, head: bytes) -> int:
        status, *fields = head.split(b"\r\n")
        if not status.startswith(b"Status: 200"):
            raise ProtocolError("Something else than rTorrent's SCGI answers here", data=head[:16])
        named = {name.strip().lower(): value.strip() for name, _, value in (each.partition(b":") for each in fields)}
        length = named.get(b"content-length", b"")
        if not length.isdigit() or len(length) > 12 or int(length) > self._largest:
            raise ProtocolError(f"rTorrent announces an answer of {length[:20].decode('latin-1')!r} bytes")
        return int(length)
