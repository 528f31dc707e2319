"""Who somebody is: by password, key, or the word of a proxy."""

import pytest
import trio
from accounts.conftest import HOME, PASSWORD

from amutorrent.accounts.users import UserChanges
from amutorrent.errors import InvalidRequest, NotAuthenticated, RateLimited
from amutorrent.model.permissions import SSO

OTHER = "192.0.2.77"


async def test_the_right_password(accounts, bob):
    for name in ("bob", "BOB"):
        user = await accounts.credentials.by_password(name, PASSWORD, HOME)
        assert (user.id, user.name, user.permissions) == (bob.id, "bob", {"search"})
    signed_in = await accounts.credentials.sign_in("bob", PASSWORD, HOME, remember=True)
    assert signed_in.lasts_s == 30 * 24 * 3600
    assert accounts.sessions.find(signed_in.token).account_id == bob.id


async def test_nobody_learns_who_has_an_account(accounts, ann, bob, monkeypatch):
    await accounts.users.create("off", PASSWORD, disabled=True)
    await accounts.users.create("bare")
    compared, real = [], accounts.credentials._passwords.matches

    async def watched(kept, password):
        compared.append(password)
        return await real(kept, password)

    monkeypatch.setattr(accounts.credentials._passwords, "matches", watched)
    said = set()
    for name, password in (("off", PASSWORD), ("bare", ""), ("nobody", PASSWORD), ("bob", "wrong"), ("a b", PASSWORD)):
        accounts.credentials.guard.succeeded(HOME)
        with pytest.raises(NotAuthenticated) as caught:
            await accounts.credentials.by_password(name, password, HOME)
        said.add((caught.value.message, caught.value.code, str(caught.value.details)))
    assert len(said) == 1
    assert len(compared) == 5, "each of them costs one comparison"


async def test_guesses_are_counted_and_right_keys_still_work(accounts, bob):
    key = accounts.users.key_of(bob)
    signed_in = await accounts.sessions.begin(bob)
    wrong = [accounts.credentials.by_password("bob", "wrong", HOME) for _ in range(2)]
    wrong += [accounts.credentials.by_api_key("k" * 43, HOME) for _ in range(3)]
    for guess in wrong:
        with pytest.raises(NotAuthenticated):
            await guess
    for refused in (
        accounts.credentials.by_password("bob", PASSWORD, HOME),
        accounts.credentials.sign_in("bob", PASSWORD, HOME),
        accounts.credentials.by_api_key("k" * 43, HOME),
    ):
        with pytest.raises(RateLimited) as caught:
            await refused
        assert 55 < caught.value.retry_after <= 60
    assert (await accounts.credentials.by_api_key(key, HOME)).name == "bob"
    assert accounts.roster.user(accounts.sessions.find(signed_in.token)).name == "bob"
    assert (await accounts.credentials.by_password("bob", PASSWORD, OTHER)).name == "bob"


async def test_a_right_key_does_not_reset_the_count(accounts, bob):
    for _ in range(5):
        await accounts.credentials.by_api_key(accounts.users.key_of(bob), HOME)
        with pytest.raises(NotAuthenticated):
            await accounts.credentials.by_api_key("k" * 43, HOME)
    assert accounts.credentials.guard.wait_s(HOME) > 0


async def test_many_wrong_passwords_at_once_are_no_more_guesses(accounts, bob):
    answers = []

    async def guess():
        try:
            await accounts.credentials.by_password("bob", "wrong", HOME)
        except (NotAuthenticated, RateLimited) as error:
            answers.append(error.code)

    async with trio.open_nursery() as nursery:
        for _ in range(12):
            nursery.start_soon(guess)
    assert sorted(answers) == ["invalid_credentials"] * 5 + ["rate_limited"] * 7


@pytest.mark.parametrize("key", ["", "k" * 43, "\udce9", "x" * 10_000])
async def test_a_key_that_is_none(accounts, bob, key):
    assert accounts.credentials.find_key(key) is None
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_api_key(key, HOME)


async def test_the_key_of_a_disabled_account(accounts, bob):
    await accounts.users.change(bob.id, UserChanges(disabled=True))
    assert accounts.credentials.find_key(accounts.users.key_of(bob)) is None


async def test_a_new_password_of_ones_own(accounts, bob):
    mine, other = [await accounts.sessions.begin(bob) for _ in range(2)]
    change = accounts.credentials.change_password
    with pytest.raises(NotAuthenticated, match="current password") as caught:
        await change(bob.id, "wrong", "another horse", HOME, mine.proof.session)
    assert caught.value.code == "invalid_credentials"
    with pytest.raises(InvalidRequest, match="commonest"):
        await change(bob.id, PASSWORD, "sunshine", HOME, mine.proof.session)
    assert accounts.sessions.find(other.token)
    await change(bob.id, PASSWORD, "another horse", HOME, mine.proof.session)
    assert accounts.sessions.find(mine.token)
    assert accounts.sessions.find(other.token) is None
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_password("bob", PASSWORD, HOME)
    assert (await accounts.credentials.by_password("bob", "another horse", HOME)).id == bob.id


async def test_who_a_proxy_names(accounts, ann, bob):
    by_proxy = accounts.credentials.by_proxy
    assert accounts.roster.user(await by_proxy("BOB")).id == bob.id
    assert await by_proxy("cid") is None
    assert await by_proxy("a b", provision=SSO) is None
    proof = await by_proxy("cid", provision=SSO)
    cid = accounts.users.named("cid")
    assert (proof.account_id, cid.permissions, cid.is_admin, cid.password_hash) == (cid.id, SSO, False, None)
    assert await by_proxy("cid", provision=SSO) == proof
    await accounts.users.change(cid.id, UserChanges(disabled=True))
    assert await by_proxy("cid", provision=SSO) is None


async def test_a_name_that_comes_twice_at_once_gets_one_account(accounts, ann):
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(lambda: accounts.credentials.by_proxy("cid", provision=SSO))
    assert [each.name for each in accounts.users.all()] == ["Ann", "cid"]


async def test_whoever_was_let_in_can_be_asked_about_again(accounts, bob):
    standing = accounts.standing(bob.id)
    assert standing is not None
    assert accounts.standing(bob.id) == standing
    await accounts.users.change(bob.id, UserChanges(password="another horse entirely"))
    changed = accounts.standing(bob.id)
    assert changed not in (None, standing)
    await accounts.users.new_key(bob.id)
    assert accounts.standing(bob.id) not in (None, standing, changed)
    await accounts.users.change(bob.id, UserChanges(disabled=True))
    assert accounts.standing(bob.id) is None
    assert accounts.standing(999) is None
