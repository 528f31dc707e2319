"""The true names of what 0.9.8 cannot spell over XML-RPC, read from its session folder where that is visible here.

It writes every byte that is not ASCII as `?` in a text that has a byte which is no UTF-8, or a 4-byte character; so
a `?` may stand for anything, or for itself. Source: rtorrent 1 and 3.
"""

import os
import re
from collections.abc import Collection, Iterable, Mapping

from amutorrent import Services

from . import bencode
from .bencode import Path
from .text import as_reported, shown

LARGEST = 64 << 20
_UNSURE = re.compile("[?\x00-\x1f\x7f\ufffd-\uffff]")


def unsure(name: str) -> bool:
    """Say if a name as the daemon reports it may be spelled otherwise on disk."""
    return _UNSURE.search(name) is not None


def matches(name: str, reported: str) -> bool:
    """Say if a true name may be what was reported."""
    told = _UNSURE.sub("?", reported)
    return any(_UNSURE.sub("?", each) == told for each in (name, as_reported(name), shown(name)))


class Metainfo:
    """The names in one torrent file of the session."""

    def __init__(self, name: str, candidates: list[list[Path]]) -> None:
        self.name = name
        self._candidates = candidates

    def paths(self, reported: list[Path]) -> list[Path] | None:
        """Give the true paths of files, in the daemon's order; None if these are not the files of this torrent."""
        if len(reported) != len(self._candidates):
            return None
        found = [
            next((path for path in candidates if _fits(path, told)), None)
            for candidates, told in zip(self._candidates, reported, strict=True)
        ]
        return None if None in found else [path for path in found if path is not None]


def _fits(path: Path, reported: Path) -> bool:
    return len(path) == len(reported) and all(map(matches, path, reported))


def metainfo(session: str, hash: str) -> Metainfo | None:
    """Read the torrent file of an item; None where the session folder is not visible here. Blocks."""
    path = os.path.join(session, f"{hash.upper()}.torrent")
    try:
        if not session.startswith("/") or os.path.getsize(path) > LARGEST:
            return None
        with open(path, "rb") as file:
            return Metainfo(*bencode.names(file.read()))
    except (OSError, bencode.Broken):
        return None


def _true_names(session: str, reported: Mapping[str, str]) -> dict[str, str]:
    found = {hash: metainfo(session, hash) for hash in reported}
    return {hash: one.name for hash, one in found.items() if one is not None and matches(one.name, reported[hash])}


class Spellings:
    """The names that were looked up, each once."""

    def __init__(self, services: Services) -> None:
        self.session = ""
        self._services = services
        self._names: dict[str, str] = {}
        self._looked: set[tuple[str, str]] = set()

    def name_of(self, hash: str, reported: str) -> str:
        """Give a name for display."""
        name = self._names.get(hash)
        return shown(name) if name is not None and matches(name, reported) else reported

    async def settle(self, names: Iterable[tuple[str, str]]) -> None:
        """Look up what of these (hash, reported name) may be spelled otherwise."""
        fresh = {hash: name for hash, name in names if unsure(name) and (hash, name) not in self._looked}
        if fresh and self.session:
            self._looked.update(fresh.items())
            self._names.update(await self._services.run_sync(_true_names, self.session, fresh))

    def forget(self, hashes: Collection[str]) -> None:
        """Drop what is gone."""
        for hash in hashes:
            self._names.pop(hash, None)
        self._looked = {each for each in self._looked if each[0] not in hashes} if hashes else self._looked
