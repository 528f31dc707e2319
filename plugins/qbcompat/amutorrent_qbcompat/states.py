"""How the state of an item is called, and when the programs may take it away. Source: http-api 12, arr-contract 4, 5.

`pausedUP` alone lets a program delete what it has imported. An item without a seed goal of its own has met it.
"""

from msgspec import Struct

from amutorrent import Item

from .record import Record

UNLIMITED = -1
NOT_GIVEN = -2
MINUTE_S = 60
CLOSE_ENOUGH = 0.001
"""The programs compare ratios with this tolerance."""


class Goal(Struct, frozen=True):
    """How long an item is to be shared: a ratio, or minutes; -1 for ever, -2 not said."""

    ratio: float = 0.0
    minutes: int = NOT_GIVEN

    def met(self, ratio: float, seeding_s: int) -> bool:
        """Say whether it is reached."""
        by_ratio = self.ratio >= 0 and ratio >= self.ratio - CLOSE_ENOUGH
        return by_ratio or (self.minutes >= 0 and seeding_s >= self.minutes * MINUTE_S)


NO_GOAL = Goal()


def goal_of(record: Record | None) -> Goal:
    """Give the goal that was set for an item; without one the ratio 0, which is met at once."""
    if record is None or (record.ratio_limit is None and record.seeding_time_limit is None):
        return NO_GOAL
    ratio = float(NOT_GIVEN if record.ratio_limit is None else record.ratio_limit)
    return Goal(ratio, NOT_GIVEN if record.seeding_time_limit is None else record.seeding_time_limit)


def is_there(item: Item) -> bool:
    """Say whether all of an item lies at its final place, which is known."""
    return item.complete and bool(item.path) and item.move_status is None and item.status not in ("moving", "checking")


def state_of(item: Item, *, goal_met: bool) -> str:
    """Name the state of an item that its client shows."""
    if item.status == "moving" or item.move_status is not None:
        return "moving"
    if item.status in ("checking", "hashing-queued"):
        return "checkingUP" if item.complete else "checkingDL"
    if item.status == "error":
        return "error"
    if item.complete:
        if not item.path:
            return "moving"  # where it lies is not known yet
        return "pausedUP" if goal_met else "stalledUP"
    if item.status in ("paused", "stopped"):
        return "pausedDL"
    if item.download_speed > 0:
        return "downloading"
    return "queuedDL" if item.sources.total else "stalledDL"


def remembered_state(record: Record, *, goal_met: bool) -> str:
    """Name the state of an item that no client shows: not handed over yet, or its client is away."""
    if record.state == "failed":
        return "error"
    if record.last.complete and record.last.path:
        return "pausedUP" if goal_met else "stalledUP"
    return "pausedDL" if record.paused or record.last.paused else "queuedDL"
