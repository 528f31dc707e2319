"""One WebSocket text message for many sockets: framed once, deflated once."""

import struct
import zlib

import trio

BIG = 256 * 1024
"""Bytes above which a message is deflated in a thread: zlib lets the interpreter go, the loop does not stand still."""
WORTH_DEFLATING = 256

_TEXT, _TEXT_DEFLATED = 0x81, 0xC1


class Frame:
    """A text message. It may be given to any number of sockets; its wire forms are made once, when first needed."""

    __slots__ = ("_deflated", "_deflating", "_plain", "text")

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._plain: bytes | None = None
        self._deflated: bytes | None = None
        self._deflating: trio.Event | None = None

    def __len__(self) -> int:
        return len(self.text)

    async def prepare(self) -> None:
        """Deflate a big message off the loop; callers that come meanwhile wait for the one that began."""
        while len(self.text) > BIG and self._deflated is None:
            if self._deflating is not None:
                await self._deflating.wait()
                continue
            self._deflating = trio.Event()
            try:
                self._deflated = await trio.to_thread.run_sync(_deflate, self.text)
            finally:
                self._deflating.set()
                self._deflating = None

    def wire(self, deflate: bool) -> bytes:
        """Give the bytes for a socket that did, or did not, negotiate permessage-deflate without context takeover."""
        if deflate and len(self.text) > WORTH_DEFLATING:
            if self._deflated is None:
                self._deflated = _deflate(self.text)
            return self._deflated
        if self._plain is None:
            self._plain = _head(len(self.text), _TEXT) + self.text
        return self._plain


def _deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    body = packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)
    body = body[:-4]  # RFC 7692, 7.2.1: the tail of the sync flush is left out
    return _head(len(body), _TEXT_DEFLATED) + body


def _head(size: int, first: int) -> bytes:
    if size < 126:
        return bytes((first, size))
    if size < 1 << 16:
        return struct.pack("!BBH", first, 126, size)
    return struct.pack("!BBQ", first, 127, size)
