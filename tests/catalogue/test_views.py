"""What each class of readers is told: nothing of what does not exist for them, and all of what does."""

import json
import random

import pytest
from lab.info import info

from amutorrent import Changes, Events, Item
from amutorrent.accounts import LOCAL_ADMIN, Owners, User
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.replay import Replay

INSTANCES = ("one", "two")
OWN = User(id=1, name="own", is_admin=False)
OTHER = User(id=2, name="other", is_admin=False)
ALL = User(id=3, name="all", is_admin=False, permissions=frozenset({"view_all_downloads"}))
READERS = {"admin": LOCAL_ADMIN, "own": OWN, "other": OTHER, "all": ALL}


def item(number, **facts):
    values = {
        "hash": f"{number:040x}",
        "name": f"file {number}",
        "status": "active",
        "progress": 10.0,
        "size": 1000,
        "download_speed": 0,
        "upload_speed": 0,
        "complete": False,
    }
    return Item(**{**values, **facts})


@pytest.fixture
def catalogue():
    owners = Owners()
    made = Catalogue(Categories(), Events(), owners)
    for name in INSTANCES:
        made.put_instance(name, info(name=name))
    return made


def shown(catalogue, user):
    """Give the items of the full form: key -> whether it is the reader's own."""
    items = json.loads(catalogue.view(user).full())["data"]["items"]
    return {(each["instanceId"], int(each["hash"], 16)): each["ownedByMe"] for each in items}


async def test_each_class_sees_what_exists_for_it(catalogue):
    await catalogue.owners.claim(OWN, [("one", item(1).hash), ("two", item(3).hash)])
    await catalogue.owners.claim(ALL, [("one", item(2).hash)])
    await catalogue.apply("one", Changes(items=[item(1), item(2), item(4)], full=True))
    await catalogue.apply("two", Changes(items=[item(1), item(3)], full=True))
    everything = [("one", 1), ("one", 2), ("one", 4), ("two", 1), ("two", 3)]
    assert shown(catalogue, LOCAL_ADMIN) == dict.fromkeys(everything, True)
    assert shown(catalogue, ALL) == {key: key == ("one", 2) for key in everything}
    assert shown(catalogue, OWN) == {("one", 1): True, ("two", 3): True}
    assert shown(catalogue, OTHER) == {}


async def test_no_two_classes_share_a_name_for_what_they_see(catalogue):
    await catalogue.apply("one", Changes(items=[item(1)], full=True))
    promoted = User(id=1, name="own", is_admin=False, permissions=ALL.permissions)
    admin = User(id=9, name="boss", is_admin=True)
    readers = [*READERS.values(), promoted]
    assert len({catalogue.view(each).etag for each in readers}) == len(readers)
    assert catalogue.view(admin) is catalogue.view(LOCAL_ADMIN)
    assert catalogue.view(OWN) is catalogue.view(OWN)


async def test_only_so_many_classes_are_remembered(catalogue):
    for number in range(100):
        catalogue.view(User(id=number, name="u", is_admin=False))
    assert len(catalogue._views) == 32


async def test_deltas_tell_nobody_of_foreign_items(catalogue):
    told = {name: [] for name in READERS}

    def listen(tick):
        for name, reader in READERS.items():
            told[name].append(json.loads(tick.message(catalogue.view(reader)))["data"]["delta"])

    await catalogue.owners.claim(OWN, [("one", item(1).hash)])
    await catalogue.apply("one", Changes(items=[item(1), item(2)], full=True))
    catalogue.publish()
    catalogue.on_tick.append(listen)
    await catalogue.apply("one", Changes(items=[item(1, size=7), item(2, size=7), item(3)], full=True))
    catalogue.publish()
    await catalogue.apply("one", Changes(items=[], full=True))
    catalogue.publish()
    seen = {
        name: [
            (
                [int(each["hash"], 16) for each in delta["added"]],
                [int(each["hash"], 16) for each in delta["changed"]],
                [int(each.rpartition(":")[2], 16) for each in delta["removed"]],
            )
            for delta in deltas
        ]
        for name, deltas in told.items()
    }
    everything = [([3], [1, 2], []), ([], [], [1, 2, 3])]
    assert seen == {
        "admin": everything,
        "all": everything,
        "own": [([], [1], []), ([], [], [1])],
        "other": [([], [], []), ([], [], [])],
    }
    assert [delta["seq"] for delta in told["other"]] == [delta["seq"] for delta in told["admin"]]


