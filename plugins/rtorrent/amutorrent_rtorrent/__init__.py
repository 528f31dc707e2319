"""rTorrent for aMuTorrent."""

from collections.abc import Callable

from amutorrent import Client, hookimpl

from .client import RTorrent

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "RTorrent", "register_client_types"]


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `rtorrent`."""
    register(RTorrent)
