"""What we know of the daemon's torrents, kept from poll to poll. Knows no wire."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import trio

from .meter import Meter
from .rows import Row

STEP = 100
"""Rows between two checkpoints: a few milliseconds of work."""


@dataclass
class Taken:
    """What one table changed, by lower-case hash; `resolved`: magnets that became torrents, as they were and are."""

    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    resolved: list[tuple[Row, Row]] = field(default_factory=list)


class Mirror:
    """The rows of the last table, and the speeds that follow from it."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.speeds: dict[str, tuple[int, int]] = {}
        self.meter = Meter()
        self._known: dict[bytes, tuple[str, Row]] = {}

    async def take(self, table: Sequence[bytes], read: Callable[[bytes], Row], at: float) -> Taken:
        """Take the whole table, at a time in seconds; `read` reads a row that is not as before.

        Yields now and then. Raises `ProtocolError`.
        """
        taken = Taken()
        rows: dict[str, Row] = {}
        known: dict[bytes, tuple[str, Row]] = {}
        for number, raw in enumerate(table):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            held = self._known.get(raw)
            hash, row = known[raw] = held or named(read(raw))
            rows[hash] = row
            if held is None and (before := self.rows.get(hash)) is not None and before.is_meta and not row.is_meta:
                taken.resolved.append((before, row))
            if self._measure(hash, row, at) or held is None:
                taken.changed.add(hash)
        taken.removed = self.rows.keys() - rows.keys()
        self.rows, self._known = rows, known
        self._forget(taken.removed)
        return taken

    def _measure(self, hash: str, row: Row, at: float) -> bool:
        speed = self.meter.measure(hash, at, row.down_total, row.up_total, (row.down_rate, row.up_rate))
        if not row.is_active:
            speed = (0, 0)
        changed = self.speeds.get(hash) != speed
        self.speeds[hash] = speed
        return changed

    def _forget(self, hashes: Iterable[str]) -> None:
        for hash in hashes:
            self.speeds.pop(hash, None)
            self.meter.forget(hash)


def named(row: Row) -> tuple[str, Row]:
    """Give a row with the hash by which everybody else knows it."""
    return row.hash.lower(), row
