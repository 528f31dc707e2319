"""The files of the built front end, read once: each plain, and as the build has compressed it."""

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

from amutorrent import Host

STATIC = Path(__file__).parent / "static"
PACKED = (("br", ".br"), ("gzip", ".gz"))
"""The encodings that the build makes, best first."""
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
NAME = re.compile(r"(assets/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*")


class StaticFile(NamedTuple):
    """One file. `bodies`: encoding -> bytes, "" is the plain one; `hashed`: its name changes with its content."""

    kind: str
    etag: str
    bodies: dict[str, bytes]
    hashed: bool


class StaticFiles:
    """Keeps in memory what was asked for."""

    def __init__(self, host: Host, folder: Path = STATIC) -> None:
        self._host, self._folder = host, folder
        self._known: dict[str, StaticFile] = {}

    async def get(self, name: str) -> StaticFile | None:
        """Give a file of the folder `ui`; None: there is no such file. Costs one read at the first time."""
        known = self._known.get(name)
        if known is None and NAME.fullmatch(name) and Path(name).suffix in TYPES:
            known = await self._host.run_sync(self._read, name)
            if known is not None:
                self._known[name] = known
        return known

    def _read(self, name: str) -> StaticFile | None:
        root = (self._folder / "ui").resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        plain = path.read_bytes()
        bodies = {"": plain}
        for encoding, suffix in PACKED:
            packed = path.with_name(path.name + suffix)
            if packed.is_file():
                bodies[encoding] = packed.read_bytes()
        digest = hashlib.sha256(plain).hexdigest()[:32]
        return StaticFile(TYPES[path.suffix], digest, bodies, name.startswith("assets/"))
