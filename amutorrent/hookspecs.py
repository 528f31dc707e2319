"""Every hook, on this page. A hook is a plain function, called once at load; it does no I/O.

A plugin is a module named by an entry point in the group `amutorrent`, with `PLUGIN_API = (1, 0)` (the version of this
page that it was written for) and any of these functions marked with `hookimpl`. A hook may leave out arguments
that it does not need.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from .client import Client
    from .host import Host

PLUGIN_API = (1, 0)
"""Major: something went or changed its meaning. Minor: something was added."""

hookspec = pluggy.HookspecMarker("amutorrent")
hookimpl = pluggy.HookimplMarker("amutorrent")
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec
def register_client_types(register: "Callable[[type[Client]], None]") -> None:
    """Contribute client types: call `register(YourClient)` once for each."""


@hookspec
def register_operations(register: "Callable[[Callable[..., Awaitable[object]]], None]") -> None:
    """Contribute operations of your own: call `register(function)` for each function made with `@operation`."""


@hookspec
def register_surfaces(register: "Callable[..., None]", host: "Host") -> None:
    """Contribute routes of a foreign shape: call `register(blueprint)` for each Quart blueprint.

    They answer those only who have shown who they are, by a session, a trusted proxy or an API key. With
    `register(blueprint, public=True)` they answer everybody, and ask `host.asking(request.scope)` who it is.

    Where such a surface has credentials of its own, `door=know` makes them count: `await know(scope)` says of somebody
    unknown to the host whether they have shown there who they are. Only then bodies may be long (16 MiB), and requests
    many. What it found out it may leave in the scope, for its routes. The blueprint then needs a `url_prefix`.
    """


@hookspec
def register_services(register: "Callable[[Callable[[], Awaitable[None]]], None]", host: "Host") -> None:
    """Contribute long-running work: call `register(async_function)`; it is restarted with back-off if it ends."""


HOOKS = ("register_client_types", "register_operations", "register_surfaces", "register_services")
