"""What we know of the daemon's torrents, kept from poll to poll. Knows no wire."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import trio

from .calls import Value
from .meter import Meter
from .rows import Fields, Row

STEP = 250
"""Rows between two checkpoints: a few milliseconds of work."""


@dataclass
class Taken:
    """What one table changed, by lower-case hash."""

    changed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)


class Mirror:
    """The rows of the last table, and the speeds that follow from it."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.speeds: dict[str, tuple[int, int]] = {}
        self.meter = Meter()
        self._values: dict[str, Value] = {}

    async def take(self, table: Sequence[Value], fields: Fields, at: float) -> Taken:
        """Take the whole table, at a time in seconds. Yields now and then. Raises `ProtocolError`."""
        taken, rows, values = Taken(), {}, {}
        for number, given in enumerate(table):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            hash, row, same = self._row(given, fields)
            rows[hash], values[hash] = row, given
            if self._measure(hash, row, at) or not same:
                taken.changed.add(hash)
        taken.removed = self.rows.keys() - rows.keys()
        self.rows, self._values = rows, values
        self._forget(taken.removed)
        return taken

    def _row(self, given: Value, fields: Fields) -> tuple[str, Row, bool]:
        hash = given[0].lower() if given and isinstance(given[0], str) else ""
        held = self._values.get(hash)
        if held is not None and (held is given or held == given):
            return hash, self.rows[hash], True
        return hash, fields.read(given), False

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
