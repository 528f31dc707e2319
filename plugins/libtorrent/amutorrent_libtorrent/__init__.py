"""A BitTorrent engine inside the daemon, for aMuTorrent."""

from collections.abc import Awaitable, Callable

from amutorrent import Client, PluginError, hookimpl

try:
    import libtorrent as _libtorrent  # noqa: F401  (asked for first, so that its absence has words)
except ImportError as error:
    raise PluginError(
        f"libtorrent is not there for this Python or this platform ({error}); there are builds for CPython 3.11 to 3.13"
        " on Linux, macOS and Windows. Other clients are not concerned"
    ) from error

from .client import Libtorrent
from .options import set_torrent_options

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "Libtorrent", "register_client_types", "register_operations"]


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client type `libtorrent`."""
    register(Libtorrent)


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the operation `setTorrentOptions`."""
    register(set_torrent_options)
