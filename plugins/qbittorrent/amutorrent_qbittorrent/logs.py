"""The daemon's own log."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from amutorrent import Logs

from .daemon import Daemon
from .wire import LogLine, read

KEPT = 1000
WORDS = {4: "warning: ", 8: "critical: "}


class DaemonLog(Logs):
    """The last lines of the log; each is asked for once."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._last = -1

    async def log_lines(self) -> Sequence[str]:
        """Give the lines as `2024-01-15 10:00:00: text`, in UTC, warnings marked as such."""
        body = await self._daemon.transport.get("log/main", last_known_id=self._last)
        for line in read(body, list[LogLine], "log/main"):
            if line.id > self._last:
                self._last = line.id
                self._lines.append(text(line))
        return tuple(self._lines)


def text(line: LogLine) -> str:
    """Write one entry as a line."""
    seconds = min(max(line.timestamp, 0), 253_402_300_799)
    when = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{when}: {WORDS.get(line.type, '')}{line.message}"
