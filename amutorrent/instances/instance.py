"""One configured instance and its supervisor: open, poll, back off. Source: design 3, data-model 5.

    connecting --open, poll--> online --poll fails or is late--> degraded --connects anew--> online
        |                                                           |
        +--attempt fails--> waiting (back-off) <--attempt fails-----+
        +--credentials refused--> rejected, until somebody asks or the settings change

Credentials that were accepted before are tried once more, later: a daemon may refuse them by mistake while it starts,
or a spoilt answer may look like it. A second refusal is believed.

A plugin's failure ends here: whatever it raises costs this instance alone.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import TypeVar

import trio

from ..cancellation import cancelled_alone
from ..capabilities import Capability, MovedByHost, capabilities_of
from ..catalogue import Catalogue
from ..client import Changes, Client, ClientConfig, RunSync
from ..errors import (
    AmutorrentError,
    AuthRejected,
    DeadlineExceeded,
    PluginError,
    ProtocolError,
    Unreachable,
    Unsupported,
)
from ..events import Events
from ..model import InstanceEntry, InstanceInfo, InstanceState
from ..paths import Paths
from .backoff import Backoff
from .cadence import Demand
from .connection import COMMAND_S, Connection, connect
from .outage import Outage
from .report import leaf, reason
from .status import Status

REFRESH_S = 1.0
SECOND_TRY_S = 30.0
LOST = (Unreachable, DeadlineExceeded, ProtocolError)
"""Nobody knows what the client did before such an error of a command, nor whether it still answers: a poll tells."""

C = TypeVar("C", bound=Capability)
T = TypeVar("T")


@dataclass(frozen=True)
class Surroundings:
    """What every instance of the daemon shares."""

    catalogue: Catalogue
    events: Events
    demand: Demand
    run_sync_for: Callable[[str], RunSync]
    """Gives the worker threads of a plugin, by client type."""
    folder_for: Callable[[str], Path | None] = lambda type: None
    """Gives the folder of a plugin, by client type."""
    on_poll: list[Callable[[str, Changes], None]] = field(default_factory=list)
    """Called with the instance id and what a poll said, once the list shows it."""


class Instance:
    """One instance. `run` is its supervisor; everything else may be called while that runs."""

    def __init__(self, config: ClientConfig, kind: type[Client] | None, around: Surroundings) -> None:
        self.config = config
        self.kind = kind
        self._around = around
        logger = logging.getLogger(f"amutorrent.client.{config.type}")
        self._log = logging.LoggerAdapter(logger, {"instance": config.id})
        self._status = Status(config, kind, around.catalogue, around.events, self._log)
        self._outage = Outage(config.id, around.events)
        self._connection: Connection | None = None
        self._backoff = Backoff()
        self._wake = trio.Event()
        self._asked = False
        self._polled = trio.Event()
        self._polled_at = -inf
        self._begun = self._taken_over = 0  # polls: how many began, and which one was the last that went well
        self._poll_began = inf
        self._taken_began = -inf
        self._accepted = False
        self._counted: Connection | None = None
        self.connections = 0
        """Grows with the first poll of every connection: the client may have been another one meanwhile."""

    def become(self, config: ClientConfig) -> None:
        """Take another name, colour or place in the list, with the connection that there is."""
        self.config = config
        self._status.become(config)

    # -- what others ask

    @property
    def id(self) -> str:
        """The instance id."""
        return self.config.id

    @property
    def state(self) -> InstanceState:
        """The state now."""
        return self._status.state

    @property
    def connected(self) -> bool:
        """Whether it is online, or degraded."""
        return self._status.connected

    @property
    def open(self) -> bool:
        """Whether its client is open, and has been polled: the list shows what it holds."""
        return self._connection is not None and self._connection is self._counted

    def has(self, kind: type[Capability]) -> bool:
        """Say whether it has a capability: as last seen, else by its type."""
        return kind.capability in self._status.capabilities

    @property
    def moved_by_host(self) -> bool:
        """Whether the host moves the data of its items."""
        kinds = (self.kind, *self.kind.part_types) if self.kind is not None else ()
        return MovedByHost in capabilities_of(*kinds).values()

    def info(self) -> InstanceInfo:
        """Describe it for `stats.instances`."""
        return self._status.info()

    def entry(self) -> InstanceEntry:
        """Describe it for the list of instances."""
        info = self.info()
        fields = {name: getattr(info, name) for name in info.__struct_fields__}
        return InstanceEntry(id=self.id, enabled=self.config.enabled, **fields)

    def paths(self) -> Paths:
        """Give the paths of its client, as they are now."""
        return self._around.catalogue.paths(self.id, self.config.type)

    async def call(self, kind: type[C], method: Callable[[C], Awaitable[T]], deadline_s: float = COMMAND_S) -> T:
        """Call a capability of the client.

        Raises `Unsupported`, `Unreachable`, `DeadlineExceeded`, and what the client raises; what is not of our own
        tree becomes a `PluginError`, with its traceback in the log.
        """
        if not self.has(kind):
            raise Unsupported(kind.capability)
        connection = self._connected()
        return await self._guarded(connection.call(kind, method, deadline_s))

    async def ask(self, method: Callable[[Client], Awaitable[T]], deadline_s: float = COMMAND_S) -> T:
        """Call a method of the client itself. Raises as `call` does."""
        connection = self._connected()
        return await self._guarded(connection.during(lambda: method(connection.client), deadline_s))

    def _connected(self) -> Connection:
        if self._connection is None:
            raise Unreachable(f"{self.config.name} is not connected", details={"instanceId": self.id})
        return self._connection

    async def _guarded(self, work: Awaitable[T]) -> T:
        try:
            with cancelled_alone():
                return await work
        except LOST:
            self.poke()
            raise
        except AmutorrentError:
            raise
        except Exception as error:
            self._log.exception("%s: a command failed", self.id)
            raise PluginError(f"The plugin for {self.config.type} failed: {reason(error)}") from error

    def poke(self) -> None:
        """Poll now; after a command the next poll brings the truth."""
        if self._connection is not None:
            self._asked = True
            self.wake()

    def wake(self) -> None:
        """Look again whether a poll is due."""
        self._wake.set()

    def reconnect(self) -> None:
        """Try to connect now: ends a wait, and is the only way out of `rejected`. No effect while connected."""
        if self.state in ("waiting", "rejected"):
            self._status.set("connecting", None)
            self._asked = True
            self.wake()

    async def wait_polled(self) -> None:
        """Wait for the next good poll."""
        await self._polled.wait()

    async def refresh(self) -> None:
        """Wait until the state is no older than the poll interval, at most 1 s.

        Does not wait for an instance that is not online, or whose poll hangs already.
        """
        now = trio.current_time()
        old = now - self._polled_at > self._around.demand.interval()
        if self.state == "online" and old and now - self._poll_began < REFRESH_S:
            self.poke()
            with trio.move_on_after(REFRESH_S):
                await self._polled.wait()

    async def polled_anew(self, at_most_s: float) -> None:
        """Poll now, and wait until a poll that began after this moment is taken over, or that long."""
        before = self._begun
        with trio.move_on_after(at_most_s):
            while self._taken_over <= before:
                self.poke()
                await self._polled.wait()

    async def wait_polled_since(self, since: float) -> None:
        """Wait until a poll was taken over that began later than `since`, a time of trio's clock."""
        while self._taken_began <= since:
            await self._polled.wait()

    # -- the supervisor

    async def run(self) -> None:
        """Keep the instance connected and polled until cancelled."""
        self._status.publish()
        while self.state != "disabled":
            polled_before = self._polled_at
            try:
                with cancelled_alone():
                    await self._live()
            except Exception as error:
                await self._failed(leaf(error), was_open=self._polled_at > polled_before)

    async def _live(self) -> None:
        assert self.kind is not None
        run_sync = self._around.run_sync_for(self.config.type)
        folder = self._around.folder_for(self.config.type)
        async with connect(
            self.kind, self.config.settings, self.id, self._log, run_sync, self._local_path, folder
        ) as connection:
            self._status.version = connection.version
            self._status.capabilities = connection.capabilities
            self._connection = connection
            try:
                while True:
                    await self._rest(await self._poll(connection))
            finally:
                self._connection = None
                self._poll_began = inf

    def _local_path(self, path: str) -> str:
        return self.paths().local(path)

    async def _poll(self, connection: Connection) -> float:
        """Poll once; gives its duration in seconds."""
        began = self._poll_began = trio.current_time()
        self._begun += 1
        late_after = self._around.demand.rest_after((self._status.last_poll_ms or 0) / 1000)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._mark_late, late_after)
            changes = await connection.poll()
            nursery.cancel_scope.cancel()
        duration = trio.current_time() - began
        await self._around.catalogue.apply(self.id, changes)
        self._taken_began = began
        if self._counted is not connection:
            self._counted = connection
            self.connections += 1
        self._online(changes, duration)
        for listener in self._around.on_poll:
            listener(self.id, changes)
        return duration

    async def _mark_late(self, after_s: float) -> None:
        await trio.sleep(after_s)
        if self.state == "online":
            self._around.catalogue.set_stale(self.id, True)
            self._status.set("degraded", f"No answer to a poll for {after_s:.0f} s")

    def _online(self, changes: Changes, duration: float) -> None:
        self._accepted = True
        self._backoff.reset()
        self._polled_at, self._poll_began = trio.current_time(), inf
        self._taken_over = self._begun
        self._status.retry_at = None
        self._status.take(changes, duration)
        self._around.catalogue.set_stale(self.id, False)
        self._status.set("online", None)
        self._outage.over()
        self._polled.set()
        self._polled = trio.Event()

    async def _rest(self, duration: float) -> None:
        ended = trio.current_time()
        while not self._asked:
            with trio.move_on_at(ended + self._around.demand.rest_after(duration)) as until:
                await self._wake.wait()
            if until.cancelled_caught:
                break
            self._wake = trio.Event()
        self._asked = False

    async def _failed(self, error: Exception, *, was_open: bool) -> None:
        self._outage.failed()
        if not isinstance(error, AmutorrentError):
            self._log.error("%s: the plugin failed", self.id, exc_info=error)
        self._around.catalogue.set_stale(self.id, True)
        if isinstance(error, AuthRejected) and self._accepted:
            self._accepted = False
            await self._wait("waiting", reason(error), SECOND_TRY_S)
        elif isinstance(error, AuthRejected):
            await self._wait("rejected", reason(error), inf)
        elif was_open:
            again = 0 if self._outage.failures == 1 else self._backoff.next()
            await self._wait("degraded", reason(error), max(self._around.demand.interval(), again))
        else:
            await self._wait("waiting", reason(error), self._backoff.next())

    async def _wait(self, state: InstanceState, error: str, seconds: float) -> None:
        until = trio.current_time() + seconds
        self._status.retry_at = None if seconds == inf else round((time.time() + seconds) * 1000)
        self._status.set(state, error)
        self._asked = False
        while not self._asked and trio.current_time() < until:
            self._wake = trio.Event()
            self._outage.tell(state, error)
            with trio.move_on_at(min(until, self._outage.due_at)):
                await self._wake.wait()
        self._asked = False
