"""All configured instances. Source: design 3, http-api 4."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import trio

from ..accounts import User
from ..capabilities import Capability
from ..catalogue import Catalogue, CategoryRules, Entry
from ..client import Client, ClientConfig, RunSync
from ..errors import Conflict, NotFound, Unreachable, Unsupported
from ..events import Event, Events
from .cadence import Demand
from .instance import Instance, Surroundings

log = logging.getLogger("amutorrent.instances")


class Instances:
    """The instances in config order; they can be added, changed and removed while the daemon runs."""

    def __init__(
        self,
        catalogue: Catalogue,
        events: Events,
        kinds: Mapping[str, type[Client]],
        run_sync_for: Callable[[str], RunSync],
        folder_for: Callable[[str], Path | None] = lambda type: None,
    ) -> None:
        self._catalogue = catalogue
        self._events = events
        self._kinds = kinds
        self._instances: dict[str, Instance] = {}
        self._ends: dict[str, tuple[trio.CancelScope, trio.Event]] = {}
        self._nursery: trio.Nursery | None = None
        self._demand = Demand(self._wake_all)
        self._around = Surroundings(catalogue, events, self._demand, run_sync_for, folder_for)
        self.on_poll = self._around.on_poll
        """Called with the instance id and what a poll said, once the list shows it."""

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Be the nursery of all supervisors until cancelled."""
        async with trio.open_nursery() as self._nursery:
            task_status.started()
            await trio.sleep_forever()

    async def configure(self, configs: Sequence[ClientConfig]) -> None:
        """Make the instances those of `configs`: new ones start, others stop.

        One that is as it was is not touched, and one that has only another name, colour or place stays connected.
        """
        wanted = {config.id: config for config in configs}
        for id in [id for id in self._instances if id not in wanted]:
            await self._stop(id)
            self._catalogue.remove_instance(id)
            self._events.publish(Event(name="instances_changed", instance_id=id))
        for config in configs:
            known = self._instances.get(config.id)
            if known is None or not _same_client(known.config, config):
                await self._stop(config.id)
                self._start(config)
            elif known.config != config:
                known.become(config)
        self._instances = {id: self._instances[id] for id in wanted}
        self._catalogue.order_instances(list(wanted))

    def _start(self, config: ClientConfig) -> None:
        assert self._nursery is not None, "run() comes first"
        instance = Instance(config, self._kinds.get(config.type), self._around)
        self._instances[config.id] = instance
        scope, ended = trio.CancelScope(), trio.Event()
        self._ends[config.id] = (scope, ended)
        self._catalogue.put_instance(config.id, instance.info())
        lower_cases = instance.kind is not None and instance.kind.lower_cases_categories
        self._catalogue.put_rules(config.id, CategoryRules(config.categories_come_in, lower_cases))
        self._events.publish(Event(name="instances_changed", instance_id=config.id))
        self._nursery.start_soon(self._supervise, instance, scope, ended, name=f"instance {config.id}")

    async def _supervise(self, instance: Instance, scope: trio.CancelScope, ended: trio.Event) -> None:
        try:
            with scope:
                await instance.run()
        finally:
            ended.set()

    async def _stop(self, id: str) -> None:
        if id in self._ends:
            scope, ended = self._ends.pop(id)
            scope.cancel()
            await ended.wait()
            self._catalogue.set_stale(id, True)
            del self._instances[id]

    # -- finding

    def all(self) -> list[Instance]:
        """List them in config order."""
        return list(self._instances.values())

    def get(self, id: str) -> Instance:
        """Find one. Raises `NotFound` (`instance_not_found`)."""
        found = self._instances.get(id)
        if found is None:
            raise NotFound(f"There is no instance {id!r}", code="instance_not_found", details={"instanceId": id})
        return found

    def knows(self, type: str) -> bool:
        """Say whether a plugin provides this client type."""
        return type in self._kinds

    def choose(
        self, id: str | None, *kinds: type[Capability], type: str | None = None, network: str | None = None
    ) -> Instance:
        """Find the instance to use: the one named, else the first connected one that has any of `kinds`.

        `type` is the client type that it must be of; `network` only guides the choice where none is named. Raises
        `NotFound`, `Unsupported` (the one named has none of them), `Unreachable` (nobody connected has).
        """
        if id is not None:
            named = self.get(id)
            if not any(map(named.has, kinds)) or type not in (None, named.config.type):
                raise Unsupported(kinds[0].capability)
            return named
        for instance in self._instances.values():
            fits = type in (None, instance.config.type) and network in (None, instance.kind and instance.kind.network)
            if fits and instance.connected and any(map(instance.has, kinds)):
                return instance
        raise Unreachable("No connected client can do this")

    def holding(self, hash: str, id: str | None, user: User | None = None) -> tuple[Instance, Entry]:
        """Find an existing item, by its instance or in the only one that holds it.

        With `user`: among those that exist for them. Raises `NotFound` (`instance_not_found`, `item_not_found`),
        `Conflict` (`ambiguous_hash`).
        """
        hash = hash.lower()
        entries = self._catalogue.find(hash)
        if user is not None:
            owners = self._catalogue.owners
            entries = [entry for entry in entries if owners.sees(user, (entry.instance_id, hash))]
        if id is not None:
            self.get(id)
            entries = [entry for entry in entries if entry.instance_id == id]
        if not entries:
            raise NotFound("There is no such item", code="item_not_found", details={"fileHash": hash})
        if len(entries) > 1:
            ids = [entry.instance_id for entry in entries]
            raise Conflict("Several instances hold this hash", code="ambiguous_hash", details={"instanceIds": ids})
        return self.get(entries[0].instance_id), entries[0]

    def connected(self) -> dict[str, bool]:
        """Say of each instance whether it is connected."""
        return {id: instance.connected for id, instance in self._instances.items()}

    # -- who looks

    def watching(self) -> AbstractContextManager[None]:
        """Poll often for as long as the context lasts: a socket is open."""
        return self._demand.watching()

    def looked(self) -> None:
        """Poll often for the next 30 s: a list was read."""
        self._demand.looked()

    async def refresh(self) -> None:
        """Wait, at most 1 s, until what is shown is no older than the poll interval."""
        self.looked()
        async with trio.open_nursery() as nursery:
            for instance in self._instances.values():
                nursery.start_soon(instance.refresh)

    def poke(self, ids: Iterable[str]) -> None:
        """Poll these now."""
        for id in ids:
            if id in self._instances:
                self._instances[id].poke()

    def _wake_all(self) -> None:
        for instance in self._instances.values():
            instance.wake()


def _same_client(one: ClientConfig, other: ClientConfig) -> bool:
    """Say whether two configs lead to the same connection."""
    return replace(one, name=other.name, color=other.color, order=other.order) == other
