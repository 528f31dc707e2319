"""Speeds by the difference of totals: the daemon's own are means over the last 30 to 60 s. Source: rtorrent 1."""

from msgspec import Struct

SHORTEST_S = 1.0
"""A difference over less time says too little: blocks come in bursts."""


class _Seen(Struct, gc=False):
    at: float
    down: int
    up: int
    speed: tuple[int, int]


class Meter:
    """Remembers totals, and gives download and upload in bytes/s."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def measure(self, key: str, at: float, down: int, up: int, otherwise: tuple[int, int]) -> tuple[int, int]:
        """Take the totals at a time in seconds; `otherwise` is given until there is a difference."""
        seen = self._seen.get(key)
        if seen is None or down < seen.down or up < seen.up:  # counted anew
            seen = self._seen[key] = _Seen(at, down, up, otherwise)
        elif (passed := at - seen.at) >= SHORTEST_S:
            speed = (int((down - seen.down) / passed), int((up - seen.up) / passed))
            seen.at, seen.down, seen.up, seen.speed = at, down, up, speed
        return seen.speed

    def forget(self, key: str) -> None:
        """Drop what is gone."""
        self._seen.pop(key, None)
