"""Status maps: which parts and bytes of a file are where. Pure. Source: amule-ec 5."""

import re
from typing import Final

from amutorrent import ProtocolError

MAX_MAP: Final = 16 << 20
_RUN = re.compile(rb"(.)\1(.)", re.DOTALL)


def unpack_runs(data: bytes) -> bytes:
    """Undo the run-length coding: two equal bytes are followed by the length of the run that they begin."""
    size = len(data) + sum(match[2][0] - 3 for match in _RUN.finditer(data))
    if size > MAX_MAP:
        raise ProtocolError(f"A status map of {size} bytes is announced", data=data)
    return _RUN.sub(lambda match: match[1] * match[2][0], data)


def pack_runs(plain: bytes) -> bytes:
    """Code bytes as the daemon does."""
    packed, at = bytearray(), 0
    while at < len(plain):
        run = 1
        while run < 255 and plain[at : at + 1] == plain[at + run : at + run + 1]:
            run += 1
        packed += plain[at : at + 1] if run == 1 else bytes([plain[at], plain[at], run])
        at += run
    return bytes(packed)


def apply_difference(before: bytes, data: bytes) -> bytes:
    """Give the map that `before` becomes; it takes the length of the difference, and no data means an empty one."""
    plain = unpack_runs(data)
    base = before[: len(plain)].ljust(len(plain), b"\0")
    return (int.from_bytes(base, "big") ^ int.from_bytes(plain, "big")).to_bytes(len(plain), "big")


def ranges(map: bytes) -> list[tuple[int, int]]:
    """Read byte ranges (start, end), end inclusive, out of numbers that are stored plane by plane."""
    count = len(map) // 8
    planes = [map[place * count : (place + 1) * count] for place in range(8)]
    numbers = [int.from_bytes(bytes(each), "little") for each in zip(*planes, strict=True)]
    return [pair for pair in zip(numbers[::2], numbers[1::2], strict=False) if pair[0] <= pair[1]]
