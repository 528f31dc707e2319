"""Who asks, and what an operation may use."""

from dataclasses import dataclass

from ..accounts import User
from ..catalogue import Catalogue
from ..host import Host
from ..instances import Instances


@dataclass(frozen=True)
class Call:
    """One call of an operation: the caller, and the services (in a plugin's operation: of its own `host`)."""

    user: User
    host: Host

    @property
    def catalogue(self) -> Catalogue:
        """The merged live view."""
        return self.host.catalogue

    @property
    def instances(self) -> Instances:
        """The instances."""
        return self.host.instances
