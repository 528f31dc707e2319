"""What one plugin registers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..client import Client
from ..model import Provides
from ..operations import Operation


@dataclass
class Contribution:
    """All that one plugin registers."""

    client_types: list[type[Client]] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    surfaces: list[Any] = field(default_factory=list)  # Any: quart.Blueprint, imported only where one is served
    public_surfaces: set[str] = field(default_factory=set)
    doors: dict[str, Callable[[Any], Any]] = field(default_factory=dict)  # Any: a scope, and what it is awaited for
    """By the prefix of a public surface: who says whether somebody has shown there who they are."""
    services: list[Callable[[], Any]] = field(default_factory=list)

    def provides(self) -> Provides:
        """Name what is there."""
        return Provides(
            client_types=[each.type for each in self.client_types],
            operations=[each.action for each in self.operations],
            surfaces=[each.name for each in self.surfaces],
            services=[getattr(each, "__qualname__", repr(each)) for each in self.services],
        )
