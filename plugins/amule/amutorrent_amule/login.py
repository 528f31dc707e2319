"""Logging in on a connection. Source: amule-ec 3."""

import hashlib
from typing import Final

from amutorrent import AuthRejected, ProtocolError

from .codec import Frame, Packet
from .codes import PROTOCOL_VERSION, Op, T
from .tags import Tag, first, hash16, marker, text, uint
from .transport import Link, unexpected

LOGIN_S: Final = 25
VERSION_WORDS: Final = ("version", "snapshot")


def password_hash(password: str, salt: int) -> str:
    """Hash a password with the salt of this login. The salt is written in upper-case hex, without leading zeros."""
    salted = _md5(f"{salt:X}")
    return _md5(_md5(password) + salted)


async def log_in(link: Link, password: str, *, zlib: bool) -> str:
    """Log in, and give the daemon's version.

    `zlib` asks it to pack long answers. Raises `AuthRejected`, `ProtocolError` where something else answers.
    """
    salt = first((await _ask(link, greeting(zlib), Op.AUTH_SALT)).tags, T.PASSWD_SALT)
    if salt is None:
        raise ProtocolError(f"{link.where} sends no salt: it is no aMule that we know")
    secret = hash16(T.PASSWD_HASH, password_hash(password, int.from_bytes(salt.data, "big")))
    welcome = await _ask(link, Packet(Op.AUTH_PASSWD, (secret,)), Op.AUTH_OK)
    version = first(welcome.tags, T.SERVER_VERSION)
    return version.text if version is not None and version.text else "unknown"


def greeting(zlib: bool) -> Packet:
    # no VERSION_ID, which release builds refuse; no CAN_NOTIFY: answers would no longer come in order; and no
    # CAN_UTF8_NUMBERS: a large answer that is not packed would take twice the time to read
    tags: list[Tag] = [
        text(T.CLIENT_NAME, "aMuTorrent"),
        text(T.CLIENT_VERSION, "1.0"),
        uint(T.PROTOCOL_VERSION, PROTOCOL_VERSION),
    ]
    return Packet(Op.AUTH_REQ, (*tags, marker(T.CAN_ZLIB)) if zlib else tuple(tags))


async def _ask(link: Link, request: Packet, wanted: Op) -> Packet:
    frame = await link.ask(request, LOGIN_S)
    if frame.opcode == Op.AUTH_FAIL:
        raise _refused(frame)
    if frame.opcode != wanted:
        raise unexpected(frame, "A login")
    return frame.packet()


def _refused(frame: Frame) -> AuthRejected:
    said = first(frame.packet().tags, T.STRING)
    words = said.text if said is not None else ""
    if any(word in words for word in VERSION_WORDS):
        return AuthRejected(f"aMule does not take this version of External Connections: {words!r}")
    return AuthRejected(
        f"aMule refused the password: {words!r}. Compare it with its preferences > Remote controls"
        " (it keeps a hash; a password written there in clear text lets nobody in)"
    )


def _md5(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()
