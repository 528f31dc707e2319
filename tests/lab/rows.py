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


def forgotten(item: dict[str, Any]) -> bool:
    """Say whether only ours still knows the category: aMule itself keeps that of downloads alone."""
    return item["networkType"] == "ed2k" and item["complete"]


def shown(items: Iterable[dict[str, Any]]) -> list[Row]:
    """Say the same of items of a snapshot, sorted."""
    return sorted(
        Row(
            hash=item["hash"],
            name=item["name"],
            size=item["size"],
            category="" if item["category"] == "Default" or forgotten(item) else item["category"],
            held=item["status"] in HELD,
        )
        for item in items
    )
