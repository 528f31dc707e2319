"""Facts beside the list: what each version of them lacks."""

import json

import pytest
from lab.info import info

from amutorrent import Changes, Events, Item
from amutorrent.accounts import LOCAL_ADMIN, Owners, User
from amutorrent.catalogue import Catalogue, Facets
from amutorrent.categories import Categories

OWN = User(id=1, name="own", is_admin=False)
KEYS = [("one", f"{number:040x}") for number in range(4)]


@pytest.fixture
async def catalogue():
    made = Catalogue(Categories(), Events(), Owners())
    made.put_instance("one", info(name="one"))
    values = {"status": "active", "progress": 1.0, "size": 1, "download_speed": 0, "upload_speed": 0, "complete": False}
    await made.owners.claim(OWN, [KEYS[1]])
    await made.apply("one", Changes(items=[Item(hash=hash, name="x", **values) for _, hash in KEYS[:3]], full=True))
    return made


@pytest.fixture
def facets():
    return Facets("a", "b")


def lacks(facets, catalogue, version, user=LOCAL_ADMIN):
    view = catalogue.view(user)
    delta = facets.since(version, view, view.speeds())
    if delta is None:
        return None
    found = json.loads(delta)
    assert (found["type"], set(found["data"]), set(found["data"]["delta"])) == (
        "batch-update",
        {"stats", "delta"},
        {"added", "removed", "changed"},
    )
    return {
        int(each.pop("hash"), 16): each for each in found["data"]["delta"]["changed"] if each.pop("instanceId") == "one"
    }


async def test_a_reader_gets_what_changed_since_its_version(catalogue, facets):
    assert lacks(facets, catalogue, 0) is None
    facets.put({KEYS[0]: b'"a":1,"b":2', KEYS[1]: b'"a":3,"b":4'}, catalogue)
    first = facets.version
    assert lacks(facets, catalogue, 0) == {0: {"a": 1, "b": 2}, 1: {"a": 3, "b": 4}}
    assert lacks(facets, catalogue, first) is None
    facets.put({KEYS[0]: b'"a":1,"b":2', KEYS[1]: b'"a":9,"b":4'}, catalogue)
    assert lacks(facets, catalogue, first) == {1: {"a": 9, "b": 4}}
    assert lacks(facets, catalogue, facets.version) is None
    facets.put({KEYS[0]: b'"a":1,"b":2', KEYS[1]: b'"a":9,"b":4'}, catalogue)
    assert lacks(facets, catalogue, first) == {1: {"a": 9, "b": 4}}


async def test_what_went_away_is_null_for_who_had_it(catalogue, facets):
    facets.put({KEYS[0]: b'"a":1,"b":2'}, catalogue)
    first = facets.version
    facets.put({}, catalogue)
    assert lacks(facets, catalogue, first) == {0: {"a": None, "b": None}}
    assert lacks(facets, catalogue, 0) is None
    second = facets.version
    facets.put({KEYS[0]: b'"a":1,"b":2'}, catalogue)
    assert lacks(facets, catalogue, second) == {0: {"a": 1, "b": 2}}


async def test_facts_are_told_of_items_that_are_there_and_exist_for_the_reader(catalogue, facets):
    facets.put(dict.fromkeys(KEYS, b'"a":1,"b":2'), catalogue)
    assert set(lacks(facets, catalogue, 0)) == {0, 1, 2}
    assert set(lacks(facets, catalogue, 0, OWN)) == {1}
    assert lacks(facets, catalogue, 0, User(id=2, name="other", is_admin=False)) is None
    await catalogue.apply("one", Changes(removed=[KEYS[0][1]]))
    facets.put(dict.fromkeys(KEYS[1:], b'"a":1,"b":2'), catalogue)
    assert KEYS[0] not in facets._facts


async def test_facts_of_items_that_came_anew_are_told_again(catalogue, facets):
    facets.put(dict.fromkeys(KEYS[:2], b'"a":1,"b":2'), catalogue)
    first = facets.version
    facets.again([KEYS[1], KEYS[2]])
    assert set(lacks(facets, catalogue, first)) == {1}
