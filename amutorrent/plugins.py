"""Plugins: found by entry points, loaded one by one, checked as a whole, quarantined if anything is wrong.

What a plugin registers is collected first and taken over only when all of it fits; a quarantined plugin leaves
nothing behind. Source: design 3.
"""

import inspect
import itertools
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from types import ModuleType
from typing import Any

import pluggy

from . import hookspecs
from .client import Client, ClientSettings
from .errors import AmutorrentError, PluginError
from .hookspecs import HOOKS, PLUGIN_API
from .model import PluginInfo, PluginState, Provides
from .operations import Operation
from .operations.declare import declared
from .routes import meet, shape

GROUP = "amutorrent"
BUNDLED = frozenset({"amutorrent-amule", "amutorrent-qbittorrent", "amutorrent-rtorrent"})
"""The distributions that come with the host, for the list of plugins; nothing is loaded by these names."""

log = logging.getLogger("amutorrent.plugins")
HostFor = Callable[[str], object]


@dataclass
class Contribution:
    """All that one plugin registers."""

    client_types: list[type[Client]] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    surfaces: list[Any] = field(default_factory=list)  # Any: quart.Blueprint, imported only where one is served
    services: list[Callable[[], Any]] = field(default_factory=list)

    def provides(self) -> Provides:
        """Name what is there."""
        return Provides(
            client_types=[each.type for each in self.client_types],
            operations=[each.action for each in self.operations],
            surfaces=[each.name for each in self.surfaces],
            services=[getattr(each, "__qualname__", repr(each)) for each in self.services],
        )


class Plugins:
    """The plugins that were loaded, and the table of all that were found."""

    def __init__(self, host_operations: Iterable[Operation] = (), host_routes: Iterable[tuple[str, str]] = ()) -> None:
        self.table: list[PluginInfo] = []
        self.contributions: dict[str, Contribution] = {}
        self._host = Contribution(operations=list(host_operations))
        self._host_routes = list(host_routes)

    @property
    def client_types(self) -> dict[str, type[Client]]:
        """The client classes, by type."""
        return {kind.type: kind for each in self.contributions.values() for kind in each.client_types}

    @property
    def operations(self) -> list[Operation]:
        """The plugins' own operations."""
        return [operation for each in self.contributions.values() for operation in each.operations]

    @property
    def surfaces(self) -> list[Any]:  # Any: quart.Blueprint
        """The plugins' blueprints."""
        return [surface for each in self.contributions.values() for surface in each.surfaces]

    @property
    def services(self) -> list[tuple[str, Callable[[], Any]]]:
        """The plugins' services, each with the name of its plugin."""
        return [(name, service) for name, each in self.contributions.items() for service in each.services]

    @property
    def unavailable(self) -> dict[str, str]:
        """Why a plugin is not there, by its name."""
        return {each.name: each.reason or each.state for each in self.table if each.state != "loaded"}

    def take(self, name: str, found: Contribution) -> None:
        """Take over what a plugin registered. Raises `PluginError` naming both owners if anything clashes."""
        owners = {"the host": self._host, **self.contributions}
        for owner, other in owners.items():
            _no_clash(owner, other, found, self._host_routes if owner == "the host" else [])
        _no_clash("itself", None, found, [])
        self.contributions[name] = found


def load_plugins(
    *,
    blocked: Iterable[str] = (),
    enabled: bool = True,
    host_for: HostFor = lambda name: None,
    host_operations: Iterable[Operation] = (),
    host_routes: Iterable[tuple[str, str]] = (),
    entry_points: Iterable[metadata.EntryPoint] | None = None,
) -> Plugins:
    """Find and load all plugins; never raises for one of them.

    `blocked` names plugins that are left alone, not even imported; `enabled` False leaves all alone. `host_for`
    gives the `host` handle of a plugin by its name. `host_routes` are (method, rule) that are taken already.
    """
    found = metadata.entry_points(group=GROUP) if entry_points is None else entry_points
    plugins = Plugins(host_operations, host_routes)
    blocked = frozenset(blocked)
    for entry_point in sorted(found, key=lambda each: each.name):
        off = not enabled or entry_point.name in blocked
        plugins.table.append(_off(entry_point) if off else _load(plugins, entry_point, host_for))
    return plugins


def _off(entry_point: metadata.EntryPoint) -> PluginInfo:
    return _info(entry_point, "off", "It was switched off by a flag")


def _load(plugins: Plugins, entry_point: metadata.EntryPoint, host_for: HostFor) -> PluginInfo:
    api: tuple[int, int] | None = None
    try:
        if any(each.name == entry_point.name for each in plugins.table):
            raise PluginError(f"another plugin of the name {entry_point.name} was found first")
        module = entry_point.load()
        api = _stated_api(module)
        _check_version(api)
        contribution = _contribution(entry_point.name, module, host_for(entry_point.name))
        plugins.take(entry_point.name, contribution)
    except (SystemExit, Exception) as error:  # a plugin's failure stops here: it is quarantined, the others load
        reason = error.message if isinstance(error, AmutorrentError) else f"{type(error).__name__}: {error}"
        log.error("plugin %s is quarantined: %s", entry_point.name, reason, exc_info=not isinstance(error, PluginError))
        return _info(entry_point, "quarantined", reason, api)
    return _info(entry_point, "loaded", None, api, contribution.provides())


