"""Who asks, and what an operation may use."""

from dataclasses import dataclass

from ..accounts import User
from ..broadcast import Broadcast
from ..catalogue import Catalogue
from ..host import Host
from ..instances import Instances
from ..searches import Searches


@dataclass(frozen=True)
class Call:
    """One call of an operation: the caller, and the services (in a plugin's operation: of its own `host`).

    `sender` is the socket that asks, None over HTTP: who gets a message as the reply is not told it a second time.
    """

    user: User
    host: Host
    sender: object = None

    @property
    def broadcast(self) -> Broadcast:
        """What sockets are told."""
        return self.host.broadcast

    @property
    def searches(self) -> Searches:
        """The searches that run, and the last ones."""
        return self.host.searches

    @property
    def catalogue(self) -> Catalogue:
        """The merged live view."""
        return self.host.catalogue

    @property
    def instances(self) -> Instances:
        """The instances."""
        return self.host.instances
