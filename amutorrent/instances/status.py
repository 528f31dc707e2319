"""What is known of an instance, and told of it: in the list, in the log, and as events. Source: data-model 5."""

import logging
import time
from collections.abc import Set

from ..capabilities import HOST_CAPABILITIES, capabilities_of
from ..catalogue import Catalogue
from ..client import Changes, Client, ClientConfig
from ..events import Event, Events
from ..model import InstanceInfo, InstanceState, Limits
from .report import lights

Log = logging.LoggerAdapter[logging.Logger]


class Status:
    """The state of one instance and what its client last said of itself."""

    def __init__(
        self, config: ClientConfig, kind: type[Client] | None, catalogue: Catalogue, events: Events, log: Log
    ) -> None:
        self.state: InstanceState = "connecting" if kind and config.enabled else "disabled"
        self.version: str | None = None
        self.capabilities: Set[str] = capabilities_of(kind, *kind.part_types).keys() if kind else frozenset()
        """As last seen; before that, those of its type."""
        self.retry_at: int | None = None
        """When the next attempt is made, in ms since 1970."""
        self.last_poll_ms: int | None = None
        self._config = config
        self._kind = kind
        self._catalogue = catalogue
        self._events = events
        self._log = log
        self._error: str | None = config.error
        self._error_time: int | None = None
        self._heard_at: int | None = None
        self._lights: dict[str, object] | None = None
        self._limits: Limits | None = None

    def become(self, config: ClientConfig) -> None:
        """Take over what is said of it in the settings, and tell it."""
        self._config = config
        self.publish()

    @property
    def connected(self) -> bool:
        """Whether it is online, or degraded."""
        return self.state in ("online", "degraded")

    def info(self) -> InstanceInfo:
        """Describe it for `stats.instances`."""
        config, kind = self._config, self._kind
        return InstanceInfo(
            type=config.type,
            connected=self.connected,
            name=config.name,
            network_type=kind.network if kind else None,
            order=config.order,
            color=config.color,
            state=self.state,
            error=self._error,
            error_time=self._error_time,
            stale_since=None if self.state == "online" else self._heard_at,
            retry_at=self.retry_at,
            version=self.version,
            last_poll_ms=self.last_poll_ms,
            capabilities={
                **{each.capability: False for each in HOST_CAPABILITIES},
                **dict.fromkeys(self.capabilities, True),
            },
            network_status=self._lights if self.connected else None,
            speed_limits=self._limits,
        )

    def take(self, changes: Changes, duration_s: float) -> None:
        """Take over what a poll said of the daemon itself; the next `set` tells it."""
        self._lights = lights(changes.network_status)
        self._limits = changes.speed_limits
        self._heard_at = round(time.time() * 1000)
        spent = round(duration_s * 1000)
        # a duration that merely wavers is no news for every socket
        if self.last_poll_ms is None or not self.last_poll_ms / 2 <= spent <= max(20, self.last_poll_ms * 2):
            self.last_poll_ms = spent

    def set(self, state: InstanceState, error: str | None) -> None:
        """Be in a state, for a reason if it is no good one; whoever looks is told."""
        before, self.state = self.state, state
        if error is None:
            self._error, self._error_time = None, None
        elif error != self._error:
            self._error, self._error_time = error, round(time.time() * 1000)
        self.publish()
        if before != state:
            level = logging.INFO if error is None else logging.WARNING
            self._log.log(level, "%s is %s%s", self._config.id, state, f": {error}" if error else "")
            facts: dict[str, object] = {"status": state, "previous_status": before}
            self._events.publish(Event(name="instances_changed", instance_id=self._config.id, facts=facts))

    def publish(self) -> None:
        """Put it into the list as it is."""
        self._catalogue.put_instance(self._config.id, self.info())