@pytest.mark.parametrize("seed", range(8))
async def test_replaying_gives_the_snapshot_of_each_reader(catalogue, seed):
    """Random items come, change and go, of one's own and of others; some readers are away for a while."""
    dice, readers = random.Random(seed), {name: Replay() for name in READERS}
    for name, replay in readers.items():
        replay.apply({"type": "connected", "message": "", "session": catalogue.session})
        replay.apply(json.loads(catalogue.view(READERS[name]).full()))
    away = set()

    def listen(tick):
        for name, replay in readers.items():
            if name not in away:
                assert replay.apply(json.loads(tick.message(catalogue.view(READERS[name]))))

    catalogue.on_tick.append(listen)
    there = {name: {} for name in INSTANCES}
    for _ in range(60):
        instance = dice.choice(INSTANCES)
        for _ in range(dice.randint(1, 12)):
            number, what = dice.randint(1, 25), dice.random()
            key = (instance, item(number).hash)
            if what < 0.3:
                there[instance].pop(number, None)
                continue
            if catalogue.get(*key) is None and catalogue.owners.of(key) is None and what > 0.5:
                catalogue.publish()
                await catalogue.owners.claim(dice.choice([OWN, OTHER, ALL]), [key])
            there[instance][number] = item(number, size=dice.randint(1, 3))
        await catalogue.apply(instance, Changes(items=list(there[instance].values()), full=True))
        if dice.random() < 0.2:
            catalogue.set_stale(instance, dice.random() < 0.5)
        if dice.random() < 0.7:
            catalogue.publish()
        for name in READERS:
            if dice.random() < 0.1:
                catalogue.publish()
                away.symmetric_difference_update({name})
                if name not in away:
                    _come_back(catalogue, readers[name], READERS[name])
    for name, reader in READERS.items():
        if name in away:
            _come_back(catalogue, readers[name], reader)
        full = Replay()
        full.apply(json.loads(catalogue.view(reader).full()))
        assert readers[name].items == full.items
        assert {key for key, each in full.items.items() if each["ownedByMe"]} == (
            set(full.items)
            if reader.is_admin
            else {key for key in full.items if catalogue.owners.owns(reader, tuple(key.split(":")))}
        )


def _come_back(catalogue, replay, reader):
    view = catalogue.view(reader)
    replay.apply({"type": "connected", "message": "", "session": catalogue.session})
    replay.apply(json.loads(view.since(replay.seq) or view.full()))


async def test_who_owned_what_is_gone_is_not_guessed(catalogue):
    await catalogue.owners.claim(OWN, [("one", item(1).hash)])
    await catalogue.apply("one", Changes(items=[item(1)], full=True))
    catalogue.publish()
    seq = catalogue.seq
    await catalogue.apply("one", Changes(items=[], full=True))
    catalogue.publish()
    assert b'"removed":["one:' in catalogue.view(OWN).since(seq)
    await catalogue.owners.release([("one", item(1).hash)])
    assert catalogue.view(OWN).since(seq) is None


async def test_who_owns_what_may_be_known_late(catalogue):
    await catalogue.apply("one", Changes(items=[item(1), item(2)], full=True))
    catalogue.publish()
    told = []
    catalogue.on_tick.append(lambda tick: told.append(json.loads(tick.message(catalogue.view(OWN)))))
    catalogue.owners._take({("one", item(1).hash): 1})
    catalogue.publish()
    (message,) = told
    assert [each["hash"] for each in message["data"]["delta"]["added"]] == [item(1).hash]
    assert shown(catalogue, OWN) == {("one", 1): True}
