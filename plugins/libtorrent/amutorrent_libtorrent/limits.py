"""The limits of all torrents together."""

import msgspec

from amutorrent import Limits, SpeedLimits, Unsupported

from .engine import Engine
from .loading import LIMITS

MOST = 2**31 - 1


class Limiter(SpeedLimits):
    """Sets them; they are kept, and count instead of those of the settings. Peers in the local network have none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def limits(self) -> Limits:
        """Give those in force."""
        return Limits(download=self._engine.limits[0], upload=self._engine.limits[1], alternative=None)

    async def set_speed_limits(
        self, download: int | None = None, upload: int | None = None, alternative: bool | None = None
    ) -> Limits:
        """Set limits."""
        if alternative is not None:
            raise Unsupported(self.capability, "The engine has no second set of limits")
        await self._engine.ready()
        before = self._engine.limits
        wanted = (before[0] if download is None else within(download), before[1] if upload is None else within(upload))
        if wanted != before:
            await self._engine.run_sync(self._engine.shelf.set, {LIMITS: msgspec.json.encode(wanted)})
            self._engine.limits = wanted
            self._engine.session.native.apply_settings(
                {"download_rate_limit": wanted[0], "upload_rate_limit": wanted[1]}
            )
        return self.limits()


def within(limit: int) -> int:
    """Give what libtorrent can hold."""
    return min(max(0, limit), MOST)
