"""The announce URLs of torrents: asked once, and again when their number changes. Source: data-model 4."""

from collections.abc import Collection, Mapping, Sequence

from .calls import Call, Fault, Value
from .daemon import PER_REQUEST, Daemon
from .rows import Row

DHT = "dht://"


class Announces:
    """By hash."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._urls: dict[str, tuple[str, ...]] = {}
        self._asked: dict[str, tuple[int, int]] = {}

    def urls(self, hash: str) -> tuple[str, ...]:
        """Give the URLs of an item, in the daemon's order."""
        return self._urls.get(hash, ())

    async def settle(self, hashes: Collection[str], rows: Mapping[str, Row]) -> None:
        """Ask for those of these items whose trackers are not known, or may have changed."""
        if "t.multicall" not in self._daemon.methods:
            return
        stale = [hash for hash in hashes if self._asked.get(hash) != _mark(rows[hash])]
        for start in range(0, len(stale), PER_REQUEST):
            await self._ask(stale[start : start + PER_REQUEST], rows)

    async def _ask(self, hashes: Sequence[str], rows: Mapping[str, Row]) -> None:
        answers = await self._daemon.many([Call("t.multicall", (hash.upper(), "", "t.url=")) for hash in hashes])
        for hash, answer in zip(hashes, answers, strict=True):
            if not isinstance(answer, Fault):
                self._urls[hash], self._asked[hash] = announced(answer), _mark(rows[hash])

    def forget(self, hashes: Collection[str]) -> None:
        """Drop what is gone."""
        for hash in hashes:
            self._urls.pop(hash, None)
            self._asked.pop(hash, None)


def announced(rows: Value) -> tuple[str, ...]:
    """Read the rows of URLs; the daemon's entry for DHT is none."""
    return tuple(dict.fromkeys(str(row[0]) for row in rows if row and row[0] and not str(row[0]).startswith(DHT)))


def _mark(row: Row) -> tuple[int, int]:
    return row.tracker_size, row.is_meta
