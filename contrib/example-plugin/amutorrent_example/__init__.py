"""A simulated client for aMuTorrent. What aMuTorrent calls of this package stands here."""

from collections.abc import Awaitable, Callable

from amutorrent import Client, hookimpl

from .client import Example
from .clock import fast_forward

PLUGIN_API = (1, 0)


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `example`."""
    register(Example)


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the operation `fastForward`."""
    register(fast_forward)
