"""The statistics tree, and the totals in it. Source: amule-ec 6 and 7.1."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from amutorrent import StatsNode, StatsTree, Totals

from .codes import Op, T
from .daemon import Daemon
from .tags import Tag, Type, uint

PLACE: Final = re.compile(r"%[-+ 0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j)?[sdiuxXfgc]")
UNITS: Final = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
UPTIME, UPLOADED, DOWNLOADED = "Uptime:", "Uploaded Data (Session", "Downloaded Data (Session"


class Figures(StatsTree):
    """Reads the statistics tree, and from it what this run of the daemon has moved."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def stats_tree(self) -> Sequence[StatsNode]:
        """Read the whole tree."""
        packet = await self._daemon.command(Op.GET_STATSTREE, uint(T.STATTREE_CAPPING, 0))
        return [node(tag) for tag in packet.tags if tag.name == T.STATTREE_NODE]

    async def totals(self) -> Totals | None:
        """Read what was moved since the daemon started, and how long ago that was.

        The totals of the short statistics are no use: they lag behind.
        """
        packet = await self._daemon.question(Op.GET_STATSTREE, uint(T.STATTREE_CAPPING, 1))
        found = {label: value for tag in packet.tags for label, value in _values(tag)}
        if not {UPTIME, UPLOADED, DOWNLOADED} <= found.keys():
            return None
        return Totals(downloaded=found[DOWNLOADED], uploaded=found[UPLOADED], uptime=found[UPTIME])


def _values(tag: Tag) -> Iterator[tuple[str, int]]:
    label = tag.text if tag.type == Type.STRING else ""
    for wanted in (UPTIME, UPLOADED, DOWNLOADED):
        if label.startswith(wanted) and (value := tag.child(T.STAT_NODE_VALUE)) is not None:
            yield wanted, value.number
    for child in tag.children:
        if child.name == T.STATTREE_NODE:
            yield from _values(child)


def node(tag: Tag) -> StatsNode:
    """Map a node of the tree with all below it."""
    template = tag.text
    values = tuple(written(each) for each in tag.children if each.name == T.STAT_NODE_VALUE)
    return StatsNode(
        label=filled(template, values),
        template=template,
        values=values,
        children=tuple(node(each) for each in tag.children if each.name == T.STATTREE_NODE),
    )


def filled(template: str, values: Sequence[str]) -> str:
    """Put values into the places of a printf template."""
    left = iter(values)
    return PLACE.sub(lambda place: next(left, place[0]), template).replace("%%", "%")


def written(tag: Tag) -> str:
    """Write a value as its type wants it; a value within it follows in parentheses."""
    kind = tag.child(T.STAT_VALUE_TYPE)
    text = _write(tag, kind.number if kind is not None else 0)
    inner = tag.child(T.STAT_NODE_VALUE)
    return text if inner is None else f"{text} ({written(inner)})"


def _write(tag: Tag, kind: int) -> str:
    if tag.type == Type.STRING:
        return tag.text
    if tag.type == Type.DOUBLE:
        return f"{tag.real:.2f}"
    if kind == 2:
        return size(tag.number)
    if kind == 4:
        return duration(tag.number)
    if kind == 5:
        return f"{size(tag.number)}/s"
    return str(tag.number)


def size(count: int) -> str:
    """Write a number of bytes."""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{count} B" if unit == 0 else f"{value:.2f} {UNITS[unit]}"


def duration(seconds: int) -> str:
    """Write a time as its two largest units: `4m 58s`."""
    parts = [(seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s")]
    start = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count}{unit}" for count, unit in parts[start : start + 2])
