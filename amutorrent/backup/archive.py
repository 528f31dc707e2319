"""The file of a backup: a ZIP of a manifest and the parts that it names, each with its size and checksum.

    manifest.json   what the backup is, and what each part has to be
    database.db     the database as an SQLite file, whichever kind it was
    config.json     the settings, if there were any
    secret          what API keys are made from, if there was one
    plugins/...     the files that plugins keep

A part that is not as the manifest says, and a file that is cut, are refused before anything is looked at in them.
"""

import hashlib
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import msgspec
from msgspec import Struct

from ..errors import InvalidRequest, StorageUnavailable
from ..model import camel

FORMAT = 2
"""Grows when older programs could not read a backup rightly any more."""
MANIFEST, DATABASE, CONFIG, SECRET = "manifest.json", "database.db", "config.json", "secret"
PARTS = (DATABASE, CONFIG, SECRET)
PLUGINS = "plugins/"
"""What the names of plugins' files begin with."""
LONGEST_MANIFEST = 16 << 20
CHUNK = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)
"""What comes of reading a file that is no ZIP, or one that was changed: its methods and flags are bytes too."""

Kind = Literal["amutorrent-backup"]


class Part(Struct, frozen=True, kw_only=True):
    """One part: its size in bytes, and its SHA-256 in hex."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True, rename=camel):
    """What a backup says of itself. `made_at` is ISO 8601; `database` the kind it was taken from, `sqlite` or another.

    `numbers` are the last ids that tables gave away: none of them is ever given to another row.
    """

    kind: Kind = "amutorrent-backup"
    format: int
    program: str
    made_at: str
    database: str
    revision: str
    numbers: dict[str, int]
    parts: dict[str, Part] = {}


class Archive:
    """A backup that was opened and whose parts are all there and right. Use it inside `opened`."""

    def __init__(self, path: Path, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._file = file

    def __contains__(self, part: str) -> bool:
        return part in self.manifest.parts

    def read(self, part: str) -> bytes:
        """Give a small part."""
        with self._file.open(part) as source:
            return source.read()

    def extract(self, part: str, target: Path) -> None:
        """Write a part to a new file for its owner only, and see it on the disk."""
        descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with self._file.open(part) as source, os.fdopen(descriptor, "wb") as file:
            while block := source.read(CHUNK):
                file.write(block)
            file.flush()
            os.fsync(file.fileno())

    def check(self) -> None:
        """Read every part to its end, and compare it with the manifest. Raises `InvalidRequest`."""
        for name, part in self.manifest.parts.items():
            try:
                with self._file.open(name) as source:
                    found = _measured(source, part.size + 1)
            except (*UNREADABLE, OSError) as error:
                raise _broken(self.path, f"its part {name} cannot be read") from error
            if found != part:
                raise _broken(self.path, f"its part {name} is not as it was written")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup, and check all of it. Raises `InvalidRequest`: it is none, damaged, or of a newer program."""
    with _open(path) as file:
        archive = Archive(path, file, _manifest(path, file))
        archive.check()
        yield archive


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise InvalidRequest(
            f"{path} is no backup of this program, or only the beginning of one", field="file"
        ) from error
    except FileNotFoundError as error:
        raise InvalidRequest(f"There is no file {path}", field="file") from error
    except OSError as error:
        reason = "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror or error
        raise InvalidRequest(f"{path} cannot be read: {reason}", field="file") from error


def _manifest(path: Path, file: zipfile.ZipFile) -> Manifest:
    try:
        with file.open(MANIFEST) as source:
            text = source.read(LONGEST_MANIFEST)
        manifest = msgspec.json.decode(text, type=Manifest)
    except (*UNREADABLE, msgspec.MsgspecError) as error:
        raise InvalidRequest(
            f"{path} is no backup of this program: its manifest cannot be read", field="file"
        ) from error
    if manifest.format > FORMAT:
        raise InvalidRequest(
            f"{path} was made by a newer version of this program ({manifest.program}): install that version",
            field="file",
        )
    if DATABASE not in manifest.parts or not all(map(_is_part, manifest.parts)):
        raise _broken(path, "its manifest names other parts than a backup has")
    return manifest


def _is_part(name: str) -> bool:
    """Say whether a backup may have a part of this name: one of a plugin stays below its folder."""
    below = name.removeprefix(PLUGINS).split("/") if name.startswith(PLUGINS) else []
    return name in PARTS or (bool(below) and "\0" not in name and not {"", ".", ".."} & {*below})


def _measured(source: IO[bytes], most: int) -> Part:
    """Read at most so many bytes: what says that it is small is not to fill a memory or a disk."""
    digest, size = hashlib.sha256(), 0
    while size < most and (block := source.read(min(CHUNK, most - size))):
        digest.update(block)
        size += len(block)
    return Part(size=size, sha256=digest.hexdigest())


def _broken(path: Path, why: str) -> InvalidRequest:
    return InvalidRequest(f"The backup {path} is damaged: {why}", field="file")


def write_archive(target: Path, parts: Mapping[str, Path | bytes], facts: Manifest) -> Manifest:
    """Write a backup beside its place, sync it, and give it its name: there is a whole one or none.

    It is for its owner only. Gives `facts` with the parts. Raises `StorageUnavailable`.
    """
    name = None
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mode 0600
        with os.fdopen(descriptor, "w+b") as raw:
            manifest = _write(raw, parts, facts)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(name, target)
        sync_folder(target.parent)
    except OSError as error:
        raise StorageUnavailable(f"Cannot write the backup {target}: {error.strerror or error}") from error
    finally:
        if name is not None:
            Path(name).unlink(missing_ok=True)
    return manifest


def _write(raw: IO[bytes], parts: Mapping[str, Path | bytes], facts: Manifest) -> Manifest:
    written: dict[str, Part] = {}
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in parts.items():
            with file.open(name, "w", force_zip64=True) as to:
                written[name] = _copied(content, to)
        manifest = msgspec.structs.replace(facts, parts=written)
        file.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _copied(content: Path | bytes, to: IO[bytes]) -> Part:
    if isinstance(content, bytes):
        to.write(content)
        return Part(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    digest, size = hashlib.sha256(), 0
    with content.open("rb") as source:
        while block := source.read(CHUNK):
            digest.update(block)
            size += len(block)
            to.write(block)
    return Part(size=size, sha256=digest.hexdigest())


def sync_folder(folder: Path) -> None:
    """See that a name in a folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
