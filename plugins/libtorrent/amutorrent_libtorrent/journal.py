"""The engine's own log: what libtorrent tells of listening, trackers and disks."""

from collections.abc import Sequence

from amutorrent import Logs

from .engine import Engine


class Journal(Logs):
    """The last lines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def log_lines(self) -> Sequence[str]:
        """Give the lines as `2024-01-15 10:00:00: text`, in UTC."""
        await self._engine.ready()
        return tuple(self._engine.lines)
