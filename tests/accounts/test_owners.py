"""Whose items are whose: claimed, kept, followed to another instance id, and forgotten."""

from contextlib import asynccontextmanager

import pytest
import trio
from store.conftest import until

from amutorrent.accounts import LOCAL_ADMIN, NOBODY, Owners, User
from amutorrent.accounts import owners as module
from amutorrent.accounts.roster import user_of
from amutorrent.accounts.users import UserChanges
from amutorrent.store import OwnerShelf

ONE, TWO, THREE = ("i", "a" * 40), ("i", "b" * 40), ("j", "a" * 40)


def user(id, *permissions):
    return User(id=id, name=f"user{id}", is_admin=False, permissions=frozenset(permissions))


def saved(owners):
    """Give what the database knows."""
    return owners._shelf.load()


@pytest.fixture
def open_owners(accounts):
    """Give the function that runs owners over the accounts' database."""

    @asynccontextmanager
    async def run(present=lambda key: True, **options):
        async with trio.open_nursery() as nursery:
            owners = Owners(OwnerShelf(accounts.store), **options)
            accounts.roster.on_change.append(lambda: owners.keep_to(accounts.roster.accounts))
            await nursery.start(owners.run, present)
            yield owners
            nursery.cancel_scope.cancel()

    return run


def test_who_sees_and_changes_what():
    owners, mine, view, edit = Owners(), user(1), user(2, "view_all_downloads"), user(3, "view_all_downloads")
    edit = user(3, "view_all_downloads", "edit_all_downloads")
    owners._put(ONE, 1)
    table = {
        mine: ((True, True), (False, False)),
        user(4): ((False, False), (False, False)),
        view: ((True, False), (True, False)),
        edit: ((True, True), (True, True)),
        LOCAL_ADMIN: ((True, True), (True, True)),
        NOBODY: ((False, False), (False, False)),
    }
    for who, expected in table.items():
        found = tuple((owners.sees(who, key), owners.may_change(who, key)) for key in (ONE, TWO))
        assert found == expected, who


async def test_they_are_there_after_a_restart(open_owners, ann, bob):
    async with open_owners() as owners:
        await owners.claim(user_of(ann), [ONE])
        await owners.claim(user_of(bob), [TWO, THREE])
        await owners.claim(LOCAL_ADMIN, [("k", "c" * 40)])
        await owners.release([THREE])
    async with open_owners() as owners:
        assert (owners.of(ONE), owners.of(TWO), owners.of(THREE), owners.of(("k", "c" * 40))) == (
            ann.id,
            bob.id,
            None,
            None,
        )
        assert list(owners.items(bob.id)) == [TWO]
        assert await saved(owners) == {ONE: ann.id, TWO: bob.id}


async def test_the_items_of_a_removed_account_belong_to_nobody(open_owners, accounts, ann, bob):
    async with open_owners() as owners:
        await owners.claim(user_of(ann), [ONE])
        await owners.claim(user_of(bob), [TWO])
        await accounts.users.change(bob.id, UserChanges(name="robert", disabled=True))
        assert owners.of(TWO) == bob.id
        await accounts.users.remove(bob.id)
        assert (owners.of(ONE), owners.of(TWO)) == (ann.id, None)
        assert await saved(owners) == {ONE: ann.id}


async def test_a_claim_of_an_account_that_is_gone_comes_to_nothing(open_owners, ann):
    async with open_owners() as owners:
        await owners.claim(user(99), [ONE])
        await owners.claim(user_of(ann), [TWO])
        assert await saved(owners) == {TWO: ann.id}


async def test_what_cannot_be_saved_is_saved_later(open_owners, accounts, ann, monkeypatch):
    monkeypatch.setattr(module, "RETRY_S", 0.02)
    monkeypatch.setattr(module, "SWEEP_S", 0.02)
    async with open_owners() as owners:
        accounts.store.problem = "The disk is full"
        await owners.claim(user_of(ann), [ONE])
        assert owners.of(ONE) == ann.id
        assert await saved(owners) == {}
        accounts.store.problem = None
        await until(lambda: saved(owners))
        assert await saved(owners) == {ONE: ann.id}


async def test_an_instance_gets_another_id(open_owners, ann, bob):
    async with open_owners() as owners:
        await owners.claim(user_of(ann), [ONE, TWO])
        await owners.claim(user_of(bob), [THREE])
        await owners.rename_instance("i", "j")
        expected = {("j", TWO[1]): ann.id, THREE: bob.id}
        assert {key: owners.of(key) for key in expected} == expected
        assert (owners.of(ONE), list(owners.items(ann.id))) == (None, [("j", TWO[1])])
        assert await saved(owners) == expected
    async with open_owners() as owners:
        assert {key: owners.of(key) for key in expected} == expected


async def test_an_instance_that_is_taken_out_of_the_settings_keeps_its_owners(open_owners, ann):
    time = [0.0]
    async with open_owners(clock=lambda: time[0]) as owners:
        await owners.claim(user_of(ann), [ONE])
        for time[0] in (0, 10_000, 20_000):
            await owners.sweep(lambda key: None)
        assert owners.of(ONE) == ann.id


async def test_an_item_that_is_gone_for_long_has_no_owner(open_owners, ann):
    time, present = [0.0], {ONE: False, TWO: False, THREE: True}
    async with open_owners(clock=lambda: time[0]) as owners:
        await owners.claim(user_of(ann), present)
        await owners.sweep(present.get)
        time[0] = module.GRACE_S - 1
        present[TWO] = True
        await owners.sweep(present.get)
        assert len(await saved(owners)) == 3
        time[0] += 1
        present[TWO] = False
        await owners.sweep(present.get)
        assert await saved(owners) == {TWO: ann.id, THREE: ann.id}
        assert owners.of(ONE) is None


def test_an_item_is_expected_until_it_appears():
    owners = Owners()

    async def check():
        await owners.claim(user(1), [ONE])
        assert owners.expects(ONE)
        owners.appeared(ONE)
        assert not owners.expects(ONE)

    trio.run(check)
