"""What our daemon has promised: every add and every delete, and what its reply said of it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from amutorrent.testing import Ed2kFile, Torrent

from ..rows import Row

WRITTEN_AFTER_S = 6.0
"""A daemon that is killed forgets what it has not written down yet; after so long it has, on a busy machine too."""
ON_ITS_WAY_S = 1.0
"""A reply may still be on its way when the daemon that gave it dies."""

Word = Literal["asked", "accepted", "unknown", "removed", "doubtful"]
"""`doubtful` is what may have been deleted: it is not added again, for the delete may still be on its way."""
Key = tuple[str, str]
Deaths = Mapping[str, Sequence[tuple[float, float]]]


@dataclass
class Promise:
    """What is promised of one hash in one instance: `accepted` and `removed` have to be so, others may be either."""

    sample: Torrent | Ed2kFile
    by_file: bool
    """Whether it is added by its file; else by a link."""
    word: Word = "asked"
    since: float = field(default_factory=time.monotonic)

    def now(self, word: Word) -> None:
        """Take a reply."""
        self.word, self.since = word, time.monotonic()


class Ledger:
    """Promises by (instance id, hash)."""

    def __init__(self) -> None:
        self.promises: dict[Key, Promise] = {}

    def ask(self, id: str, sample: Torrent | Ed2kFile, *, by_file: bool) -> Promise:
        """Note that something is asked for, of which nothing is known until the reply comes."""
        promise = self.promises[id, sample.hash] = Promise(sample, by_file)
        return promise

    def settled(self, after_s: float = WRITTEN_AFTER_S) -> list[Key]:
        """List what was accepted so long ago."""
        before = time.monotonic() - after_s
        return [key for key, each in self.promises.items() if each.word == "accepted" and each.since < before]

    def excuse(self, deaths: Deaths) -> int:
        """Take back what a daemon had no time to write down before it was killed; gives how many that are."""
        excused = 0
        for (id, _), each in self.promises.items():
            if each.word in ("accepted", "removed") and any(
                first - WRITTEN_AFTER_S < each.since < last + ON_ITS_WAY_S for first, last in deaths[id]
            ):
                each.word = "doubtful"
                excused += 1
        return excused

    def count(self) -> Counter[str]:
        """Count the promises of each kind."""
        return Counter(each.word for each in self.promises.values())

    def broken(self, lists: Mapping[str, Sequence[Row]]) -> Iterator[str]:
        """Compare with what the daemons themselves list, and say in words what is not as promised."""
        for id, rows in lists.items():
            there = Counter(row.hash for row in rows)
            for hash, times in there.items():
                if times > 1:
                    yield f"{id} has {hash} {times} times"
            for (owner, hash), each in self.promises.items():
                ago = f"{time.monotonic() - each.since:.0f} s ago"
                if owner == id and each.word == "accepted" and not there[hash]:
                    yield f"{id} lost {hash}, accepted {ago}"
                if owner == id and each.word == "removed" and there[hash]:
                    yield f"{id} still has {hash}, removed {ago}"
