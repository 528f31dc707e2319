"""What the last ticks changed, so that a socket that comes back gets only what it missed."""

from collections import deque
from collections.abc import Mapping

from .entry import ADDED, GONE

MAX_TICKS = 2048
MAX_KEYS = 100_000

Key = tuple[str, str]


class Window:
    """The changes of the last ticks, bounded in ticks and in keys."""

    def __init__(self, after: int = 0) -> None:
        """Remember nothing yet: the next tick is the one after `after`."""
        self._after = after
        self._ticks: deque[tuple[int, Mapping[Key, int]]] = deque()
        self._keys = 0

    def append(self, seq: int, changes: Mapping[Key, int]) -> None:
        """Remember one tick, forgetting the oldest where there are too many."""
        self._ticks.append((seq, changes))
        self._keys += len(changes)
        while len(self._ticks) > MAX_TICKS or (self._keys > MAX_KEYS and len(self._ticks) > 1):
            self._keys -= len(self._ticks.popleft()[1])

    def since(self, seq: int) -> dict[Key, int] | None:
        """Merge all that came after `seq`; None if that is too long ago, or has not been yet."""
        last = self._ticks[-1][0] if self._ticks else self._after
        first = self._ticks[0][0] if self._ticks else self._after + 1
        if not first - 1 <= seq <= last:
            return None
        merged: dict[Key, int] = {}
        for _, changes in list(self._ticks)[len(self._ticks) - (last - seq) :]:
            for key, mask in changes.items():
                merged[key] = _merge(merged.get(key), mask)
        return merged


def _merge(before: int | None, mask: int) -> int:
    if before is None or mask in (ADDED, GONE):
        return mask
    return ADDED if before in (ADDED, GONE) else before | mask
