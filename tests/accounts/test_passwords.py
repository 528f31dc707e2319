"""Passwords: rules, hashes, and how many are computed at once."""

import threading
from importlib.resources import files

import pytest
import trio
from argon2 import PasswordHasher

from amutorrent.accounts import passwords as module
from amutorrent.accounts.passwords import Passwords, check_password
from amutorrent.errors import InvalidRequest, RateLimited


@pytest.mark.parametrize("password", ["12345679x", "correct horse", "ü" * 8, "x" * 256, "\U0001f40e" * 8])
def test_a_good_password(password):
    check_password(password, "ann")


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short77", "8 to 256"),
        ("", "8 to 256"),
        ("x" * 257, "8 to 256"),
        ("Ann-Of-The-Hill", "user name"),
        ("sunshine", "commonest"),
        ("SunShine", "commonest"),
        ("1q2w3e4r", "commonest"),
        ("half \udce9 char", "no proper text"),
    ],
)
def test_a_bad_password(password, said):
    with pytest.raises(InvalidRequest, match=said) as caught:
        check_password(password, "ann-of-the-hill")
    assert caught.value.details == {"field": "password"}
    assert not password or password not in caught.value.message


def test_the_list_is_as_long_as_it_says():
    lines = files("amutorrent.accounts").joinpath("common_passwords.txt").read_text().splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert len(listed) == len(set(listed)) == 1000
    assert min(map(len, listed)) == module.SHORTEST


async def test_a_hash_is_argon2id_and_fits_its_password_alone():
    passwords = Passwords()
    kept = await passwords.hash("correct horse")
    assert kept.startswith("$argon2id$v=19$")
    assert kept != await passwords.hash("correct horse")
    assert await passwords.matches(kept, "correct horse")
    for wrong in ("correct hors", "correct horse ", "Correct horse", "", "\udce9", "x" * 100_000):
        assert not await passwords.matches(kept, wrong)
    for broken in ("", "$argon2id$", "plain", "$2b$12$abcdefghijklmnopqrstuv"):
        assert not await passwords.matches(broken, "correct horse")


async def test_one_character_in_two_spellings_is_one():
    passwords = Passwords()
    assert await passwords.matches(await passwords.hash("gru\u0308ner Tee"), "grüner Tee")


async def test_without_a_hash_the_same_work_is_done(monkeypatch):
    module._dummy.cache_clear()
    passwords, compared, real = Passwords(), [], PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *args: compared.append(args[1]) or real(*args))
    kept = await passwords.hash("correct horse")
    assert await passwords.matches(kept, "correct horse")
    assert not await passwords.matches(None, "correct horse")
    assert not await passwords.matches(None, "")
    module._dummy.cache_clear()
    mine, nobodys, _ = (each.split("$") for each in compared)
    assert mine[:4] == nobodys[:4]
    assert [len(each) for each in mine] == [len(each) for each in nobodys]


async def test_a_hash_of_weaker_rules_is_outdated(monkeypatch):
    old = await Passwords().hash("correct horse")
    assert not Passwords().outdated(old)
    monkeypatch.setattr(module, "PASSES", 2)
    assert Passwords().outdated(old)
    assert await Passwords().matches(old, "correct horse")


async def test_a_few_are_computed_at_once_and_too_many_are_refused(monkeypatch):
    passwords, go, running = Passwords(), threading.Event(), threading.Semaphore(0)

    def slow(hasher, password):
        running.release()
        go.wait(10)
        return "hash"

    monkeypatch.setattr(PasswordHasher, "hash", slow)
    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            for _ in range(module.AT_ONCE + module.MOST_WAITING):
                nursery.start_soon(passwords.hash, "correct horse")
            for _ in range(module.AT_ONCE):
                assert await trio.to_thread.run_sync(running.acquire, True, 10)
            assert not await trio.to_thread.run_sync(running.acquire, True, 0.05)
            with pytest.raises(RateLimited, match="Too many sign in at once"):
                await passwords.hash("correct horse")
            go.set()
    assert await passwords.hash("correct horse") == "hash"
