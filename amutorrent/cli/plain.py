"""What happens, line by line, for pipes and logs."""

import time
from collections.abc import Iterator
from typing import Any

from ..replay import Replay
from .output import clean, size, speed

STEP = 5
"""A line for every so many per cent."""

Item = dict[str, Any]
"""An item as JSON. Any: see `replay`."""


class PlainLines:
    """Compares the list with how it was before, and puts the difference into lines."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[str, str, int]] | None = None
        self._states: dict[str, str] = {}

    def lines(self, replay: Replay) -> Iterator[str]:
        """Give the lines for what has changed since the last call; the first one gives a summary."""
        if replay.seq is None:
            return
        yield from self._instances(replay)
        now = {key: (item["status"], item["name"], int(item["progress"]) // STEP) for key, item in replay.items.items()}
        before, self._items = self._items, now
        if before is None:
            yield summary(replay)
            return
        yield from (_line(key, f"{clean(was[1])}: removed") for key, was in before.items() if key not in now)
        for key, state in now.items():
            was = before.get(key)
            if was is None or was[0] != state[0] or was[2] != state[2]:
                yield _line(key, _progress(replay.items[key], "added, " if was is None else ""))

    def _instances(self, replay: Replay) -> Iterator[str]:
        now = {id: str(info["state"]) for id, info in replay.instances.items()}
        before, self._states = self._states, now
        for id, state in now.items():
            if before.get(id) != state:
                error = replay.instances[id].get("error")
                yield _line(id, f"{state}{f': {clean(error)}' if error else ''}")


def summary(replay: Replay) -> str:
    """Give one line about everything."""
    items = replay.items.values()
    active = sum(1 for item in items if item["status"] == "active")
    seeding = sum(1 for item in items if item["status"] == "seeding")
    down, up = total_speeds(replay)
    online = sum(1 for info in replay.instances.values() if info["connected"])
    return (
        f"{len(items)} items, {active} active, {seeding} seeding, "
        f"down {speed(down) or '0 B/s'}, up {speed(up) or '0 B/s'}, "
        f"{online} of {len(replay.instances)} clients connected"
    )


def total_speeds(replay: Replay) -> tuple[int, int]:
    """Add up the speeds of all instances: down, up."""
    speeds = replay.speeds.values()
    return sum(each["downloadSpeed"] for each in speeds), sum(each["uploadSpeed"] for each in speeds)


def _progress(item: Item, prefix: str) -> str:
    rate = speed(item["downloadSpeed"])
    return (
        f"{clean(item['name'])}: {prefix}{item['status']}, {item['progress']:.0f} % of {size(item['size'])}"
        f"{f', {rate}' if rate else ''}"
    )


def _line(key: str, what: str) -> str:
    return f"{time.strftime('%H:%M:%S')} {clean(key.partition(':')[0])} {what}"
