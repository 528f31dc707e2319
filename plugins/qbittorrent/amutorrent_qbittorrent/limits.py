"""Speed limits, and the preferences that hold them."""

import json

import trio

from amutorrent import Limits, SpeedLimits

from .daemon import Daemon
from .failures import Refusal
from .wire import Preferences, ServerState

STALE_AFTER_S = 30
UNIT = 1024
MOST = (2**31 - 1) // UNIT * UNIT


class Limiter(SpeedLimits):
    """Reads and sets the ordinary limits, and switches to the alternative ones and back.

    The ordinary ones are read from the preferences: `server_state` only has those in force.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._held = Preferences()
        self._read_at = float("-inf")
        self._read_with: tuple[object, ...] = ()

    async def preferences(self) -> Preferences:
        """Give the preferences, asked for anew when they may have changed or are half a minute old."""
        now, mark = trio.current_time(), in_force(self._daemon.mirror.server)
        if now - self._read_at > STALE_AFTER_S or mark != self._read_with:
            self._held = await self._daemon.preferences()
            self._read_at, self._read_with = now, mark
        return self._held

    def limits(self) -> Limits:
        """Give the limits as they were last seen."""
        return self._limits(self._daemon.mirror.server.use_alt_speed_limits)

    async def set_speed_limits(
        self, download: int | None = None, upload: int | None = None, alternative: bool | None = None
    ) -> Limits:
        """Set limits, also the ordinary ones while the alternative ones are in force. Whole KiB/s, up to 2 GiB/s."""
        wanted = {"dl_limit": download, "up_limit": upload}
        changes = {name: whole(value) for name, value in wanted.items() if value is not None}
        if changes:
            await self._daemon.call("app/setPreferences", {"json": json.dumps(changes)})
        if alternative is not None:
            await self._switch(alternative)
        self._held = await self._daemon.preferences()
        return self._limits(await self._alternative())

    async def _switch(self, alternative: bool) -> None:
        if await self._alternative() == alternative:
            return
        try:
            await self._daemon.call("transfer/setSpeedLimitsMode", {"mode": str(int(alternative))})
        except Refusal as error:
            if error.http_status != 404:
                raise
            await self._daemon.call("transfer/toggleSpeedLimitsMode", {})

    async def _alternative(self) -> bool:
        return (await self._daemon.transport.get("transfer/speedLimitsMode")).strip() == b"1"

    def _limits(self, alternative: bool) -> Limits:
        return Limits(download=max(0, self._held.dl_limit), upload=max(0, self._held.up_limit), alternative=alternative)


def whole(limit: int) -> int:
    """Round a limit down to what the daemon can hold, but never to 0, which would mean none."""
    return 0 if limit <= 0 else min(MOST, max(UNIT, limit // UNIT * UNIT))


def in_force(server: ServerState) -> tuple[object, ...]:
    """Collect what changes when somebody sets a limit."""
    return server.use_alt_speed_limits, server.dl_rate_limit, server.up_rate_limit
