"""How many requests an address may make."""

import pytest

from amutorrent.errors import RateLimited
from amutorrent.web import rate_limit as module
from amutorrent.web.rate_limit import RateLimit


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_two_hundred_a_minute_for_each_address():
    clock = Clock()
    limit = RateLimit(clock)
    for _ in range(200):
        limit.count("192.0.2.1")
    clock.now += 20
    with pytest.raises(RateLimited) as caught:
        limit.count("192.0.2.1")
    assert caught.value.retry_after == 40
    limit.count("192.0.2.2")
    clock.now += 40
    for _ in range(200):
        limit.count("192.0.2.1")
    with pytest.raises(RateLimited):
        limit.count("192.0.2.1")


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MOST_ADDRESSES", 10)
    limit = RateLimit(Clock())
    for number in range(100):
        limit.count(f"192.0.2.{number}")
    assert len(limit) == 10
