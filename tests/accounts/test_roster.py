"""Who there is: in memory, as in the database, whoever changed it."""

import pytest
import trio
from accounts.conftest import PASSWORD

from amutorrent.accounts import Accounts, roster
from amutorrent.accounts.roster import Proof
from amutorrent.accounts.users import UserChanges
from amutorrent.errors import NotAuthenticated, StorageUnavailable
from amutorrent.store import AccountShelf, Store, locate


async def test_everything_is_there_after_a_restart(open_accounts, clock):
    async with open_accounts() as accounts:
        ann = await accounts.users.create("Ann", PASSWORD, is_admin=True)
        bob = await accounts.users.create("bob", permissions=["search", "view_logs"])
        signed_in = await accounts.sessions.begin(ann)
        key = accounts.users.key_of(bob)
    clock.now += 3600
    async with open_accounts() as accounts:
        assert accounts.roster.user(accounts.sessions.find(signed_in.token)).name == "Ann"
        user = accounts.roster.user(accounts.credentials.find_key(key))
        assert (user.id, user.name, user.is_admin) == (bob.id, "bob", False)
        assert user.permissions == {"search", "view_logs"}
        assert accounts.users.named("ANN").password_hash == ann.password_hash


async def test_what_another_program_changes_is_seen(open_accounts, ann, accounts):
    changes = []
    accounts.roster.on_change.append(lambda: changes.append(1))
    signed_in = await accounts.sessions.begin(ann)
    async with open_accounts() as other:
        await other.users.create("cid", PASSWORD, is_admin=True)
        await other.users.change(ann.id, UserChanges(password="another horse"))
    before = len(changes)
    await accounts.roster.look()
    assert accounts.users.named("cid").is_admin
    assert accounts.sessions.find(signed_in.token) is None
    assert accounts.roster.user(signed_in.proof) is None
    assert len(changes) == before + 1
    await accounts.roster.look()
    assert len(changes) == before + 1


async def test_who_was_made_by_another_program_comes_in_at_once(open_accounts, ann, accounts, monkeypatch):
    monkeypatch.setattr(roster, "FRESH_S", 0)
    async with open_accounts() as other:
        cid = await other.users.create("cid", PASSWORD)
        assert (await accounts.credentials.by_api_key(other.users.key_of(cid), "192.0.2.1")).name == "cid"
        await other.users.create("dan", PASSWORD)
        assert (await accounts.credentials.by_password("dan", PASSWORD, "192.0.2.1")).name == "dan"


async def test_who_is_not_known_costs_no_look_each(ann, accounts, monkeypatch):
    looks = []
    monkeypatch.setattr(roster, "FRESH_S", 3600)
    monkeypatch.setattr(accounts.roster, "look", lambda: looks.append(1))
    await accounts.roster.refresh()
    with pytest.raises(NotAuthenticated):
        await accounts.credentials.by_api_key("k" * 43, "192.0.2.1")
    assert looks == []


async def test_it_looks_by_itself(open_accounts, ann, accounts, monkeypatch):
    monkeypatch.setattr(roster, "LOOK_S", 0.02)
    async with open_accounts() as mine, open_accounts() as other:
        seen = trio.Event()
        mine.roster.on_change.append(seen.set)
        await other.users.create("cid")
        with trio.fail_after(10):
            await seen.wait()
        assert mine.users.named("cid")


async def test_two_programs_change_accounts_at_once(open_accounts, ann, accounts):
    async with open_accounts() as other, trio.open_nursery() as nursery:
        for number in range(10):
            for each, name in ((accounts, "mine"), (other, "theirs")):
                nursery.start_soon(each.users.create, f"{name}{number}")
    await accounts.roster.look()
    assert len(accounts.users.all()) == 21


async def test_a_proof_holds_as_long_as_what_it_shows(accounts, bob, clock):
    users, user = accounts.users, accounts.roster.user
    by_proxy, by_key = Proof(bob.id, bob.epoch), accounts.credentials.find_key(users.key_of(bob))
    by_session = (await accounts.sessions.begin(bob)).proof
    assert [user(each).name for each in (by_proxy, by_key, by_session)] == ["bob"] * 3
    assert user(Proof(bob.id + 1, bob.epoch)) is None
    assert user(Proof(bob.id, bob.epoch, session="0" * 64)) is None
    await users.new_key(bob.id)
    assert [user(each) is None for each in (by_proxy, by_key, by_session)] == [False, True, False]
    await users.change(bob.id, UserChanges(permissions=frozenset({"view_logs"})), keep=by_session.session)
    assert [user(each) is None for each in (by_proxy, by_key, by_session)] == [True, True, False]
    assert user(by_session).permissions == {"view_logs"}
    await users.change(bob.id, UserChanges(disabled=True), keep=by_session.session)
    assert user(by_session) is None


async def test_a_session_of_another_account_proves_nothing(accounts, ann, bob):
    session = (await accounts.sessions.begin(bob)).proof.session
    assert accounts.roster.user(Proof(ann.id, ann.epoch, session=session)) is None


async def test_a_database_that_was_never_read_is_not_nobody(tmp_path):
    (tmp_path / "amutorrent.db").write_bytes(b"no database at all" * 100)
    store = Store(locate("", tmp_path))
    accounts = Accounts(AccountShelf(store), tmp_path)
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        await nursery.start(accounts.run)
        with pytest.raises(StorageUnavailable, match="accounts cannot be read"):
            _ = accounts.setup.needed
        for asked in (
            accounts.credentials.by_password("ann", PASSWORD, "192.0.2.1"),
            accounts.credentials.by_api_key("k" * 43, "192.0.2.1"),
            accounts.credentials.by_proxy("ann"),
        ):
            with pytest.raises(StorageUnavailable):
                await asked
        with pytest.raises(StorageUnavailable):
            accounts.users.all()
        nursery.cancel_scope.cancel()


async def test_a_database_that_fails_later_signs_nobody_out(accounts, ann):
    signed_in = await accounts.sessions.begin(ann)
    key = accounts.users.key_of(ann)
    accounts.store.problem = "the disk is full"
    assert accounts.roster.user(accounts.sessions.find(signed_in.token)).name == "Ann"
    assert (await accounts.credentials.by_api_key(key, "192.0.2.1")).name == "Ann"
    assert (await accounts.credentials.by_password("ann", PASSWORD, "192.0.2.1")).name == "Ann"
    with pytest.raises(StorageUnavailable, match="the disk is full"):
        await accounts.sessions.begin(ann)
    with pytest.raises(StorageUnavailable, match="the disk is full"):
        await accounts.users.remove(ann.id)
    assert accounts.users.get(ann.id).name == "Ann"
