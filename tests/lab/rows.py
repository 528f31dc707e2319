"""What a daemon itself lists, in one form for all kinds of daemons: to be compared with what our own shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HELD = ("paused", "stopped", "completed")
"""States in which nothing moves because somebody wants it so; `completed` is whole, and stopped."""


@dataclass(frozen=True, order=True)
class Row:
    """One entry of a daemon's own list. `category` "": in none; `held`: paused or stopped."""

    hash: str
    name: str
    size: int
    category: str
    held: bool


def shown(items: Iterable[dict[str, Any]]) -> list[Row]:
    """Say the same of items of a snapshot, sorted."""
    return sorted(
        Row(
            hash=item["hash"],
            name=item["name"],
            size=item["size"],
            category="" if item["category"] == "Default" else item["category"],
            held=item["status"] in HELD,
        )
        for item in items
    )
