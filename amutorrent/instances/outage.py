"""How long an instance has been away, and when that is worth an event. Source: design 3."""

from math import inf

import trio

from ..events import Event, Events
from ..model import InstanceState

FAILURES = 3
LONG_S = 30.0


class Outage:
    """Counts failures since the last good poll. `client_unavailable` comes after three, or after 30 s, and once."""

    def __init__(self, instance_id: str, events: Events) -> None:
        self.failures = 0
        self._instance_id = instance_id
        self._events = events
        self._since = inf
        self._told = False

    def failed(self) -> None:
        """Count one more."""
        self.failures += 1
        self._since = min(self._since, trio.current_time())

    def over(self) -> None:
        """A poll was good."""
        self.failures, self._since = 0, inf
        if self._told:
            self._told = False
            self._events.publish(Event(name="client_available", instance_id=self._instance_id))

    @property
    def due_at(self) -> float:
        """When `tell` is to be called for the time alone; infinite if it is not."""
        return inf if self._told else self._since + LONG_S

    def tell(self, state: InstanceState, error: str) -> None:
        """Tell it, if it is bad enough and not told yet."""
        if not self._told and (self.failures >= FAILURES or trio.current_time() >= self._since + LONG_S):
            self._told = True
            facts: dict[str, object] = {"status": state, "error": error}
            self._events.publish(Event(name="client_unavailable", instance_id=self._instance_id, facts=facts))
