"""A snapshot holds every item with what follows from it, and its ETag stands for its bytes."""

import json

import pytest
from catalogue.live_list import A, Reader, catalogue_of, item

from amutorrent import Changes
from amutorrent.accounts import LOCAL_ADMIN


async def test_an_item_carries_identity_and_what_follows_from_it():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(1, status="seeding", complete=True, category="tv")]))
    (found,) = Reader(catalogue).items.values()
    assert found["instanceId"] == A
    assert found["client"] == "example"
    assert found["networkType"] == "bittorrent"
    assert (found["downloading"], found["seeding"], found["categoryId"]) == (False, True, 1)
    assert list(found)[-1] == "ownedByMe"
    assert found["ownedByMe"] is True
    assert "message" not in found
    assert "tags" not in found


@pytest.mark.parametrize("stale", [(), ("first",), ("last",), ("first", "last")])
async def test_a_full_form_over_stale_current_and_empty_instances(stale):
    catalogue = catalogue_of("first", "empty", "last", "also-empty")
    for each in ("first", "last"):
        await catalogue.apply(each, Changes(full=True, items=[item(1), item(2)]))
    for each in stale:
        catalogue.set_stale(each, True)
    found = json.loads(catalogue.view(LOCAL_ADMIN).full())["data"]["items"]
    assert [(each["instanceId"], each["hash"], each.get("stale"), each["ownedByMe"]) for each in found] == [
        (id, item(number).hash, True if id in stale else None, True) for id in ("first", "last") for number in (1, 2)
    ]


async def test_equal_etags_mean_equal_bytes():
    catalogue = catalogue_of()
    view = catalogue.view(LOCAL_ADMIN)
    before = view.etag, view.full()
    assert (view.etag, view.full()) == before
    await catalogue.apply(A, Changes(full=True, download_speed=7))
    assert view.etag != before[0]
    assert json.loads(view.full())["data"]["stats"]["instanceSpeeds"] == {A: {"uploadSpeed": 0, "downloadSpeed": 7}}
