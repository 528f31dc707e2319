"""How many requests without valid credentials an address may make. Source: http-api 3."""

import math
from collections import OrderedDict
from collections.abc import Callable

import trio

from ..errors import RateLimited

PER_MINUTE = 200
MINUTE_S = 60.0
MOST_ADDRESSES = 10_000


class RateLimit:
    """Counts the requests of each address, minute by minute, in memory."""

    def __init__(self, now: Callable[[], float] = trio.current_time) -> None:
        self._now = now
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def count(self, address: str) -> None:
        """Count a request. Raises `RateLimited` for one too many."""
        now = self._now()
        began, count = self._counts.pop(address, (now, 0))
        if now - began >= MINUTE_S:
            began, count = now, 0
        self._counts[address] = (began, count + 1)
        if len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)
        if count >= PER_MINUTE:
            raise RateLimited(
                "Too many requests from this address; sign in", retry_after=math.ceil(began + MINUTE_S - now)
            )
