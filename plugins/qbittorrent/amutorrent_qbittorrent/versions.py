"""What the daemon's Web API version says about how to talk to it. Source: qbittorrent 1, 4, 5."""

import re
from dataclasses import dataclass

from amutorrent import AuthRejected, ProtocolError

OLDEST = (2, 8)
START_STOP = (2, 11)


@dataclass(frozen=True)
class Dialect:
    """How one version of the Web API calls things; `api` is `app/webapiVersion` in numbers."""

    api: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Dialect":
        """Read the version's text. Raises `AuthRejected` for one that is too old, `ProtocolError` for what is none."""
        if re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}", text) is None:
            raise ProtocolError(f"{text[:40]!r} is no version of qBittorrent's Web API: something else answers here")
        found = cls(tuple(map(int, text.split("."))))
        if found.api < OLDEST:
            raise AuthRejected(f"This qBittorrent has Web API {text}; from 2.8 on (qBittorrent 4.5) it can be used")
        return found

    @property
    def stop(self) -> str:
        """The endpoint that stops: renamed in qBittorrent 5."""
        return "torrents/stop" if self.api >= START_STOP else "torrents/pause"

    @property
    def start(self) -> str:
        """The endpoint that starts: renamed in qBittorrent 5."""
        return "torrents/start" if self.api >= START_STOP else "torrents/resume"


RENAMED = {
    "torrents/stop": "torrents/pause",
    "torrents/pause": "torrents/stop",
    "torrents/start": "torrents/resume",
    "torrents/resume": "torrents/start",
}
"""The other generation's name of an endpoint, tried when the first one is not there."""
