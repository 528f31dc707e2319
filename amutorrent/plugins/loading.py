"""Plugins are found by entry points and loaded one by one; if anything is wrong with one it is quarantined.

What a plugin registers is collected first and taken over only when all of it fits; a quarantined plugin leaves
nothing behind. Source: design 3.
"""

import logging
from collections.abc import Callable, Iterable
from importlib import metadata

from ..errors import AmutorrentError, PluginError
from ..model import PluginInfo, PluginState, Provides
from ..operations import Operation
from .collecting import check_version, collect, stated_api
from .table import Plugins

GROUP = "amutorrent"
BUNDLED = frozenset(
    {
        "amutorrent-amule",
        "amutorrent-libtorrent",
        "amutorrent-qbcompat",
        "amutorrent-qbittorrent",
        "amutorrent-rtorrent",
        "amutorrent-torznab",
        "amutorrent-webui",
    }
)
"""The distributions that come with the host, for the list of plugins; nothing is loaded by these names."""

log = logging.getLogger("amutorrent.plugins")
HostFor = Callable[[str], object]


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
        api = stated_api(module)
        check_version(api)
        contribution = collect(entry_point.name, module, host_for(entry_point.name))
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
