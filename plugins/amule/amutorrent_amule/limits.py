"""Speed limits: the daemon keeps kB/s. Source: amule-ec 6 (Preferences)."""

from typing import Final

from amutorrent import Limits, SpeedLimits, Unsupported

from .codec import Packet
from .codes import Op, Select, T
from .daemon import Daemon
from .tags import Tag, first, marker, uint

UNIT: Final = 1024
MOST: Final = 0xFFFE
"""kB/s: the daemon keeps 16 bits, and the largest of them means unlimited."""


class Limiter(SpeedLimits):
    """Reads and sets the limits. There is no second set."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def set_speed_limits(
        self, download: int | None = None, upload: int | None = None, alternative: bool | None = None
    ) -> Limits:
        """Set limits. What else stands in that group of preferences is left as it is."""
        if alternative is not None:
            raise Unsupported(self.capability, "aMule has no alternative speed limits")
        wanted = {T.CONN_MAX_DL: download, T.CONN_MAX_UL: upload}
        changes = [uint(name, whole(value)) for name, value in wanted.items() if value is not None]
        if changes:
            await self._daemon.command(Op.SET_PREFERENCES, marker(T.PREFS_CONNECTIONS, *changes))
        return limits(await self._daemon.command(Op.GET_PREFERENCES, selected()))


def selected() -> Tag:
    """Select the group of preferences that holds limits and ports."""
    return uint(T.SELECT_PREFS, Select.CONNECTIONS)


def preference(packet: Packet, name: int) -> int:
    """Read a number of that group; 0 where it is not told."""
    group = first(packet.tags, T.PREFS_CONNECTIONS)
    found = group.child(name) if group is not None else None
    return found.number if found is not None else 0


def limits(packet: Packet) -> Limits:
    """Read the limits in force."""
    return Limits(download=preference(packet, T.CONN_MAX_DL) * UNIT, upload=preference(packet, T.CONN_MAX_UL) * UNIT)


def whole(limit: int) -> int:
    """Round a limit down to whole kB/s, but never to 0, which would mean none."""
    return 0 if limit <= 0 else min(MOST, max(1, limit // UNIT))
