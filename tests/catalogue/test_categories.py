"""Categories and default paths travel with the list when they changed, and a rename takes every item along."""

import json

import trio
from catalogue.live_list import A, catalogue_of, item
from lab.info import info

from amutorrent import Changes, ClientCategory
from amutorrent.accounts import LOCAL_ADMIN


async def test_categories_and_default_paths_travel_with_the_list():
    catalogue = catalogue_of()
    changes = Changes(full=True, default_path="/downloads", categories=[ClientCategory(name="tv", path="/tv")])
    await catalogue.apply(A, changes)
    data = json.loads(catalogue.view(LOCAL_ADMIN).full())["data"]
    assert [(each["id"], each["name"], each["path"]) for each in data["categories"]] == [
        (0, "Default", ""),
        (1, "tv", "/tv"),
    ]
    assert data["clientDefaultPaths"] == {A: "/downloads"}
    assert data["hasPathWarnings"] is False


async def test_categories_are_sent_only_when_they_or_the_paths_changed():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(1)]))
    catalogue.publish()
    sent = []
    view = catalogue.view(LOCAL_ADMIN)
    catalogue.on_tick.append(lambda tick: sent.append(json.loads(tick.message(view))["data"]))
    catalogue.put_instance(A, info(name="another name"))
    catalogue.publish()
    await catalogue.apply(A, Changes(items=[item(1, category="tv")]))
    catalogue.publish()
    await catalogue.apply(A, Changes(default_path="/data"))
    catalogue.publish()
    catalogue.remove_instance(A)
    catalogue.publish()
    keys = [({"categories", "clientDefaultPaths"} <= set(data), "instances" in data["stats"]) for data in sent]
    assert keys == [(False, True), (True, False), (True, False), (True, True)]
    assert sent[2]["clientDefaultPaths"] == {A: "/data"}
    assert sent[3]["clientDefaultPaths"] == {}


async def test_items_that_come_while_others_follow_a_rename_follow_too():
    catalogue = catalogue_of()
    await catalogue.apply(A, Changes(full=True, items=[item(n, category="tv") for n in range(1000)]))
    number = catalogue.categories.get("tv").id
    async with trio.open_nursery() as nursery:
        nursery.start_soon(catalogue.change_category, "tv", {"name": "series"})
        for _ in range(4):  # it is at it
            await trio.lowlevel.checkpoint()
        assert catalogue.categories.get("series") is None
        await catalogue.apply(A, Changes(items=[item(5000, category="tv"), item(1, category="tv", size=7)]))
    found = {entry.item.hash: entry for entry in catalogue.items()}
    assert len(found) == 1001
    assert {(each.item.category, each.category_id, each.label) for each in found.values()} == {("series", number, "tv")}
    assert found[item(1).hash].item.size == 7
    await catalogue.apply(A, Changes(items=[item(2, category="series")]))  # its client has heard of it
    assert catalogue.get(A, item(2).hash).label == "series"
    assert [each.name for each in catalogue.categories.all()] == ["Default", "series"]
