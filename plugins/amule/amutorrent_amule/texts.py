"""The daemon's log, and what its server has to say. Source: amule-ec 6 (Logs, Servers)."""

from collections.abc import Sequence
from typing import Final

from amutorrent import Logs, ServerInfo

from .codes import Op, T
from .daemon import Daemon
from .tags import first

KEPT: Final = 1000


class Texts(Logs, ServerInfo):
    """Reads both as lines."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def log_lines(self) -> Sequence[str]:
        """Read the end of the log. A line is `!` or a blank, the daemon's own time, and the text."""
        return (await self._lines(Op.GET_LOG))[-KEPT:]

    async def server_info(self) -> Sequence[str]:
        """Read what servers have said since the daemon started."""
        return await self._lines(Op.GET_SERVERINFO)

    async def _lines(self, op: Op) -> list[str]:
        found = first((await self._daemon.command(op)).tags, T.STRING)
        return [line for line in (found.text if found is not None else "").splitlines() if line.strip()]
