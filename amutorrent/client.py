"""The Client interface: what a client plugin writes, and what it hands to the host.

Wire format and transport are the plugin's own; here are only the calls that the host makes. Source: design 3 and 5.
"""

import builtins
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar

import trio
from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from .capabilities import Capability
from .model import Bytes, ClientCategory, Item, Limits, NetworkStatus, Raw, camel

T = TypeVar("T")


class ClientSettings(BaseModel):
    """The settings of one client: subclass it with the fields that your client needs.

    The fields make the form, the variable names, the documentation and the validation. Mark secrets as
    `pydantic.SecretStr`: they are masked wherever settings are shown.
    """

    model_config = ConfigDict(alias_generator=camel, populate_by_name=True, extra="forbid", frozen=True)

    keep_secrets: ClassVar[frozenset[str]] = frozenset()
    """The fields that say nothing about where the client is. Whoever changes any other one in a form has to give the
    secrets anew: a saved password goes nowhere new."""

    def address(self) -> str:
        """Give the part of the instance id that says where the client is: `host-port` unless overridden."""
        values = self.model_dump()
        return f"{values.get('host', 'local')}-{values.get('port', 0)}"


class Place(Struct, frozen=True, kw_only=True):
    """Where a client of some type usually listens on this machine; port 0: nowhere, since it runs inside the daemon.

    `settings` are further keys of an entry for a client there, by their names in config.json.
    """

    port: int
    host: str = "127.0.0.1"
    settings: dict[str, object] = {}


@dataclass(frozen=True)
class ClientConfig:
    """One configured client: the host's own fields, and `settings`, checked by the client type's model.

    `error` says why it cannot run (its plugin is missing or quarantined); `settings` is None then. `category_sync` is
    for both ways, unless one of them says otherwise.
    """

    id: str
    type: str
    name: str
    color: str | None
    enabled: bool
    order: int
    settings: ClientSettings | None
    error: str | None = None
    category_sync: bool = True
    category_sync_in: bool | None = None
    category_sync_out: bool | None = None

    @property
    def categories_come_in(self) -> bool:
        """Whether categories that the client defines come in."""
        return self.category_sync if self.category_sync_in is None else self.category_sync_in

    @property
    def categories_go_out(self) -> bool:
        """Whether the app's categories go out to the client."""
        return self.category_sync if self.category_sync_out is None else self.category_sync_out


class Totals(Struct, frozen=True, kw_only=True):
    """Bytes moved so far: for life, or since the client began to count.

    Who counts anew now and then gives `session`, a token that changes with that, or, without one, `uptime`: for how
    many seconds it has counted.
    """

    downloaded: Bytes
    uploaded: Bytes
    session: str | None = None
    uptime: float | None = None


class Changes(Struct, frozen=True, kw_only=True):
    """What one poll found.

    `items` are new or changed items, `removed` hashes that are gone; with `full` the items are the whole list, and
    what is not among them is gone. `categories` and `default_path` None: nothing new. Speeds are bytes/s in total.
    """

    items: Sequence[Item] = ()
    removed: Sequence[str] = ()
    full: bool = False
    download_speed: int = 0
    upload_speed: int = 0
    network_status: NetworkStatus | None = None
    speed_limits: Limits | None = None
    totals: Totals | None = None
    categories: Sequence[ClientCategory] | None = None
    default_path: str | None = None
    free_space: int | None = None


class Probe(Struct, frozen=True, kw_only=True):
    """What stands at the other end: its version, and the capabilities that this version of it lacks."""

    version: str
    missing: frozenset[type[Capability]] = frozenset()


class RunSync(Protocol):
    """Run blocking code in a worker thread, within the plugin's own limiter."""

    async def __call__(self, function: Callable[..., T], *args: object) -> T: ...


@dataclass(frozen=True)
class Services:
    """What the host lends to one open client.

    `nursery` lives exactly as long as the client is open: an error in it closes the client, which counts as a
    failed poll. `log` names the instance. `local_path` translates a path of the client into one of this machine, by the
    mappings of the categories. `folder` is the plugin's own below the data directory, for what a client keeps there: it
    is made by whoever writes the first file; None where nothing is to be kept, as when settings are only tried.
    """

    instance_id: str
    log: logging.LoggerAdapter[logging.Logger]
    nursery: trio.Nursery
    run_sync: RunSync
    local_path: Callable[[str], str] = str
    folder: Path | None = None


class Client(ABC):
    """One kind of download client. Subclass it together with the capabilities that it implements.

    The host opens one object per configured instance, polls it, and calls its capabilities at the same time as a
    poll; it cancels a call that passes its deadline. After an error of `poll`, or one that passed its deadline,
    the host closes the client and opens a new one, so an object never has to repair itself.
    """

    type: ClassVar[str]
    """The name in instance ids, items and routes: lower-case letters and digits."""
    label: ClassVar[str]
    """The name for people."""
    network: ClassVar[str]
    """`bittorrent`, `ed2k`, or a name of the plugin's own."""
    Settings: ClassVar[builtins.type[ClientSettings]]
    lower_cases_categories: ClassVar[bool] = False
    """The client keeps names of categories in lower case: its `movies` may be the app's `Movies`."""
    part_types: ClassVar[tuple[builtins.type, ...]] = ()
    """The classes of the objects in `parts`, so that the capabilities are known before the first connection."""
    usual_places: ClassVar[tuple[Place, ...]] = ()
    """Where it listens on this machine unless somebody chose otherwise: looked at when an admin asks what there is."""

    @classmethod
    async def recognise(cls, place: Place) -> str | None:
        """Say whether it is this kind of client that listens there, within 2 s and without logging in.

        Gives its version, "" where it tells that only after a login; None where it is another program. What it
        raises counts as None too. Never send a password, and nothing that counts as a failed login.
        """
        return None

    @classmethod
    @abstractmethod
    def open(cls, settings: Any, services: Services) -> AbstractAsyncContextManager["Client"]:
        """Connect and log in; leaving the context closes everything. Annotate `settings` with your own `Settings`.

        Raises `AuthRejected` when credentials or version are refused (tried once, never on a timer), `Unreachable`
        when nobody answers, `ProtocolError` when it is something else that answers.
        """

    @abstractmethod
    async def probe(self) -> Probe:
        """Say what stands at the other end. Called once after `open`."""

    @abstractmethod
    async def poll(self) -> Changes:
        """Report what changed since the last poll of this object; the first one reports everything, `full`."""

    @property
    def parts(self) -> tuple[object, ...]:
        """The objects that implement the capabilities: this one, unless a rich client splits itself."""
        return (self,)

    async def raw(self, hash: str) -> Raw:
        """Give all fields of an item as the client sends them. Empty unless overridden."""
        return {}
