"""Speed limits. Source: rtorrent 5."""

from collections.abc import Mapping
from typing import Final

from amutorrent import Limits, SpeedLimits, Unsupported

from .calls import Call, Fault, Value, call
from .daemon import Daemon

UNIT: Final = 1024
MOST: Final = 327_634 * UNIT
"""320 MiB/s: 0.9.8 refuses more, since it allows so many uploads at a time as fit the limit, and no more than 2^16."""
DOWN: Final = "throttle.global_down.max_rate"
UP: Final = "throttle.global_up.max_rate"


class Limiter(SpeedLimits):
    """Reads and sets the limits of all torrents together."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def set_speed_limits(
        self, download: int | None = None, upload: int | None = None, alternative: bool | None = None
    ) -> Limits:
        """Set limits: whole KiB/s, below 1 GiB/s. The daemon has no alternative ones."""
        if alternative is not None:
            raise Unsupported(SpeedLimits.capability, "rTorrent has no second set of limits")
        calls: list[Call] = []
        for method, value in ((DOWN, download), (UP, upload)):
            if value is not None:
                calls.append(call(f"{method}.set", "", whole(value)))
        answers = await self._daemon.many([*calls, call(DOWN, ""), call(UP, "")])
        for answer in answers:
            if isinstance(answer, Fault):
                raise answer
        return limits_of(dict(zip((DOWN, UP), answers[-2:], strict=True))) or Limits(download=0, upload=0)


def whole(limit: int) -> int:
    """Round a limit down to what the daemon can hold, but never to 0, which would mean none."""
    return 0 if limit <= 0 else min(MOST, max(UNIT, limit // UNIT * UNIT))


def limits_of(facts: Mapping[str, Value]) -> Limits | None:
    """Give the limits that the daemon told; None if it did not."""
    if DOWN not in facts or UP not in facts:
        return None
    return Limits(download=number_of(facts, DOWN), upload=number_of(facts, UP))


def number_of(facts: Mapping[str, Value], name: str) -> int:
    """Give a number that the daemon told, 0 if it is none."""
    value = facts.get(name)
    return value if isinstance(value, int) and 0 <= value < 2**63 else 0
