"""Who guesses has to wait."""

import pytest
import trio

from amutorrent.accounts import login_guard as module
from amutorrent.accounts.login_guard import LoginGuard
from amutorrent.errors import RateLimited

HOME, OTHER = "192.0.2.1", "192.0.2.2"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Clock()


@pytest.fixture
def guard(time):
    return LoginGuard(time)


def fail(guard, count, address=HOME):
    for _ in range(count):
        guard.failed(address)


def test_four_failures_cost_nothing(guard):
    fail(guard, 4)
    guard.check(HOME)
    assert guard.wait_s(HOME) == 0


def test_the_waits_are_those_of_the_contract(guard, time):
    fail(guard, 4)
    for minutes in (1, 2, 4, 8, 15, 15, 15):
        guard.failed(HOME)
        with pytest.raises(RateLimited) as caught:
            guard.check(HOME)
        assert caught.value.retry_after == minutes * 60
        time.now += minutes * 60 - 0.5
        assert guard.wait_s(HOME) == 1
        time.now += 0.5
        guard.check(HOME)


def test_only_the_address_that_failed_waits(guard):
    fail(guard, 5)
    guard.check(OTHER)


def test_a_success_resets_it(guard, time):
    fail(guard, 5)
    time.now += 60
    guard.succeeded(HOME)
    fail(guard, 4)
    guard.check(HOME)


def test_old_failures_are_forgotten(guard, time):
    fail(guard, 4)
    time.now += module.FORGET_S + 1
    guard.failed(HOME)
    guard.check(HOME)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.3", False),
        ("<local>", "<local>", True),
    ],
)
def test_one_person_is_one_address(guard, one, two, same):
    fail(guard, 5, one)
    assert (guard.wait_s(two) > 0) == same


async def test_many_at_once_get_no_more_guesses(guard):
    refused = []

    async def guess():
        try:
            async with guard.turn(HOME):
                await trio.lowlevel.checkpoint()
                guard.failed(HOME)
        except RateLimited:
            refused.append(1)

    async with trio.open_nursery() as nursery:
        for _ in range(15):
            nursery.start_soon(guess)
    assert len(refused) == 10


async def test_too_many_that_wait_are_refused(guard):
    async def wait_for_turn():
        async with guard.turn(HOME):
            await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        for _ in range(module.MOST_IN_TURN + 1):
            nursery.start_soon(wait_for_turn)
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(RateLimited, match="at once from this address"):
            async with guard.turn(HOME):
                pass
        async with guard.turn(OTHER):
            pass
        nursery.cancel_scope.cancel()


def test_memory_is_bounded_and_who_waits_is_remembered(guard, monkeypatch):
    monkeypatch.setattr(module, "MOST_ADDRESSES", 50)
    fail(guard, 5)
    for number in range(200):
        guard.failed(f"198.51.100.{number}")
    assert len(guard) == 50
    assert guard.wait_s(HOME) == 60
