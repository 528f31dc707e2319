"""Making, changing and removing accounts."""

import pytest
from accounts.conftest import PASSWORD

from amutorrent.accounts.users import UserChanges
from amutorrent.errors import Conflict, InvalidRequest, NotFound
from amutorrent.model.permissions import FULL


async def test_a_new_account(accounts, clock):
    bob = await accounts.users.create("bob", PASSWORD, permissions=["search"])
    assert (bob.name, bob.is_admin, bob.disabled, bob.permissions) == ("bob", False, False, {"search"})
    assert bob.password_hash.startswith("$argon2id$")
    assert PASSWORD not in bob.password_hash
    assert bob.created_at == bob.updated_at == int(clock.now * 1000)
    assert bob.last_login_at is None
    assert accounts.users.get(bob.id) == accounts.users.named("BOB") == bob
    assert accounts.users.all() == [bob]


async def test_they_are_listed_by_name(accounts):
    for name in ("bob", "Ann", "cid"):
        await accounts.users.create(name)
    assert [each.name for each in accounts.users.all()] == ["Ann", "bob", "cid"]


@pytest.mark.parametrize("name", ["", "a b", "ü", "a/b", "x" * 65, "ann\n", "a\0b", "\u212a"])
async def test_a_name_that_is_none(accounts, name):
    with pytest.raises(InvalidRequest, match="1 to 64") as caught:
        await accounts.users.create(name)
    assert caught.value.details == {"field": "username"}
    assert accounts.users.all() == []


@pytest.mark.parametrize("name", ["x" * 64, "ann@example.org", "A.b_c-d+e"])
async def test_a_name_that_is_one(accounts, name):
    assert (await accounts.users.create(name)).name == name


async def test_what_is_wrong_makes_no_account(accounts, ann):
    for arguments, error in (
        (("ANN",), Conflict),
        (("bob", "short"), InvalidRequest),
        (("bob-the-builder", "Bob-The-Builder"), InvalidRequest),
    ):
        with pytest.raises(error):
            await accounts.users.create(*arguments)
    with pytest.raises(InvalidRequest, match="no permission"):
        await accounts.users.create("bob", permissions=["fly"])
    with pytest.raises(Conflict, match="an account already"):
        await accounts.users.create("bob", PASSWORD, first=True)
    assert accounts.users.all() == [ann]


async def test_only_what_is_named_changes(accounts, bob, clock):
    clock.now += 60
    after = await accounts.users.change(bob.id, UserChanges(name="Bob"))
    assert after.name == "Bob"
    assert after.updated_at == bob.updated_at + 60_000
    for name in ("password_hash", "permissions", "is_admin", "disabled", "created_at", "key_generation"):
        assert getattr(after, name) == getattr(bob, name)
    after = await accounts.users.change(bob.id, UserChanges(permissions=FULL, is_admin=True))
    assert (after.permissions, after.is_admin) == (FULL, True)
    assert accounts.users.get(bob.id) == after


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (UserChanges(name="ann"), Conflict),
        (UserChanges(name="a b"), InvalidRequest),
        (UserChanges(password="short"), InvalidRequest),
        (UserChanges(permissions=frozenset({"fly"})), InvalidRequest),
        (UserChanges(permissions=frozenset({"edit_all_downloads"})), InvalidRequest),
        (UserChanges(name="correct.horse", password="Correct.Horse"), InvalidRequest),
    ],
)
async def test_what_is_wrong_changes_nothing(accounts, bob, changes, error):
    with pytest.raises(error):
        await accounts.users.change(bob.id, changes)
    await accounts.roster.look()
    assert accounts.users.get(bob.id) == bob


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        (UserChanges(name="robert"), True),
        (UserChanges(name="bob"), False),
        (UserChanges(password="another horse"), True),
        (UserChanges(password=PASSWORD), True),
        (UserChanges(is_admin=True), True),
        (UserChanges(is_admin=False), False),
        (UserChanges(permissions=frozenset()), True),
        (UserChanges(permissions=frozenset({"search"})), False),
        (UserChanges(disabled=True), True),
        (UserChanges(disabled=False), False),
        (UserChanges(), False),
    ],
)
async def test_what_ends_the_sessions(accounts, ann, bob, changes, ends):
    mine, other, admins = [await accounts.sessions.begin(each) for each in (bob, bob, ann)]
    await accounts.users.change(bob.id, changes, keep=mine.proof.session)
    assert (accounts.sessions.find(other.token) is None) == ends
    assert (accounts.sessions.find(mine.token) is None) == (changes.disabled is True)
    assert accounts.sessions.find(admins.token)


async def test_an_admin_is_always_left(accounts, ann, bob):
    for changes, field in ((UserChanges(is_admin=False), "isAdmin"), (UserChanges(disabled=True), "disabled")):
        with pytest.raises(InvalidRequest, match="last admin") as caught:
            await accounts.users.change(ann.id, changes)
        assert caught.value.details == {"field": field}
    with pytest.raises(InvalidRequest, match="last admin"):
        await accounts.users.remove(ann.id)
    disabled = await accounts.users.create("cid", is_admin=True, disabled=True)
    with pytest.raises(InvalidRequest, match="last admin"):
        await accounts.users.remove(ann.id)
    await accounts.users.change(disabled.id, UserChanges(disabled=False))
    await accounts.users.remove(ann.id)
    with pytest.raises(InvalidRequest, match="last admin"):
        await accounts.users.remove(disabled.id)
    await accounts.users.remove(bob.id)
    assert [each.name for each in accounts.users.all()] == ["cid"]


async def test_two_programs_cannot_take_the_last_two_admins(open_accounts, accounts, ann):
    cid = await accounts.users.create("cid", is_admin=True)
    async with open_accounts() as other:
        await accounts.users.remove(ann.id)
        assert other.users.get(ann.id), "it has not seen that yet"
        with pytest.raises(InvalidRequest, match="last admin"):
            await other.users.change(cid.id, UserChanges(is_admin=False))


async def test_what_goes_with_an_account(accounts, ann, bob):
    signed_in, key = await accounts.sessions.begin(bob), accounts.users.key_of(bob)
    await accounts.preferences.put(bob.id, {"theme": "dark"})
    await accounts.users.remove(bob.id)
    assert accounts.sessions.find(signed_in.token) is None
    assert accounts.credentials.find_key(key) is None
    assert await accounts.preferences.get(bob.id) == {}
    for gone in (
        accounts.users.remove(bob.id),
        accounts.users.change(bob.id, UserChanges()),
        accounts.users.new_key(99),
    ):
        with pytest.raises(NotFound):
            await gone
    with pytest.raises(NotFound, match="'bob'"):
        accounts.users.named("bob")
    again = await accounts.users.create("bob", PASSWORD)
    assert again.id > bob.id, "an id is never given twice: keys and ownership hang on it"


async def test_a_new_key_kills_the_old_one(accounts, bob):
    old = accounts.users.key_of(bob)
    new = await accounts.users.new_key(bob.id)
    assert new != old
    assert accounts.credentials.find_key(old) is None
    assert accounts.credentials.find_key(new).account_id == bob.id
    assert accounts.users.key_of(accounts.users.get(bob.id)) == new
