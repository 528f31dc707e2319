"""Accounts that were taken over: their passwords sign in and are hashed anew, their old keys work until a new one."""

import bcrypt
import pytest
from accounts.conftest import HOME

from amutorrent.accounts import legacy
from amutorrent.accounts.keys import fingerprint
from amutorrent.accounts.legacy import is_usable
from amutorrent.errors import NotAuthenticated
from amutorrent.store.accounts import NewAccount

OLD_KEY = "5f" * 32


def hashed(password):
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()


@pytest.fixture(autouse=True)
def cheap_dummy(monkeypatch):
    monkeypatch.setattr(legacy, "_dummy", lambda: hashed("nobody's"))


async def taken_over(accounts, password="an old one", **facts):
    new = NewAccount(
        name="ann",
        folded="ann",
        is_admin=True,
        disabled=False,
        permissions=frozenset(),
        password_hash=hashed(password),
        now=1,
        legacy_key=fingerprint(OLD_KEY),
    )
    return await accounts.roster.change(lambda ledger: ledger.add(new))


async def test_the_old_password_signs_in_and_is_hashed_anew_the_first_time(accounts):
    ann = await taken_over(accounts)
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.sign_in("ann", "another", HOME)
    assert accounts.users.get(ann.id).password_hash.startswith("$2b$04$")
    await accounts.credentials.sign_in("ann", "an old one", HOME)
    assert accounts.users.get(ann.id).password_hash.startswith("$argon2id$")
    await accounts.credentials.sign_in("ann", "an old one", HOME)
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.sign_in("ann", "another", HOME)


@pytest.mark.parametrize("password", ["x" * 200, "ü" * 40])
async def test_of_a_long_password_the_first_72_bytes_count_as_before(accounts, password):
    await taken_over(accounts, password)
    await accounts.credentials.by_password("ann", password, HOME)
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_password("ann", password[:30], HOME)


@pytest.mark.parametrize("password", ["", "a\0b", "\udcff"])
async def test_what_is_no_password_is_refused(accounts, password):
    await taken_over(accounts)
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_password("ann", password, HOME)


async def test_the_old_key_works_until_there_is_a_new_one(accounts, open_accounts):
    ann = await taken_over(accounts)
    own = accounts.users.key_of(ann)
    proof = await accounts.credentials.check_key(OLD_KEY, HOME)
    assert accounts.roster.user(proof).id == ann.id
    assert (await accounts.credentials.by_api_key(own, HOME)).id == ann.id
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_api_key(fingerprint(OLD_KEY), HOME)
    new = await accounts.users.new_key(ann.id)
    assert accounts.roster.user(proof) is None
    for dead in (OLD_KEY, own):
        with pytest.raises(NotAuthenticated):
            await accounts.credentials.by_api_key(dead, HOME)
    async with open_accounts() as anew:
        assert (await anew.credentials.by_api_key(new, HOME)).id == ann.id
        with pytest.raises(NotAuthenticated):
            await anew.credentials.by_api_key(OLD_KEY, HOME)


async def test_the_old_key_of_an_account_that_is_disabled_is_dead(accounts):
    from amutorrent.accounts.users import UserChanges

    ann = await taken_over(accounts)
    await accounts.users.create("other", is_admin=True)
    await accounts.users.change(ann.id, UserChanges(disabled=True))
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_api_key(OLD_KEY, HOME)


async def test_while_there_is_an_old_hash_every_name_takes_the_time_of_one(accounts, monkeypatch):
    await accounts.users.create("bob", "correct horse", is_admin=True)
    compared, real = [], bcrypt.checkpw

    def watched(password, kept):
        compared.append(password)
        return real(password, kept)

    monkeypatch.setattr(bcrypt, "checkpw", watched)

    async def try_all():
        compared.clear()
        for name in ("ann", "bob", "nobody"):
            accounts.credentials.guard.succeeded(HOME)
            with pytest.raises(NotAuthenticated):
                await accounts.credentials.by_password(name, "wrong", HOME)
        return len(compared)

    assert await try_all() == 0
    await taken_over(accounts)
    assert await try_all() == 3
    await accounts.credentials.sign_in("ann", "an old one", HOME)
    assert await try_all() == 0


async def test_without_the_package_nobody_is_let_in_and_the_log_says_why(accounts, monkeypatch, caplog):
    await taken_over(accounts)
    monkeypatch.setitem(__import__("sys").modules, "bcrypt", None)
    legacy._tell_once.cache_clear()
    for _ in range(2):
        with pytest.raises(NotAuthenticated):
            await accounts.credentials.by_password("ann", "an old one", HOME)
    assert [each.message for each in caplog.records if "amutorrent[legacy]" in each.message] == [
        "Passwords that were taken over cannot be compared, since bcrypt is not installed: "
        "pip install 'amutorrent[legacy]', or give new ones with `amutorrent users passwd`"
    ]


@pytest.mark.parametrize(
    ("kept", "usable"),
    [
        (hashed("a"), True),
        ("$2a$12$" + "a" * 53, True),
        ("$2y$14$" + "a" * 53, True),
        ("$2b$15$" + "a" * 53, False),
        ("$2b$31$" + "a" * 53, False),
        ("$2b$03$" + "a" * 53, False),
        ("$2b$12$" + "a" * 52, False),
        ("$2b$12$" + "a" * 53 + "\n", False),
        ("$2x$12$" + "a" * 53, False),
        ("plain", False),
    ],
)
def test_a_hash_that_is_no_hash_or_would_take_days_is_not_compared(kept, usable):
    assert is_usable(kept) is usable
