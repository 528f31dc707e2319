"""The first account."""

import pytest
import trio
from accounts.conftest import HOME, PASSWORD

from amutorrent.errors import Conflict, InvalidRequest, NotAuthenticated, RateLimited


async def test_the_first_account_is_an_admin_and_signed_in(accounts):
    assert accounts.setup.needed
    signed_in = await accounts.setup.create(accounts.setup.token, "Ann", PASSWORD, HOME)
    (ann,) = accounts.users.all()
    assert (ann.name, ann.is_admin) == ("Ann", True)
    assert accounts.roster.user(signed_in.proof).name == "Ann"
    assert not accounts.setup.needed
    with pytest.raises(Conflict) as caught:
        await accounts.setup.create(accounts.setup.token, "bob", PASSWORD, HOME)
    assert caught.value.code == "already_exists"


async def test_each_start_has_a_token_of_its_own(open_accounts):
    async with open_accounts() as one, open_accounts() as two:
        assert len(one.setup.token) >= 43
        assert one.setup.token != two.setup.token
        with pytest.raises(NotAuthenticated, match="last start"):
            await two.setup.create(one.setup.token, "Ann", PASSWORD, HOME)


async def test_a_wrong_token_is_a_guess(accounts):
    for wrong in ("", "x", accounts.setup.token[:-1], "\udce9", accounts.setup.token + "x"):
        with pytest.raises(NotAuthenticated) as caught:
            await accounts.setup.create(wrong, "Ann", PASSWORD, HOME)
        assert caught.value.code == "invalid_credentials"
    with pytest.raises(RateLimited):
        await accounts.setup.create(accounts.setup.token, "Ann", PASSWORD, HOME)
    assert accounts.setup.needed
    await accounts.setup.create(accounts.setup.token, "Ann", PASSWORD, "192.0.2.2")


async def test_a_bad_password_does_not_spend_the_token(accounts):
    with pytest.raises(InvalidRequest, match="commonest"):
        await accounts.setup.create(accounts.setup.token, "Ann", "sunshine", HOME)
    await accounts.setup.create(accounts.setup.token, "Ann", PASSWORD, HOME)


async def test_of_two_at_once_one_wins(accounts):
    outcomes = []

    async def set_up(name, address):
        try:
            await accounts.setup.create(accounts.setup.token, name, PASSWORD, address)
            outcomes.append("made")
        except Conflict:
            outcomes.append("refused")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(set_up, "Ann", HOME)
        nursery.start_soon(set_up, "bob", "192.0.2.2")
    assert sorted(outcomes) == ["made", "refused"]
    assert len(accounts.users.all()) == 1
