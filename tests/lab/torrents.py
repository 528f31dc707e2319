"""Torrents of made-up data, made on the fly."""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from amutorrent.metafile import Metafile, encode

PIECE = 1 << 16


@dataclass(frozen=True)
class Torrent:
    """A torrent, and the content that belongs to it. `digest` is the SHA-256 of all its files, in order."""

    file: bytes
    hash: str
    name: str
    digest: str
    contents: dict[str, bytes]

    @property
    def magnet(self) -> str:
        """Its magnet link, with the tracker."""
        tracker = Metafile.parse(self.file).trackers
        return f"magnet:?xt=urn:btih:{self.hash}&dn={self.name}" + "".join(f"&tr={url}" for url in tracker)

    def write(self, folder: Path) -> None:
        """Put the content where a client finds it."""
        for path, data in self.contents.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)

    def digest_in(self, folder: Path) -> str:
        """Give the SHA-256 of the content as it lies in a folder; "" if some of it is missing."""
        whole = hashlib.sha256()
        for path in self.contents:
            if not (folder / path).exists():
                return ""
            whole.update((folder / path).read_bytes())
        return whole.hexdigest()


def make_torrent(name: str, size: int | dict[str, int], tracker: str | None = None, seed: int = 0) -> Torrent:
    """Make a torrent of one file of `size` bytes, or of several (path -> size). The seed decides the content."""
    rng = random.Random(f"{name}/{seed}")
    single = isinstance(size, int)
    sizes = {name: size} if isinstance(size, int) else {f"{name}/{path}": each for path, each in size.items()}
    contents = {path: rng.randbytes(each) for path, each in sizes.items()}
    whole = b"".join(contents.values())
    pieces = b"".join(hashlib.sha1(whole[at : at + PIECE]).digest() for at in range(0, len(whole), PIECE))
    info = {b"name": name.encode(), b"piece length": PIECE, b"pieces": pieces, b"private": 0}
    if single:
        info[b"length"] = len(whole)
    else:
        info[b"files"] = [
            {b"length": len(data), b"path": [part.encode() for part in path.split("/")[1:]]}
            for path, data in contents.items()
        ]
    file = encode({b"info": info, **({b"announce": tracker.encode()} if tracker else {})})
    parsed = Metafile.parse(file)
    return Torrent(file, parsed.hash, name, hashlib.sha256(whole).hexdigest(), contents)
