"""gzip, once per content: a cached body is packed when first asked for, off the loop when it is big."""

import gzip
import re
from collections import OrderedDict
from functools import lru_cache

import trio

WORTH_PACKING = 1024
BIG = 64 * 1024
"""Bytes above which packing would hold the loop too long: it then happens in a thread."""
LEVEL = 1
"""Nine tenths of what level 6 saves, in a third of its time."""

_REFUSED = re.compile(rb"q=0(\.0*)?")


@lru_cache(64)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Say whether an `Accept-Encoding` header allows gzip."""
    offers: dict[bytes, bool] = {}
    for offer in accept_encoding.lower().split(b","):
        name, _, weight = offer.replace(b" ", b"").partition(b";")
        offers[name] = _REFUSED.fullmatch(weight) is None
    for name in (b"gzip", b"x-gzip", b"*"):  # what is named counts before the rest
        if name in offers:
            return offers[name]
    return False


async def pack(body: bytes) -> bytes:
    """Give the gzip form of a body."""
    if len(body) <= BIG:
        return _pack(body)
    return await trio.to_thread.run_sync(_pack, body)


def _pack(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


class PackedBodies:
    """The gzip forms of the last few bodies, by name. Callers of one that is being made wait for it."""

    def __init__(self, capacity: int = 8) -> None:
        self._capacity = capacity
        self._packed: OrderedDict[str, bytes] = OrderedDict()
        self._making: dict[str, trio.Event] = {}

    async def get(self, name: str, body: bytes) -> bytes:
        """Give the gzip form of `body`; equal names, equal bodies."""
        while name not in self._packed:
            if name in self._making:
                await self._making[name].wait()
                continue
            made = self._making[name] = trio.Event()
            try:
                self._packed[name] = await pack(body)
            finally:
                del self._making[name]
                made.set()
            return self._kept(name)
        return self._kept(name)

    def _kept(self, name: str) -> bytes:
        self._packed.move_to_end(name)
        while len(self._packed) > self._capacity:
            self._packed.popitem(last=False)
        return self._packed[name]
