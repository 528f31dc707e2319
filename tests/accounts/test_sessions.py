"""Sessions: they last as long as they should, and their tokens are known to their owners alone."""

import hashlib

import pytest
from accounts.conftest import PASSWORD

from amutorrent.accounts import sessions as module
from amutorrent.accounts.users import UserChanges
from amutorrent.errors import NotAuthenticated

DAY = 24 * 3600


async def test_the_token_is_not_kept(accounts, ann, clock):
    signed_in = await accounts.sessions.begin(ann)
    assert len(signed_in.token) == 43
    (kept,) = (await accounts.store.read(_rows)) or ()
    assert kept == (hashlib.sha256(signed_in.token.encode()).hexdigest(), ann.id)
    assert accounts.sessions.find(signed_in.token) == signed_in.proof
    assert accounts.users.get(ann.id).last_login_at == int(clock.now * 1000)
    for wrong in ("", "x" * 43, signed_in.token[:-1], kept[0]):
        assert accounts.sessions.find(wrong) is None


def _rows(connection):
    return connection.exec_driver_sql("SELECT token_hash, account_id FROM session").all()


@pytest.mark.parametrize(("remember", "days"), [(False, 1), (True, 30)])
async def test_how_long_it_lasts(accounts, ann, clock, remember, days):
    signed_in = await accounts.sessions.begin(ann, remember=remember)
    assert signed_in.lasts_s == days * DAY
    clock.now += days * DAY - 1
    assert accounts.sessions.find(signed_in.token)
    clock.now += 1
    assert accounts.sessions.find(signed_in.token) is None
    told = []
    accounts.roster.on_change.append(lambda: told.append(1))
    await accounts.roster.look()
    assert told, "its sockets are to be closed"
    assert await accounts.store.read(_rows) == []


async def test_sign_out_and_sign_out_everywhere(accounts, ann, bob):
    first, second, third = [await accounts.sessions.begin(ann) for _ in range(3)]
    bobs = await accounts.sessions.begin(bob)
    await accounts.sessions.end(first.proof.session)
    await accounts.sessions.end(first.proof.session)
    assert accounts.sessions.find(first.token) is None
    assert accounts.sessions.find(second.token)
    assert await accounts.sessions.end_all(ann.id, keep=second.proof.session) == 1
    assert accounts.sessions.find(third.token) is None
    assert await accounts.sessions.end_all(ann.id) == 1
    assert accounts.sessions.find(second.token) is None
    assert accounts.sessions.find(bobs.token)


async def test_with_too_many_the_oldest_ends(accounts, ann, bob, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    bobs = await accounts.sessions.begin(bob)
    begun = []
    for _ in range(5):
        clock.now += 1
        begun.append(await accounts.sessions.begin(ann))
    assert [accounts.sessions.find(each.token) is not None for each in begun] == [False, False, True, True, True]
    assert accounts.sessions.find(bobs.token)


async def test_an_account_that_changed_meanwhile_does_not_sign_in(accounts, ann, bob):
    await accounts.users.change(bob.id, UserChanges(password="another horse"))
    with pytest.raises(NotAuthenticated):
        await accounts.sessions.begin(bob)
    await accounts.users.remove(bob.id)
    with pytest.raises(NotAuthenticated):
        await accounts.sessions.begin(bob)


async def test_an_outdated_hash_is_renewed(accounts, ann, monkeypatch):
    monkeypatch.setattr(accounts.credentials._passwords, "outdated", lambda kept: True)
    await accounts.credentials.sign_in("ann", PASSWORD, "192.0.2.1")
    renewed = accounts.users.get(ann.id)
    assert renewed.password_hash != ann.password_hash
    assert renewed.epoch == ann.epoch
    await accounts.credentials.sign_in("ann", PASSWORD, "192.0.2.1")
