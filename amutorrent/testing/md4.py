"""MD4, by which ED2K knows files, for tests: the TLS libraries of today no longer have it. Source: RFC 1320."""

import struct

MASK = 0xFFFFFFFF
_ORDERS = (
    tuple(range(16)),
    (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
    (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
)
_SHIFTS = ((3, 7, 11, 19), (3, 5, 9, 13), (3, 9, 11, 15))
_CONSTANTS = (0, 0x5A827999, 0x6ED9EBA1)


def md4(data: bytes) -> bytes:
    """Give the digest of some bytes."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    for start in range(0, len(padded), 64):
        state = _block(state, struct.unpack("<16I", padded[start : start + 64]))
    return struct.pack("<4I", *state)


def _block(state: tuple[int, int, int, int], words: tuple[int, ...]) -> tuple[int, int, int, int]:
    a, b, c, d = state
    for round, order in enumerate(_ORDERS):
        shifts, constant = _SHIFTS[round], _CONSTANTS[round]
        for step, place in enumerate(order):
            if round == 0:
                mixed = (b & c) | (~b & d)
            elif round == 1:
                mixed = (b & c) | (b & d) | (c & d)
            else:
                mixed = b ^ c ^ d
            value = (a + mixed + words[place] + constant) & MASK
            shift = shifts[step % 4]
            a, b, c, d = d, (value << shift | value >> 32 - shift) & MASK, b, c
    return (state[0] + a & MASK, state[1] + b & MASK, state[2] + c & MASK, state[3] + d & MASK)
