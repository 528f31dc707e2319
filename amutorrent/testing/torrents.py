"""Torrents of made-up data: the same name and seed give the same bytes."""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass

from ..capabilities import AddOptions, AddTorrentFile
from ..links import Magnet
from ..metafile import Bencoded, Metafile, encode
from .samples import Sample
from .session import Session

PIECE = 1 << 16


@dataclass(frozen=True)
class Torrent(Sample):
    """A torrent file, and the content that belongs to it: path below the download folder -> bytes."""

    file: bytes
    contents: Mapping[str, bytes]

    @property
    def metafile(self) -> Metafile:
        """The file as the host would have read it."""
        return Metafile.parse(self.file)

    @property
    def hash(self) -> str:  # type: ignore[override]  # a field of a sample, here worked out
        """Its info-hash."""
        return self.metafile.hash

    @property
    def name(self) -> str:  # type: ignore[override]  # a field of a sample, here worked out
        """The name of its file or folder."""
        return self.metafile.name

    @property
    def size(self) -> int:  # type: ignore[override]  # a field of a sample, here worked out
        """The bytes of all its files."""
        return self.metafile.size

    @property
    def magnet(self) -> str:
        """Its magnet link, with the tracker."""
        trackers = "".join(f"&tr={url}" for url in self.metafile.trackers)
        return f"magnet:?xt=urn:btih:{self.hash}&dn={self.name}{trackers}"

    @property
    def link(self) -> Magnet:
        """Its magnet link as the host would have read it."""
        return Magnet.parse(self.magnet)

    async def add_to(self, session: Session, options: AddOptions) -> None:
        """Add it by its file."""
        await session.part(AddTorrentFile).add_torrent_file(self.metafile, options)

    async def appear_in(self, session: Session) -> None:
        """Add it, running: the client finds the data when it checks."""
        await self.add_to(session, AddOptions())


def make_torrent(
    name: str,
    size: int | Mapping[str, int] = 40_000,
    tracker: str | None = None,
    *,
    seed: int = 0,
    piece: int = PIECE,
) -> Torrent:
    """Make a torrent of one file of `size` bytes, or of several (path -> size). Lone surrogates stand for bytes."""
    rng = random.Random(_bytes(f"{name}/{seed}"))
    sizes = {name: size} if isinstance(size, int) else {f"{name}/{path}": each for path, each in size.items()}
    contents = {path: rng.randbytes(each) for path, each in sizes.items()}
    whole = b"".join(contents.values())
    pieces = b"".join(_sha1(whole[at : at + piece]) for at in range(0, len(whole), piece))
    return Torrent(_file(name, size, piece, pieces, tracker), contents)


def hollow_torrent(name: str, size: int) -> Torrent:
    """Make a torrent of a size as large as you like, of which no content exists."""
    piece = 1 << 24
    return Torrent(_file(name, size, piece, _sha1(name.encode()) * -(-size // piece), None), {})


def _file(name: str, size: int | Mapping[str, int], piece: int, pieces: bytes, tracker: str | None) -> bytes:
    info: dict[bytes, Bencoded] = {b"name": _bytes(name), b"piece length": piece, b"pieces": pieces}
    if isinstance(size, int):
        info[b"length"] = size
    else:
        info[b"files"] = [
            {b"length": each, b"path": [_bytes(part) for part in path.split("/")]} for path, each in size.items()
        ]
    return encode({b"info": info, **({b"announce": tracker.encode()} if tracker else {})})


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()
