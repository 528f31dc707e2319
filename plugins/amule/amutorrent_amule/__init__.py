"""aMule for aMuTorrent."""

from collections.abc import Awaitable, Callable

from amutorrent import Client, hookimpl

from .client import AMule
from .shared_dirs import configure_shared_dirs, get_shared_dirs, reload_shared_dirs, save_shared_dirs

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "AMule", "register_client_types", "register_operations"]


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `amule`."""
    register(AMule)


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the operations on shared directories."""
    for each in (get_shared_dirs, save_shared_dirs, reload_shared_dirs, configure_shared_dirs):
        register(each)
