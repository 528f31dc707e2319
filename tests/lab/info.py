"""What is said of an instance, for tests that have none."""

from amutorrent.model import InstanceInfo

ONLINE: dict[str, object] = {
    "type": "demo",
    "connected": True,
    "name": "Demo",
    "network_type": "bittorrent",
    "order": 0,
    "color": None,
    "state": "online",
    "error": None,
    "error_time": None,
    "stale_since": None,
    "retry_at": None,
    "version": "1",
    "last_poll_ms": 1,
    "capabilities": {},
    "network_status": None,
    "speed_limits": None,
}


def info(**facts: object) -> InstanceInfo:
    """Describe one that is online, but for these facts."""
    return InstanceInfo(**{**ONLINE, **facts})
