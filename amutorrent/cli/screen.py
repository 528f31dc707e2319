"""The live table of `amutorrent watch`."""

import heapq
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ..replay import Replay
from .output import clean, duration, size, speed
from .plain import summary

STATES = {"online": "green", "degraded": "yellow", "connecting": "yellow", "waiting": "yellow"}
STATUSES = {"active": "cyan", "seeding": "green", "completed": "green", "error": "red"}
BUSY = ("active", "checking", "moving", "hashing-queued", "error", "seeding")
HEAD = 4
"""Lines around the rows: totals, header, its rule, and what is left out."""


def picture(replay: Replay, console: Console, problem: str | None) -> RenderableType:
    """Draw everything, as many rows as fit."""
    lines: list[RenderableType] = [_instance(id, info) for id, info in replay.instances.items()]
    if problem:
        lines.append(Text(clean(problem), style="red"))
    if replay.seq is None and not replay.items:
        return Group(*lines, Text("Waiting for the list"))
    room = max(1, console.height - HEAD - len(lines))
    rest = len(replay.items) - room
    table = _table(replay, room, console.width)
    more = [Text(f"and {rest} more", style="dim")] if rest > 0 else []
    return Group(Text(summary(replay), style="bold"), *lines, table, *more)


def _table(replay: Replay, rows: int, width: int) -> Table:
    several = len(replay.instances) > 1
    table = Table(box=None, expand=True, padding=(0, 1), header_style="dim")
    table.add_column("Name", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in (["Client"] if several else []) + ["Status"]:
        table.add_column(name, no_wrap=True)
    table.add_column("Progress", width=max(8, width // 8))
    for name in ("%", "Size", "Down", "Up", "Left"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in heapq.nlargest(rows, replay.items.values(), key=_activity):
        table.add_row(*_cells(item, several))
    return table


def _cells(item: dict[str, Any], several: bool) -> list[RenderableType]:  # Any: JSON values
    status = str(item["status"])
    return [
        Text(clean(item["name"])),
        *([Text(clean(item["instanceId"]), style="dim")] if several else []),
        Text(clean(status), style=STATUSES.get(status, "")),
        ProgressBar(total=100, completed=item["progress"]),
        f"{item['progress']:.1f}",
        size(item["size"]),
        speed(item["downloadSpeed"]),
        speed(item["uploadSpeed"]),
        duration(item.get("eta")),
    ]


def _activity(item: dict[str, Any]) -> tuple[int, int, float, str]:  # Any: JSON values
    """Sort by what moves most, then by what could."""
    status = item["status"]
    busy = len(BUSY) - BUSY.index(status) if status in BUSY else 0
    return item["downloadSpeed"] + item["uploadSpeed"], busy, item["progress"], item["hash"]


def _instance(id: str, info: dict[str, Any]) -> Text:  # Any: JSON values
    state = str(info["state"])
    text = Text(f"{clean(id)} ")
    text.append(clean(state), style=STATES.get(state, "red"))
    if info.get("error"):
        text.append(f": {clean(info['error'])}", style="dim")
    text.no_wrap, text.overflow = True, "ellipsis"
    return text
