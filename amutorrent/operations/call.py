"""Who asks, and what an operation may use."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from ..accounts import Accounts, User
from ..accounts.roster import Proof
from ..accounts.sessions import SignedIn
from ..broadcast import Broadcast
from ..catalogue import Catalogue, Entry
from ..errors import Forbidden
from ..host import Host
from ..instances import Instance, Instances
from ..moving import Moves
from ..peering import Peering
from ..searches import Searches
from ..syncing import CategorySync
from .declare import Prepared

Sequel = Callable[[Callable[[], User]], Awaitable[Struct | Prepared[Any]]]  # Any: of whatever operation
"""Waits for what is to follow a reply, and gives it, for the user that the caller is by then."""


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
    `visit` is there over HTTP only, `sequels` on a socket only: what it is sent after the reply.
    """

    user: User
    host: Host
    sender: object = None
    visit: Visit | None = None
    sequels: list[Sequel] | None = None

    def follow_up(self, sequel: Sequel) -> None:
        """Let something follow the reply, if a socket asks; over HTTP nothing does."""
        if self.sequels is not None:
            self.sequels.append(sequel)

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
    def peering(self) -> Peering:
        """The peers of items, as far as somebody asked."""
        return self.host.peering

    @property
    def category_sync(self) -> CategorySync:
        """What keeps the clients' categories in line with the app's."""
        return self.host.category_sync

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