def _info(
    entry_point: metadata.EntryPoint,
    state: PluginState,
    reason: str | None,
    api: tuple[int, int] | None = None,
    provides: Provides | None = None,
) -> PluginInfo:
    distribution = entry_point.dist
    return PluginInfo(
        name=entry_point.name,
        version=distribution.version if distribution else "unknown",
        api_version=f"{api[0]}.{api[1]}" if api else None,
        bundled=bool(distribution and distribution.name.lower().replace("_", "-") in BUNDLED),
        state=state,
        reason=reason,
        provides=provides or Provides(),
    )


def _stated_api(module: ModuleType) -> tuple[int, int]:
    api = getattr(module, "PLUGIN_API", None)
    if not (isinstance(api, tuple) and len(api) == 2 and all(type(part) is int for part in api)):
        raise PluginError(f"it says no PLUGIN_API; for this host it would be {PLUGIN_API}")
    return api


def _check_version(api: tuple[int, int]) -> None:
    if api[0] != PLUGIN_API[0] or api[1] > PLUGIN_API[1]:
        ours = ".".join(map(str, PLUGIN_API))
        raise PluginError(f"it was written for plugin API {api[0]}.{api[1]}; this host has {ours}")


def _contribution(name: str, module: ModuleType, host: object) -> Contribution:
    """Call every hook of one plugin, by itself in a manager of its own, and collect what it registers."""
    manager = pluggy.PluginManager("amutorrent")
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name=name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(f"{error}; the hooks are {', '.join(HOOKS)}") from error
    collected: dict[str, list[Any]] = {hook: [] for hook in HOOKS}  # Any: checked below, kind by kind
    for hook in HOOKS:
        if inspect.iscoroutinefunction(getattr(module, hook, None)):
            raise PluginError(f"its hook {hook} is async; hooks are plain functions")
        caller = getattr(manager.hook, hook)
        offered = {"register": collected[hook].append, "host": host}
        caller(**{argument: offered[argument] for argument in caller.spec.argnames})
    return Contribution(
        client_types=[_checked_type(each) for each in collected["register_client_types"]],
        operations=declared(collected["register_operations"], name),
        surfaces=[_checked_surface(each) for each in collected["register_surfaces"]],
        services=[_checked_service(each) for each in collected["register_services"]],
    )


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


def _checked_service(service: object) -> Callable[[], Any]:
    if not callable(service):
        raise PluginError(f"{service!r} is not an async function")
    return service


def routes_of(contribution: Contribution) -> list[tuple[str, str]]:
    """List (method, rule) of all that a plugin serves; "WS" is a WebSocket's method."""
    routes: list[tuple[str, str]] = [
        (each.method, each.path) for each in contribution.operations if each.method and each.path
    ]
    for surface in contribution.surfaces:
        routes += _blueprint_routes(surface)
    return routes


def _blueprint_routes(surface: Any) -> list[tuple[str, str]]:  # Any: quart.Blueprint
    """A blueprint tells its rules only to an app: a scratch one, since none can be taken out again."""
    from quart_trio import QuartTrio

    scratch = QuartTrio("scratch", static_folder=None)
    scratch.register_blueprint(surface)
    return [
        (method, rule.rule)
        for rule in scratch.url_map.iter_rules()
        for method in (["WS"] if rule.websocket else sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    ]


def _no_clash(owner: str, other: Contribution | None, new: Contribution, routes: list[tuple[str, str]]) -> None:
    named: Mapping[str, Callable[[Contribution], list[str]]] = {
        "client type": lambda each: [kind.type for kind in each.client_types],
        "operation": lambda each: [operation.action for operation in each.operations],
        "surface": lambda each: [surface.name for surface in each.surfaces],
    }
    for what, names in named.items():
        mine = names(new)
        theirs = set(names(other)) if other else {name for name in mine if mine.count(name) > 1}
        for name in mine:
            if name in theirs:
                raise PluginError(f"its {what} {name!r} is already registered by {owner}")
    new_routes = routes_of(new)
    if other is None:
        pairs = itertools.combinations(new_routes, 2)
        clashing = [(b, a) for a, b in pairs if a[0] == b[0] and shape(a[1]) == shape(b[1])]
    else:
        taken = routes + routes_of(other)
        clashing = [(a, b) for a in new_routes for b in taken if a[0] == b[0] and meet(shape(a[1]), shape(b[1]))]
    for (method, rule), (_, theirs_rule) in clashing:
        raise PluginError(f"its route {method} {rule} clashes with {theirs_rule} of {owner}")
