"""Recognising aMule by the first word of a login, which holds no password. Source: amule-ec 1 and 3."""

from typing import Final

import trio

from amutorrent import Place

from .codec import HEADER, Frame, encode, inflate, read_header
from .codes import Op
from .login import greeting

LONGEST: Final = 4096
"""Bytes of the answer: a salt is far shorter, and so is a refusal."""


async def recognise(place: Place) -> str | None:
    """Say whether aMule's External Connections answer there. Their version they tell after a login only."""
    stream = await trio.open_tcp_stream(place.host, place.port)
    try:
        await stream.send_all(encode(greeting(zlib=False)))
        frame = await _receive(stream)
    finally:
        await trio.aclose_forcefully(stream)
    return "" if frame is not None and frame.opcode in (Op.AUTH_SALT, Op.AUTH_FAIL) else None


async def _receive(stream: trio.SocketStream) -> Frame | None:
    flags, length = read_header(await _exactly(stream, HEADER))
    return inflate(flags, await _exactly(stream, length)) if length <= LONGEST else None


async def _exactly(stream: trio.SocketStream, count: int) -> bytes:
    found = b""
    while len(found) < count:
        data = await stream.receive_some(count - len(found))
        if not data:
            raise EOFError("it hung up")
        found += data
    return found
