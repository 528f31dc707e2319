"""The composition root: opens the parts in order, the database first, and ends them so that it is closed last.

Nothing else in the host knows all of the parts; each gets what it needs as constructor arguments. Source: design 1.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import metadata
from pathlib import Path

import trio

from .. import __version__
from ..accounts import Accounts, Owners
from ..accounts.passwords import AT_ONCE
from ..broadcast import Broadcast
from ..catalogue import Catalogue
from ..categories import Categories
from ..client import ClientConfig, RunSync
from ..configuration import Configuration
from ..datadir import DataDirectory
from ..disks import Disks
from ..errors import AmutorrentError, StorageUnavailable
from ..events import Events
from ..history import History, Metrics
from ..host import Host, Parts
from ..instances import Instances
from ..keeper import CategoryKeeper
from ..log_ring import LogRing
from ..logs import Redaction, set_level
from ..moving import Moves
from ..operations.host_operations import HOST_OPERATIONS
from ..operations.table import Operations
from ..peering import Peering
from ..plugins import Plugins, load_plugins
from ..releases import Releases
from ..routes import HOST_ROUTES
from ..searches import Searches
from ..settings import PluginSettings, Settings
from ..storage import Storage
from ..store import (
    AccountShelf,
    CategoryShelf,
    HistoryShelf,
    MetricShelf,
    MoveShelf,
    OwnerShelf,
    Records,
    Store,
    locate,
)
from ..syncing import CategorySync, FolderChecks
from ..telemetry import Telemetry
from ..watchdog import Watchdog, Workers
from .services import keep_running

PLUGIN_THREADS = 4
DISK_THREADS = 8
"""Moves from one disk to another wait for each other; so many different pairs of disks can be busy at a time."""

log = logging.getLogger("amutorrent.daemon")


class Daemon:
    """All parts, wired together. `run` opens them; the attributes are theirs to look at afterwards."""

    def __init__(
        self,
        settings: Settings,
        *,
        plugins: bool = True,
        without: frozenset[str] = frozenset(),
        entry_points: list[metadata.EntryPoint] | None = None,
        log_ring: LogRing | None = None,
        first_client: str | None = None,
    ) -> None:
        """Wire them. `first_client` is the type of the client that a configuration which is not there begins with."""
        self.settings = settings
        self._first_client = first_client
        self.parts: Parts | None = None
        self._limiters: dict[str, trio.CapacityLimiter] = {}
        self.workers = Workers()
        self.events = Events()
        self.log_ring = log_ring or LogRing(Redaction(settings.secrets))
        self.broadcast = Broadcast()
        place = locate(settings.database_url, settings.data_dir)
        # one thread for all of it; it is left behind if a server hangs, since nothing else must wait for that
        worker = self.workers.runner("store", trio.CapacityLimiter(1), abandon=True)
        self.store = Store(place, run_sync=worker, alone=True)
        self._records, shelf = Records(self.store), CategoryShelf(self.store)
        self.owners = Owners(OwnerShelf(self.store))
        self.catalogue = Catalogue(Categories(shelf), self.events, self.owners)
        passwords = self.workers.runner("passwords", trio.CapacityLimiter(AT_ONCE))
        self.accounts = Accounts(AccountShelf(self.store), settings.data_dir, run_sync=passwords)
        self.accounts.roster.on_change.append(lambda: self.owners.keep_to(self.accounts.roster.accounts))
        self.history = History(
            self.catalogue,
            HistoryShelf(self.store),
            self._account_names,
            enabled=lambda: settings.history.enabled,
            retention_days=lambda: settings.history.retention_days,
        )
        self.keeper = CategoryKeeper(self.catalogue, self.store, shelf)
        self.plugins: Plugins = load_plugins(
            enabled=plugins,
            blocked=without,
            host_for=self.host_for,
            host_operations=HOST_OPERATIONS,
            host_routes=HOST_ROUTES,
            entry_points=entry_points,
        )
        self.instances = Instances(
            self.catalogue, self.events, self.plugins.client_types, self.run_sync_for, self.folder_for
        )
        self.metrics = Metrics(self.catalogue, MetricShelf(self.store))
        self.instances.on_poll.append(self.metrics.sampler.take)
        self.category_sync = CategorySync(self.catalogue, self.instances, self.events)
        self.folder_checks = FolderChecks(self.catalogue, self.instances, self.events)
        disks = self.workers.runner("moves", trio.CapacityLimiter(DISK_THREADS))
        self.moves = Moves(
            self.instances, self.catalogue, self.events, self.broadcast, disks, shelf=MoveShelf(self.store)
        )
        self.searches = Searches(self.instances, self.catalogue, self.broadcast)
        self.peering = Peering(self.instances, self.catalogue)
        self.operations = Operations([*HOST_OPERATIONS, *self.plugins.operations], self.host_for)
        self.configuration = Configuration(
            settings,
            self.instances,
            self.catalogue,
            self.accounts,
            self.plugins.client_types,
            self.run_sync_for,
            followers=[
                self.owners.rename_instance,
                self.history.recorder.rename_instance,
                self.metrics.sampler.rename_instance,
            ],
        )
        self.disks = Disks(self.catalogue, settings.data_dir, lambda: settings.disk.warn_below)
        self.releases = Releases(__version__, lambda: settings.updates.feed if settings.updates.check else None)
        settings.on_change += [self._take_settings, self.releases.look_again]
        self.started = False
        self.watchdog = Watchdog(workers=self.workers)
        self.telemetry = Telemetry(
            __version__,
            self.catalogue,
            self.instances,
            self.watchdog,
            moved=lambda: self.metrics.sampler.moved,
            logins=lambda: self.accounts.credentials.logins,
            saves=lambda: self.store.problem is None,
            disk_free=lambda: self.disks.free,
        )
        self.instances.on_poll.append(self.telemetry.polled)

    def host_for(self, name: str) -> Host:
        """Give the `host` handle of a plugin."""
        return Host(name, lambda: self.parts)

    def run_sync_for(self, name: str) -> RunSync:
        """Give the worker threads of a plugin."""
        limiter = self._limiters.setdefault(name, trio.CapacityLimiter(PLUGIN_THREADS))
        return self.workers.runner(name, limiter)

    def folder_for(self, name: str) -> Path:
        """Give the folder of a plugin in the data directory."""
        return DataDirectory(self.settings.data_dir).plugins_path / name

    def storage_for(self, name: str) -> Storage:
        """Give what a plugin keeps."""
        return Storage(name, self._records)

    def settings_of(self, name: str) -> PluginSettings:
        """Give the settings of a plugin."""
        found = self.plugins.contributions.get(name)
        return PluginSettings(self.settings, name, frozenset(found.provides().client_types if found else ()))

    async def run(
        self, stop: trio.Event, *, task_status: trio.TaskStatus[list[str]] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serve until `stop` is set. `task_status` gets the addresses that are listened on."""
        from .serving import serve  # late: Quart is slow to import, and `check` needs none of it

        await self._begin()
        configs = self.settings.resolve_clients(self.plugins.client_types, self.plugins.unavailable)
        with self.watchdog:
            async with trio.open_nursery() as nursery:
                await nursery.start(self.store.run)
                await self._run_parts(configs, partial(serve, self, stop, task_status=task_status))
                nursery.cancel_scope.cancel()  # last of all: until then the others may write

    async def _run_parts(self, configs: Sequence[ClientConfig], serve: Callable[[], Awaitable[None]]) -> None:
        async with trio.open_nursery() as nursery:
            await nursery.start(self.accounts.run)
            await nursery.start(self.owners.run, self.catalogue.holds)
            await nursery.start(self.keeper.run)
            await nursery.start(self.history.run)
            await nursery.start(self.metrics.sampler.run)
            await nursery.start(self.instances.run)
            await nursery.start(self.category_sync.run)
            nursery.start_soon(self.folder_checks.run)
            await nursery.start(self.searches.run)
            await nursery.start(self.peering.run)
            await nursery.start(self.operations.serve)
            nursery.start_soon(self.catalogue.run)
            nursery.start_soon(self.releases.run)
            nursery.start_soon(self.disks.run)
            nursery.start_soon(self.telemetry.run)
            self.parts = Parts(
                catalogue=self.catalogue,
                instances=self.instances,
                events=self.events,
                broadcast=self.broadcast,
                searches=self.searches,
                peering=self.peering,
                log_ring=self.log_ring,
                moves=self.moves,
                operations=self.operations,
                plugins=lambda: self.plugins.table,
                settings_of=self.settings_of,
                run_sync_for=self.run_sync_for,
                accounts=self.accounts,
                storage_for=self.storage_for,
                category_sync=self.category_sync,
                configuration=self.configuration,
                releases=self.releases,
                history=self.history,
                metrics=self.metrics,
            )
            await self.instances.configure(configs)
            await nursery.start(self.moves.run)
            for name, service in self.plugins.services:
                nursery.start_soon(keep_running, name, service)
            await serve()
            await self._save_the_rest()
            nursery.cancel_scope.cancel()

    async def _save_the_rest(self) -> None:
        """Save what is known and would be written in some seconds. Of a database that is away it was told already."""
        self.catalogue.publish()  # the history hears of the last changes
        with suppress(StorageUnavailable):
            await self.history.recorder.write()
        await self.metrics.sampler.save(everything=True)

    async def _begin(self) -> None:
        """Write the first config.json, if there is none and somebody said what it begins with."""
        kind = self._first_client
        if kind is None or not self.settings.is_new:
            return
        if kind not in self.plugins.client_types:
            log.warning(
                "There is no client type %s to begin with: %s", kind, self.plugins.unavailable.get(kind, "unknown")
            )
            return
        try:
            await self.settings.save({("clients",): [{"type": kind}]})
        except AmutorrentError as error:
            log.warning("The first config.json could not be written: %s", error.message)
        else:
            log.info("This is the first start: config.json begins with a client of type %s", kind)

    def _account_names(self) -> dict[int, str]:
        return {each.id: each.name for each in self.accounts.roster.accounts.values()}

    def _take_settings(self) -> None:
        """Let count what a save changed and what is not asked for each time."""
        set_level(self.settings.server.log_level)


async def run(
    settings: Settings,
    *,
    plugins: bool = True,
    without: frozenset[str] = frozenset(),
    stop: trio.Event | None = None,
    task_status: trio.TaskStatus[list[str]] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Run a daemon until `stop` is set (for ever without it).

    Raises `SettingsError` for wrong client settings, `StartError` if the data directory or the port is in use.
    """
    with DataDirectory(settings.data_dir).lock():
        await Daemon(settings, plugins=plugins, without=without).run(stop or trio.Event(), task_status=task_status)
