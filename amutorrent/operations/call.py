"""Who asks, and what an operation may use."""

from dataclasses import dataclass

from ..accounts import Accounts, User
from ..accounts.roster import Proof
from ..accounts.sessions import SignedIn
from ..broadcast import Broadcast
from ..catalogue import Catalogue, Entry
from ..errors import Forbidden
from ..host import Host
from ..instances import Instance, Instances
from ..moving import Moves
from ..searches import Searches


@dataclass
class Visit:
    """How somebody came over HTTP, for the operations about signing in; and the session that begins or ends there.

    `proof` None: nobody, or everybody. `sso`: a trusted proxy may sign people in. `begun` is told to the browser.
    """

    address: str
    proof: Proof | None = None
    sso: bool = False
    begun: SignedIn | None = None
    ended: bool = False


@dataclass(frozen=True)
class Call:
    """One call of an operation: the caller, and the services (in a plugin's operation: of its own `host`).

    `sender` is the socket that asks, None over HTTP: who gets a message as the reply is not told it a second time.
    `visit` is there over HTTP only.
    """

    user: User
    host: Host
    sender: object = None
    visit: Visit | None = None

    def holding(self, hash: str, instance_id: str | None) -> tuple[Instance, Entry]:
        """Find an item that exists for the caller, by its instance or in the only one that holds it.

        Raises `NotFound` (`instance_not_found`, `item_not_found`), `Conflict` (`ambiguous_hash`).
        """
        return self.instances.holding(hash, instance_id, self.user)

    def changing(self, hash: str, instance_id: str | None) -> tuple[Instance, Entry]:
        """Find an item that the caller may change. Raises as `holding`, and `Forbidden` (`not_owner`)."""
        instance, entry = self.holding(hash, instance_id)
        if not self.catalogue.owners.may_change(self.user, (instance.id, entry.item.hash)):
            raise Forbidden("This item belongs to somebody else, or to nobody", code="not_owner")
        return instance, entry

    @property
    def accounts(self) -> Accounts:
        """The accounts."""
        return self.host.accounts

    @property
    def broadcast(self) -> Broadcast:
        """What sockets are told."""
        return self.host.broadcast

    @property
    def searches(self) -> Searches:
        """The searches that run, and the last ones."""
        return self.host.searches

    @property
    def moves(self) -> Moves:
        """The moves of data."""
        return self.host.moves

    @property
    def catalogue(self) -> Catalogue:
        """The merged live view."""
        return self.host.catalogue

    @property
    def instances(self) -> Instances:
        """The instances."""
        return self.host.instances
