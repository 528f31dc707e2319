"""A Torznab indexer over the clients that can search. Source: http-api 11."""

from collections.abc import Awaitable, Callable
from functools import cache

from amutorrent import Host, hookimpl

from .settings import TorznabSettings
from .surface import Indexer

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "Indexer", "TorznabSettings", "register_services", "register_surfaces"]


@cache
def _indexer(host: Host) -> Indexer:
    """Make the indexer of one load: both hooks are given the same handle, and share it."""
    return Indexer(host)


@hookimpl
def register_surfaces(register: Callable[..., None], host: Host) -> None:
    """Contribute the routes below `/indexer`, which find out by themselves who asks."""
    indexer = _indexer(host)
    register(indexer.blueprint(), public=True, door=indexer.know)


@hookimpl
def register_services(register: Callable[[Callable[[], Awaitable[None]]], None], host: Host) -> None:
    """Contribute the work that goes on when whoever asked has left: searches that run, and what they found."""
    register(_indexer(host).serve)
