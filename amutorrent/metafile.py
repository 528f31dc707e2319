"""Torrent files: bencode, and what of a metafile matters here. Source: BEP 3, BEP 52."""

import hashlib
from typing import NoReturn

from msgspec import Struct

from .errors import InvalidRequest

MAX_DEPTH = 64
MAX_SIZE = 16 << 20

Bencoded = int | bytes | list["Bencoded"] | dict[bytes, "Bencoded"]


class Metafile(Struct, frozen=True, kw_only=True):
    """A torrent file that was read: its bytes, and what they say.

    `hash` is the v1 info-hash, or the first 20 bytes of the v2 one where there is no v1; `files` are (path, size)
    with the path relative to the torrent's folder.
    """

    data: bytes
    hash: str
    name: str
    size: int
    files: tuple[tuple[str, int], ...]
    trackers: tuple[str, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> "Metafile":
        """Read a torrent file. Raises `InvalidRequest` (field `data`) if it is none."""
        if len(data) > MAX_SIZE:
            _refuse(f"larger than {MAX_SIZE} bytes")
        reader = _Reader(data)
        top = reader.value()
        if reader.at != len(data):
            _refuse(f"{len(data) - reader.at} bytes behind its end")
        if not isinstance(top, dict) or not isinstance(info := top.get(b"info"), dict) or reader.info is None:
            _refuse("it has no info dictionary")
        raw = data[reader.info[0] : reader.info[1]]
        _check_names(info)
        files = _files(info)
        return cls(
            data=data,
            hash=_info_hash(info, raw),
            name=_text(info.get(b"name.utf-8") or info.get(b"name")) or "unnamed",
            size=sum(size for _, size in files),
            files=files,
            trackers=_trackers(top),
        )


def decode(data: bytes) -> Bencoded:
    """Decode one bencoded value that fills `data`. Raises `InvalidRequest` with the place of the fault."""
    reader = _Reader(data)
    value = reader.value()
    if reader.at != len(data):
        _refuse(f"{len(data) - reader.at} bytes behind its end")
    return value


def encode(value: Bencoded) -> bytes:
    """Encode a value, keys in order."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l%se" % b"".join(map(encode, value))
    return b"d%se" % b"".join(encode(key) + encode(value[key]) for key in sorted(value))


def _refuse(why: str) -> NoReturn:
    raise InvalidRequest(f"This is not a torrent file: {why}", field="data")


class _Reader:
    """Reads one value after another, and remembers where the info dictionary of the top level lies."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.depth = 0
        self.info: tuple[int, int] | None = None

    def value(self) -> Bencoded:
        lead = self.data[self.at : self.at + 1]
        if lead == b"i":
            return self._number(self.at + 1, b"e")
        if lead.isdigit():
            return self._bytes()
        if lead not in (b"l", b"d"):
            _refuse(f"byte {self.at} begins no value")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            _refuse(f"nested deeper than {MAX_DEPTH}")
        self.at += 1
        found = self._list() if lead == b"l" else self._dict()
        self.at += 1
        self.depth -= 1
        return found

    def _number(self, start: int, end: bytes) -> int:
        stop = self.data.find(end, start, start + 24)
        digits = self.data[start:stop] if stop >= 0 else b""
        if not digits.removeprefix(b"-").isdigit() or (digits.lstrip(b"-")[:1] == b"0" and digits != b"0"):
            _refuse(f"byte {start} begins no number")
        self.at = stop + 1
        return int(digits)

    def _bytes(self) -> bytes:
        size = self._number(self.at, b":")
        if self.at + size > len(self.data):
            _refuse(f"the text at byte {self.at} is cut off")
        self.at += size
        return self.data[self.at - size : self.at]

    def _list(self) -> list[Bencoded]:
        found: list[Bencoded] = []
        while self.data[self.at : self.at + 1] != b"e":
            found.append(self.value())
        return found

    def _dict(self) -> dict[bytes, Bencoded]:
        found: dict[bytes, Bencoded] = {}
        while self.data[self.at : self.at + 1] != b"e":
            if not self.data[self.at : self.at + 1].isdigit():
                _refuse(f"byte {self.at} begins no key")
            key, start = self._bytes(), self.at
            found[key] = self.value()
            if key == b"info" and self.depth == 1:
                self.info = (start, self.at)
        return found


def _text(value: Bencoded | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _check_names(info: dict[bytes, Bencoded]) -> None:
    """Refuse names that lead out of the torrent's folder: what a client makes of them is its own affair.

    Both spellings count, since clients differ in which one they read.
    """
    for key in (b"name", b"name.utf-8"):
        _check_name(info.get(key))
    listed = info.get(b"files")
    for entry in listed if isinstance(listed, list) else []:
        for key in (b"path", b"path.utf-8"):
            path = entry.get(key) if isinstance(entry, dict) else None
            for part in path if isinstance(path, list) else []:
                _check_name(part)


def _check_name(name: Bencoded | None) -> None:
    if isinstance(name, bytes) and (name in (b".", b"..") or b"/" in name or b"\0" in name):
        _refuse(f"the name {_text(name)[:80]!r} leads out of its folder")


def _info_hash(info: dict[bytes, Bencoded], raw: bytes) -> str:
    if b"pieces" in info:
        return hashlib.sha1(raw, usedforsecurity=False).hexdigest()
    if info.get(b"meta version") != 2:
        _refuse("it has neither pieces nor a v2 file tree")
    return hashlib.sha256(raw).hexdigest()[:40]


def _files(info: dict[bytes, Bencoded]) -> tuple[tuple[str, int], ...]:
    name = _text(info.get(b"name.utf-8") or info.get(b"name")) or "unnamed"
    if isinstance(length := info.get(b"length"), int):
        return ((name, _size(length)),)
    if isinstance(listed := info.get(b"files"), list):
        return tuple(_file(entry) for entry in listed)
    if isinstance(tree := info.get(b"file tree"), dict):
        return tuple(_leaves(tree, ()))
    _refuse("it lists no files")


def _file(entry: Bencoded) -> tuple[str, int]:
    if not isinstance(entry, dict) or not isinstance(size := entry.get(b"length"), int):
        _refuse("a file of it has no length")
    path = entry.get(b"path.utf-8") or entry.get(b"path")
    if not isinstance(path, list) or not path:
        _refuse("a file of it has no path")
    return "/".join(_text(part) for part in path), _size(size)


def _leaves(tree: dict[bytes, Bencoded], above: tuple[str, ...]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for name, below in tree.items():
        _check_name(name)
        if not isinstance(below, dict):
            _refuse("its file tree is broken")
        leaf = below.get(b"")
        if isinstance(leaf, dict):
            size = leaf.get(b"length")
            found.append(("/".join((*above, _text(name))), _size(size if isinstance(size, int) else 0)))
        else:
            found += _leaves(below, (*above, _text(name)))
    return found


def _size(value: int) -> int:
    if not 0 <= value < 2**63:
        _refuse(f"a file of it has the size {value}")
    return value


def _trackers(top: dict[bytes, Bencoded]) -> tuple[str, ...]:
    tiers = top.get(b"announce-list")
    listed = [url for tier in tiers if isinstance(tier, list) for url in tier] if isinstance(tiers, list) else []
    return tuple(dict.fromkeys(text for url in [top.get(b"announce"), *listed] if (text := _text(url))))
