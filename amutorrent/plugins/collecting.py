"""What a plugin's module says of itself: its version of the API, and what its hooks register."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pluggy

from .. import hookspecs
from ..client import Client, ClientSettings
from ..errors import PluginError
from ..hookspecs import HOOKS, PLUGIN_API
from ..operations.declare import declared
from .contribution import Contribution


def stated_api(module: ModuleType) -> tuple[int, int]:
    """Read the version of the API that it was written for. Raises `PluginError` if there is none."""
    api = getattr(module, "PLUGIN_API", None)
    if not (isinstance(api, tuple) and len(api) == 2 and all(type(part) is int for part in api)):
        raise PluginError(f"it says no PLUGIN_API; for this host it would be {PLUGIN_API}")
    return api


def check_version(api: tuple[int, int]) -> None:
    """Raise `PluginError` unless this host serves that version."""
    if api[0] != PLUGIN_API[0] or api[1] > PLUGIN_API[1]:
        ours = ".".join(map(str, PLUGIN_API))
        raise PluginError(f"it was written for plugin API {api[0]}.{api[1]}; this host has {ours}")


def collect(name: str, module: ModuleType, host: object) -> Contribution:
    """Call every hook of one plugin, by itself in a manager of its own, and collect what it registers.

    Raises `PluginError` for what is not as the API wants it, and whatever the plugin raises.
    """
    manager = pluggy.PluginManager("amutorrent")
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"{error}; the hooks are {', '.join(HOOKS)}") from error
    surfaces = _Surfaces()
    collected: dict[str, list[Any]] = {hook: [] for hook in HOOKS}  # Any: checked below, kind by kind
    for hook in HOOKS:
        if inspect.iscoroutinefunction(getattr(module, hook, None)):
            raise PluginError(f"its hook {hook} is async; hooks are plain functions")
        caller = getattr(manager.hook, hook)
        offered = {"register": collected[hook].append, "host": host}
        if hook == "register_surfaces":
            offered["register"] = surfaces.register
        caller(**{argument: offered[argument] for argument in caller.spec.argnames})
    return Contribution(
        client_types=[_checked_type(each) for each in collected["register_client_types"]],
        operations=declared(collected["register_operations"], name),
        surfaces=[_checked_surface(each) for each in surfaces.all],
        public_surfaces={each.name for each in surfaces.public},
        doors={_prefix(each): _checked_door(door) for each, door in surfaces.doors},
        services=[_checked_service(each) for each in collected["register_services"]],
    )


class _Surfaces:
    """What `register_surfaces` registers."""

    def __init__(self) -> None:
        self.all: list[Any] = []  # Any: checked later
        self.public: list[Any] = []
        self.doors: list[tuple[Any, object]] = []

    def register(self, surface: object, *, public: bool = False, door: object = None) -> None:
        """Take a blueprint; `public`: it looks by itself who asks, and says by `door` whether it knows somebody."""
        self.all.append(surface)
        if public:
            self.public.append(surface)
        if door is not None:
            if not public:
                raise PluginError("only a public surface has a door of its own")
            self.doors.append((surface, door))


def _checked_type(kind: object) -> type[Client]:
    if not (isinstance(kind, type) and issubclass(kind, Client)):
        raise PluginError(f"{kind!r} is not a subclass of Client")
    for attribute, wanted in (("type", str), ("label", str), ("network", str), ("Settings", type)):
        if not isinstance(getattr(kind, attribute, None), wanted):
            raise PluginError(f"{kind.__name__} has no {attribute}")
    if not issubclass(kind.Settings, ClientSettings):
        raise PluginError(f"{kind.__name__}.Settings is not a subclass of ClientSettings")
    if not (kind.type.isascii() and kind.type.isalnum()) or kind.type != kind.type.lower():
        raise PluginError(f"the client type {kind.type!r} is not lower-case letters and digits")
    if kind.parts is not Client.parts and not kind.part_types:
        raise PluginError(f"{kind.__name__} has parts of its own, but no part_types that names their classes")
    for each in (kind, *kind.part_types):
        missing: frozenset[str] = getattr(each, "__abstractmethods__", frozenset())
        if missing:
            raise PluginError(f"{each.__name__} does not implement {', '.join(sorted(missing))}")
    return kind


def _checked_surface(surface: object) -> object:
    from quart import Blueprint  # imported late: only few plugins have routes, and Quart is slow to import

    if not isinstance(surface, Blueprint):
        raise PluginError(f"{surface!r} is not a Quart blueprint")
    return surface


def _prefix(surface: Any) -> str:  # Any: quart.Blueprint
    prefix = str(getattr(surface, "url_prefix", None) or "").rstrip("/")
    if not prefix:
        raise PluginError("a surface with a door of its own needs a url_prefix")
    return prefix


def _checked_door(door: object) -> Callable[[Any], Any]:
    if not inspect.iscoroutinefunction(door):
        raise PluginError(f"{door!r} is not an async function")
    return door


def _checked_service(service: object) -> Callable[[], Any]:
    if not callable(service):
        raise PluginError(f"{service!r} is not an async function")
    return service
