"""qBittorrent for aMuTorrent."""

from collections.abc import Callable

from amutorrent import Client, hookimpl

from .client import QBittorrent

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "QBittorrent", "register_client_types"]


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `qbittorrent`."""
    register(QBittorrent)
