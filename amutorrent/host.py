"""The `host` handle: what a plugin may use of the daemon, bound to that plugin. Source: design 3."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .accounts import ASKING, Asking
from .client import RunSync
from .errors import NotReady
from .model import DownloadTimes, PluginInfo

if TYPE_CHECKING:
    from .accounts import Accounts
    from .broadcast import Broadcast
    from .catalogue import Catalogue
    from .configuration import Configuration
    from .events import Events
    from .history import History, Metrics
    from .instances import Instances
    from .log_ring import LogRing
    from .moving import Moves
    from .operations.table import Operations
    from .peering import Peering
    from .releases import Releases
    from .searches import Searches
    from .settings import PluginSettings
    from .storage import Storage
    from .syncing import CategorySync

T = TypeVar("T")


@dataclass(frozen=True)
class Parts:
    """The parts of a running daemon that a handle gives access to."""

    catalogue: "Catalogue"
    instances: "Instances"
    events: "Events"
    broadcast: "Broadcast"
    searches: "Searches"
    peering: "Peering"
    log_ring: "LogRing"
    moves: "Moves"
    operations: "Operations"
    plugins: Callable[[], list[PluginInfo]]
    settings_of: "Callable[[str], PluginSettings]"
    run_sync_for: Callable[[str], RunSync]
    accounts: "Accounts"
    storage_for: "Callable[[str], Storage]"
    category_sync: "CategorySync"
    configuration: "Configuration | None" = None
    releases: "Releases | None" = None
    history: "History | None" = None
    metrics: "Metrics | None" = None


class Host:
    """The public services of the daemon, for one plugin.

    A hook may keep the handle but not use it: until the daemon is up every attribute raises `NotReady`.
    """

    def __init__(self, name: str, parts: Callable[[], Parts | None]) -> None:
        self.name = name
        self._get_parts = parts

    @property
    def _parts(self) -> Parts:
        parts = self._get_parts()
        if parts is None:
            raise NotReady("The daemon is still starting: keep `host`, and use it later")
        return parts

    @property
    def catalogue(self) -> "Catalogue":
        """The merged live view: `items()`, `get(instance_id, hash)`, `find(hash)`."""
        return self._parts.catalogue

    @property
    def instances(self) -> "Instances":
        """The instances: `all()`, `get(id)`, `choose(id, capability)`."""
        return self._parts.instances

    @property
    def accounts(self) -> "Accounts":
        """Who callers are: `by_password(name, password, address)`, `by_api_key(key, address)`."""
        return self._parts.accounts

    def asking(self, scope: Mapping[str, Any]) -> Asking:  # Any: ASGI's own untyped dict
        """Say who makes the request with this scope (`quart.request.scope`), for a public surface."""
        found: Asking = scope[ASKING]
        return found

    @property
    def events(self) -> "Events":
        """What happens: `subscribe()`."""
        return self._parts.events

    @property
    def broadcast(self) -> "Broadcast":
        """What sockets are told beside the live list. The host's own: a plugin's operations reply."""
        return self._parts.broadcast

    @property
    def searches(self) -> "Searches":
        """The searches that run, and the last ones. The host's own: plugins call the operation `search`."""
        return self._parts.searches

    @property
    def peering(self) -> "Peering":
        """The peers of items. The host's own."""
        return self._parts.peering

    @property
    def log_ring(self) -> "LogRing":
        """The last log records. The host's own."""
        return self._parts.log_ring

    @property
    def category_sync(self) -> "CategorySync":
        """What keeps the clients' categories in line with the app's. The host's own."""
        return self._parts.category_sync

    @property
    def configuration(self) -> "Configuration":
        """The whole configuration. The host's own: a plugin has its `settings`."""
        found = self._parts.configuration
        if found is None:
            raise NotReady("This daemon has no configuration that could be changed")
        return found

    @property
    def releases(self) -> "Releases":
        """This release, and the latest one."""
        found = self._parts.releases
        if found is None:
            raise NotReady("This daemon does not know its release")
        return found

    @property
    def moves(self) -> "Moves":
        """The moves of data. The host's own: plugins call the operation `batchMoveFiles`."""
        return self._parts.moves

    @property
    def history(self) -> "History":
        """What became of downloads. The host's own: plugins call its operations."""
        found = self.history_if_kept
        if found is None:
            raise NotReady("This daemon keeps no history")
        return found

    @property
    def history_if_kept(self) -> "History | None":
        """The same, None where there is none."""
        return self._parts.history

    async def download_times(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], DownloadTimes]:
        """Give when downloads, by (instance id, hash), were added and complete, as the history has it.

        Those that it does not know are left out, and so are all where no history is kept. Raises `StorageUnavailable`.
        """
        history = self.history_if_kept
        return await history.times(keys) if history is not None and keys else {}

    @property
    def metrics(self) -> "Metrics":
        """Speeds and bytes over time. The host's own: plugins call its operations."""
        found = self._parts.metrics
        if found is None:
            raise NotReady("This daemon keeps no metrics")
        return found

    @property
    def operations(self) -> "Operations":
        """Everything a caller can ask for: `call(name, request, user)`."""
        return self._parts.operations

    @property
    def settings(self) -> "PluginSettings":
        """This plugin's own settings: the section `plugins.<name>`, and its client entries."""
        return self._parts.settings_of(self.name)

    @property
    def storage(self) -> "Storage":
        """What this plugin keeps: JSON values in the daemon's database, by collection and key."""
        return self._parts.storage_for(self.name)

    def plugins(self) -> list[PluginInfo]:
        """List all plugins that were found."""
        return self._parts.plugins()

    async def run_sync(self, function: Callable[..., T], *args: object) -> T:
        """Run blocking code in a worker thread; a plugin has a few of its own, so it can starve nobody else."""
        return await self._parts.run_sync_for(self.name)(function, *args)
