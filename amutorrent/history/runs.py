"""In which of its runs a client counts, where all that it tells is for how long. Source: data-model 10, amule-ec 6."""

import time
from collections.abc import Callable
from typing import NamedTuple

from ..client import Totals
from ..model.metrics import Counted

NEAR_S = 60.0
"""Runs that began so close to each other are one: answers take their time, and clocks of months drift.

A client that was started twice within it is seen by its totals, which fall.
"""


class _Run(NamedTuple):
    """When a run began, by each of two clocks; None: by this one nobody knows."""

    by_wall: float | None
    by_steady: float | None

    def is_also(self, other: "_Run") -> bool:
        """Say whether both are one, by either clock: that on the wall is set now and then, the other sleeps."""
        return _near(self.by_wall, other.by_wall) or _near(self.by_steady, other.by_steady)


class Runs:
    """The latest run of each client. What is saved of it, its time on the wall, is known after our own restarts."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self._latest: dict[str, _Run] = {}

    def session_of(self, instance_id: str, totals: Totals, before: Counted | None) -> tuple[str, bool]:
        """Name the session in which a client counts ("": it counts for life), and say whether it has begun anew."""
        if totals.uptime is None:
            session = totals.session or ""
            return session, before is not None and session != before.session
        found = _Run(self._wall() - totals.uptime, self._steady() - totals.uptime)
        latest = self._latest.get(instance_id) or _saved(before)
        self._latest[instance_id] = found
        return f"{found.by_wall:.0f}", latest is None or not latest.is_also(found)


def _saved(before: Counted | None) -> _Run | None:
    try:
        return _Run(float(before.session), None) if before is not None else None
    except ValueError:
        return None  # it named its sessions itself, or counted for life


def _near(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= NEAR_S
