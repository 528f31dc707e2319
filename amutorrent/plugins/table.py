"""The plugins that are there."""

from collections.abc import Callable, Iterable
from typing import Any

from ..client import Client
from ..model import PluginInfo
from ..operations import Operation
from .clashes import check_clashes
from .contribution import Contribution


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
    def public_surfaces(self) -> set[str]:
        """The names of the blueprints that look by themselves who asks."""
        return {name for each in self.contributions.values() for name in each.public_surfaces}

    @property
    def doors(self) -> dict[str, Callable[[Any], Any]]:  # Any: a scope, and what it is awaited for
        """Who says whether a caller has shown who they are, by the prefix of a public surface."""
        return {prefix: door for each in self.contributions.values() for prefix, door in each.doors.items()}

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
            check_clashes(owner, other, found, self._host_routes if owner == "the host" else [])
        check_clashes("itself", None, found, [])
        self.contributions[name] = found
