"""Who adds an item owns it; what is not one's own cannot be changed, or does not exist at all."""

from contextlib import nullcontext

import msgspec
import pytest
from amutorrent_example.client import Example

from amutorrent import ClientFailed, Conflict, Forbidden, NotFound, Unreachable, Unsupported, User
from amutorrent.operations.host_operations import HOST_OPERATIONS

EVERYTHING = frozenset(
    {each.needs for each in HOST_OPERATIONS if "_" in each.needs} - {"view_all_downloads", "edit_all_downloads"}
)
ANN = User(id=1, name="ann", is_admin=False, permissions=EVERYTHING)
BOB = User(id=2, name="bob", is_admin=False, permissions=EVERYTHING)
LOOKS = User(id=3, name="looks", is_admin=False, permissions=EVERYTHING | {"view_all_downloads"})
EDITS = User(id=4, name="edits", is_admin=False, permissions=LOOKS.permissions | {"edit_all_downloads"})
NEW = "d" * 40
MAGNET = f"magnet:?xt=urn:btih:{NEW}&dn=new"
ONE = "example-one"


async def add(rig, user, link=MAGNET):
    """Add a magnet; gives whether that went well."""
    reply = await rig.call("addMagnetLinks", user, links=[link], instanceId=ONE)
    return reply.results[0].success


def owner(rig, hash=NEW):
    return rig.catalogue.owners.of((ONE, hash))


def seen(rig, user):
    """Give the hashes that exist for a user."""
    items = msgspec.json.decode(rig.catalogue.view(user).full())["data"]["items"]
    return {each["hash"]: each["ownedByMe"] for each in items}


async def test_who_adds_an_item_owns_it_from_the_moment_it_shows(rig, autojump_clock):
    before = set(seen(rig, EDITS))
    assert await add(rig, ANN)
    assert owner(rig) == ANN.id
    assert seen(rig, ANN) == {NEW: True}
    assert seen(rig, BOB) == {}
    assert seen(rig, LOOKS) == {**dict.fromkeys(before, False), NEW: False}


async def test_an_admin_without_an_account_owns_nothing(rig, autojump_clock):
    await rig.call("addMagnetLinks", links=[MAGNET], instanceId=ONE)
    assert owner(rig) is None


async def test_what_is_there_already_stays_whose_it_is(rig, autojump_clock):
    await add(rig, ANN)
    await add(rig, BOB)
    assert owner(rig) == ANN.id
    found = rig.hashes[0]
    await add(rig, BOB, f"magnet:?xt=urn:btih:{found}")
    assert owner(rig, found) is None


async def test_what_was_somebodys_and_is_gone_is_whose_who_adds_it_again(rig, autojump_clock):
    await add(rig, ANN)
    item = [{"fileHash": NEW, "instanceId": ONE}]
    assert (await rig.call("batchDelete", ANN, items=item)).results[0].success
    assert rig.catalogue.get(ONE, NEW) is None
    await add(rig, BOB)
    assert owner(rig) == BOB.id
    assert seen(rig, ANN) == {}


async def test_of_two_who_add_the_same_the_first_owns_it(rig, autojump_clock, monkeypatch):
    async def nothing_yet(self, magnets, options):
        return {magnet.hash: None for magnet in magnets}

    monkeypatch.setattr(Example, "add_magnets", nothing_yet)
    await add(rig, ANN)
    await add(rig, BOB)
    assert owner(rig) == ANN.id


@pytest.mark.parametrize("error", [ClientFailed("no"), Conflict("no")])
async def test_what_failed_is_nobodys(rig, autojump_clock, monkeypatch, error):
    async def refuse(self, magnets, options):
        raise error

    monkeypatch.setattr(Example, "add_magnets", refuse)
    try:
        assert not await add(rig, ANN)
    except Conflict:
        assert isinstance(error, Conflict)
    assert owner(rig) is None


async def test_one_of_many_that_failed_is_nobodys(rig, autojump_clock, monkeypatch):
    async def one_fails(self, magnets, options):
        return {each.hash: ClientFailed("no") if each.hash == NEW else None for each in magnets}

    monkeypatch.setattr(Example, "add_magnets", one_fails)
    other = "e" * 40
    await rig.call("addMagnetLinks", ANN, links=[MAGNET, f"magnet:?xt=urn:btih:{other}"], instanceId=ONE)
    assert (owner(rig), owner(rig, other)) == (None, ANN.id)


async def test_what_a_client_did_not_answer_for_may_be_there_all_the_same(rig, autojump_clock, monkeypatch):
    async def no_answer(self, magnets, options):
        raise Unreachable("It went away")

    monkeypatch.setattr(Example, "add_magnets", no_answer)
    with pytest.raises(Unreachable):
        await add(rig, ANN)
    assert owner(rig) == ANN.id


BATCHES = {
    "batchPause": {},
    "batchResume": {},
    "batchStop": {},
    "batchDelete": {},
    "batchSetFileCategory": {"categoryName": "Default"},
    "batchSetTags": {"add": ["x"]},
}


@pytest.mark.parametrize("action", BATCHES)
async def test_a_batch_changes_ones_own_alone(rig, autojump_clock, action):
    await add(rig, ANN)
    foreign = rig.hashes[0]
    items = [{"fileHash": hash, "instanceId": ONE} for hash in (foreign, NEW)]
    for user, codes in (
        (BOB, ["item_not_found", "item_not_found"]),
        (LOOKS, ["not_owner", "not_owner"]),
        (ANN, ["item_not_found", None]),
        (EDITS, [None, None if action != "batchDelete" else "item_not_found"]),
    ):
        reply = await rig.call(action, user, items=items, **BATCHES[action])
        assert [each.code for each in reply.results] == codes, user.name


@pytest.mark.parametrize(
    ("action", "field", "fields"),
    [("renameFile", "fileHash", {"newName": "other"}), ("setFilePriority", "hash", {"files": [0], "priority": 1})],
)
async def test_a_single_item_that_is_not_ones_own(rig, autojump_clock, action, field, fields):
    await add(rig, ANN)
    request = {field: NEW, "instanceId": ONE, **fields}
    with pytest.raises(Forbidden) as caught:
        await rig.call(action, LOOKS, **request)
    assert caught.value.code == "not_owner"
    with pytest.raises(NotFound) as gone:
        await rig.call(action, BOB, **request)
    assert gone.value.code == "item_not_found"


@pytest.mark.parametrize("action", ["itemDetail", "itemFiles"])
async def test_a_foreign_item_is_opened_by_those_who_see_it(rig, autojump_clock, action):
    await add(rig, ANN)
    with pytest.raises(NotFound) as gone:
        await rig.call(action, BOB, hash=NEW)
    assert gone.value.code == "item_not_found"
    for user in (ANN, LOOKS):
        with nullcontext() if action == "itemDetail" else pytest.raises(Unsupported):  # the example client has no files
            await rig.call(action, user, hash=NEW)


async def test_a_hash_that_others_hold_too_is_not_ambiguous(rig, autojump_clock):
    await rig.call("addMagnetLinks", links=[f"magnet:?xt=urn:btih:{NEW}"], instanceId="example-two")
    await add(rig, ANN)
    reply = await rig.call("pauseDownload", ANN, fileHash=NEW)
    assert (reply.results[0].success, reply.results[0].instance_id) == (True, ONE)
    reply = await rig.call("pauseDownload", EDITS, fileHash=NEW)
    assert reply.results[0].code == "ambiguous_hash"
