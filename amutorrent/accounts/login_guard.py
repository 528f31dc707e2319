"""Who guesses has to wait: failed sign-ins, by address. Source: http-api 3."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice

import trio

from ..errors import RateLimited

FREE = 5
"""So many failures cost nothing; with this one the address has to wait."""
WAITS_S = (60, 120, 240, 480, 900)
"""After the fifth failure, and after each further one; the last wait is that of all that follow."""
FORGET_S = 3600
"""An address that has not failed for so long starts anew."""
MOST_ADDRESSES = 10_000
LOOK_AT = 100
"""So many of the oldest are looked at for one that can be forgotten."""
MOST_IN_TURN = 20
"""Sign-ins of one address that wait for each other."""


@dataclass
class _Record:
    failures: int = 0
    failed_at: float = -math.inf
    blocked_until: float = -math.inf
    turn: trio.Lock = field(default_factory=trio.Lock)

    def busy(self, now: float) -> bool:
        statistics = self.turn.statistics()
        return statistics.locked or statistics.tasks_waiting > 0 or self.blocked_until > now


class LoginGuard:
    """Counts the failures of each address, in memory."""

    def __init__(self, now: Callable[[], float] = trio.current_time) -> None:
        self._now = now
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def wait_s(self, address: str) -> int:
        """Say how long an address has to wait, in whole seconds; 0: not at all."""
        record = self._records.get(_network(address))
        return math.ceil(max(0.0, record.blocked_until - self._now())) if record else 0

    def check(self, address: str) -> None:
        """Raise `RateLimited` for an address that has to wait."""
        wait_s = self.wait_s(address)
        if wait_s:
            raise RateLimited("Too many failed sign-ins from this address", retry_after=wait_s)

    def failed(self, address: str) -> None:
        """Count a failure."""
        record, now = self._record(address), self._now()
        record.failures = 1 if now - record.failed_at > FORGET_S else record.failures + 1
        record.failed_at = now
        if record.failures >= FREE:
            record.blocked_until = now + WAITS_S[min(record.failures - FREE, len(WAITS_S) - 1)]

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address."""
        record = self._records.get(_network(address))
        if record is not None:
            record.failures = 0
            record.blocked_until = -math.inf

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait until no other sign-in of this address runs: many at once are not to get more guesses than one by one.

        Raises `RateLimited`, also when too many wait.
        """
        self.check(address)
        record = self._record(address)
        if record.turn.statistics().tasks_waiting >= MOST_IN_TURN:
            raise RateLimited("Too many sign-ins at once from this address", retry_after=5)
        async with record.turn:
            self.check(address)
            yield

    def _record(self, address: str) -> _Record:
        key = _network(address)
        record = self._records.get(key)
        if record is None:
            self._make_room()
            record = self._records[key] = _Record()
        self._records.move_to_end(key)
        return record

    def _make_room(self) -> None:
        """Forget the address that was here longest ago, but rather one that does not wait."""
        if len(self._records) < MOST_ADDRESSES:
            return
        now = self._now()
        oldest = islice(self._records.items(), LOOK_AT)
        idle = next((key for key, record in oldest if not record.busy(now)), None)
        del self._records[idle or next(iter(self._records))]


def _network(address: str) -> str:
    """One person has a whole /64 of IPv6, and counts once."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))
