"""aMuTorrent as a qBittorrent server. What aMuTorrent calls of this package stands here."""

from collections.abc import Awaitable, Callable

from amutorrent import Host, hookimpl

from .check import arr_check
from .desk import desk_of
from .handover import HandOver
from .surface import make_door, make_surface
from .times import Times

PLUGIN_API = (1, 0)

__all__ = ["PLUGIN_API", "register_operations", "register_services", "register_surfaces"]


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the question why something is not imported."""
    register(arr_check)


@hookimpl
def register_surfaces(register: Callable[..., None], host: Host) -> None:
    """Contribute everything under `/api/v2`, which looks by itself who asks."""
    register(make_surface(host), public=True, door=make_door(host))


@hookimpl
def register_services(register: Callable[[Callable[[], Awaitable[None]]], None], host: Host) -> None:
    """Contribute the hand-over of what was added, and what asks the history for times."""

    async def hand_over() -> None:
        await HandOver(host, desk_of(host)).run()

    async def learn_times() -> None:
        await Times(host, desk_of(host)).run()

    register(hand_over)
    register(learn_times)
