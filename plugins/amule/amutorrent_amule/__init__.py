"""aMule for aMuTorrent."""

from collections.abc import Callable

from amutorrent import Client, hookimpl

from .client import AMule

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "AMule", "register_client_types"]


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `amule`."""
    register(AMule)
