"""Categories are made, changed and deleted alike over both transports; a refusal says why and changes nothing."""

import pytest
from operations.labelled import HELD
from operations.scene import ONE, ROUTE

from amutorrent.accounts import LOCAL_ADMIN, User
from amutorrent.errors import StorageUnavailable

GUEST = User(id=7, name="guest", is_admin=False, permissions=frozenset({"assign_categories"}))


async def test_the_wire_is_as_the_contract_says(scene, autojump_clock):
    status, made = await scene.post(
        title=" Movies ", path="/downloads/movies", comment="Movie downloads", color=255, priority=0
    )
    assert status == 200
    assert (made["type"], made["success"], made["message"], made["warnings"]) == (
        "category-created", True, "Category created", [],
    )  # fmt: skip
    times = made["category"].pop("createdAt"), made["category"].pop("updatedAt")
    assert times[0] == times[1] > 1_700_000_000_000
    assert made["category"] == {
        "id": 1, "name": "Movies", "title": "Movies", "path": "/downloads/movies", "color": 255,
        "comment": "Movie downloads", "priority": 0, "pathMappings": None, "pathWarnings": None,
    }  # fmt: skip
    status, listed = await scene.wire.rest("GET", ROUTE)
    assert listed["data"][0] == {
        "id": 0, "name": "Default", "title": "Default", "path": "", "color": 13421772, "comment": "", "priority": 0,
        "pathMappings": None, "pathWarnings": None, "createdAt": None, "updatedAt": None,
    }  # fmt: skip
    assert listed["data"][1] == {**made["category"], "createdAt": times[0], "updatedAt": times[1]}
    assert listed["clientDefaultPaths"] == {"defining-0": "/downloads", "labelled-1": "/downloads"}
    assert listed["hasPathWarnings"] is False

    status, changed = await scene.put(name="Movies", path="/m", pathMappings={"labelled": "/mnt/m", "x": " "})
    assert (status, changed["type"]) == (200, "category-updated")
    kept = {**made["category"], "path": "/m", "pathMappings": {"labelled": "/mnt/m"}}
    assert {**kept, "createdAt": times[0], "updatedAt": changed["category"]["updatedAt"]} == changed["category"]
    assert changed["category"]["updatedAt"] > times[0]
    status, changed = await scene.put(name="Movies", pathMappings=None)
    assert changed["category"]["pathMappings"] is None

    status, gone = await scene.delete(name="Movies")
    assert (status, gone) == (200, {"type": "category-deleted", "success": True, "message": "Category deleted"})
    assert await scene.names() == ["Default"]


async def test_the_forms_of_the_socket_and_who_is_told(scene, autojump_clock):
    async with scene.wire.socket() as first, scene.wire.socket() as second:
        made = await first.ask("createCategory", category={"title": "tv", "path": "/tv", "color": 0xCCCCCC})
        assert made["type"] == "category-created"
        (told,) = first.before  # before the reply
        assert (told["type"], [each["name"] for each in told["data"]]) == ("categories-update", ["Default", "tv"])
        assert await second.get("categories-update") == told
        id = made["category"]["id"]
        changed = await second.ask("updateCategory", id=id, category={"title": "series"})
        assert (changed["category"]["id"], changed["category"]["name"], changed["category"]["path"]) == (
            id, "series", "/tv",
        )  # fmt: skip
        assert [each["type"] for each in second.before] == ["categories-update"]
        listed = await first.ask("getCategories")
        assert [(each["id"], each["name"]) for each in listed["data"]] == [(0, "Default"), (id, "series")]
        assert (await first.ask("deleteCategory", id=id))["type"] == "category-deleted"
        for action, fields in (("updateCategory", {"category": {}}), ("deleteCategory", {})):
            assert (await first.ask(action, id=id, **fields))["code"] == "category_not_found"
    await scene.post(title="over http")
    async with scene.wire.socket() as third:
        await scene.put(name="over http", comment="c")
        told = await third.get("categories-update")
        assert [each["comment"] for each in told["data"]] == ["", "c"]


BAD = [
    ({"title": ""}, "title"),
    ({"title": "  "}, "title"),
    ({"title": "x" * 101}, "title"),
    ({"title": "a/b"}, "title"),
    ({"title": "a\\b"}, "title"),
    ({"title": "a\0b"}, "title"),
    ({"title": "a..b"}, "title"),
    ({"title": 1}, "title"),
    ({"path": "relative"}, "path"),
    ({"path": "/a/../b"}, "path"),
    ({"path": "/a\0b"}, "path"),
    ({"path": None}, "path"),
    ({"comment": 1}, "comment"),
    ({"comment": "a\0b"}, "comment"),
    ({"color": -1}, "color"),
    ({"color": 0x1000000}, "color"),
    ({"color": "red"}, "color"),
    ({"priority": 4}, "priority"),
    ({"priority": -1}, "priority"),
    ({"pathMappings": []}, "pathMappings"),
    ({"pathMappings": {"qbittorrent": "mnt"}}, "pathMappings.qbittorrent"),
    ({"pathMappings": {" ": "/mnt"}}, "pathMappings"),
    ({"pathMappings": {"x" * 301: "/mnt"}}, "pathMappings"),
]


@pytest.mark.parametrize(("fields", "field"), BAD)
async def test_each_bad_field_is_named_and_nothing_changes(scene, autojump_clock, fields, field):
    await scene.post(title="tv", path="/tv")
    before = scene.catalogue.categories.all()
    async with scene.wire.socket() as socket:
        for status, reply, at in (
            (*await scene.post(**{"title": "new", **fields}), ""),
            (*await scene.put(name="tv", **fields), ""),
            (400, await socket.ask("createCategory", category={"title": "new", **fields}), "category."),
            (400, await socket.ask("updateCategory", id=1, category=fields), "category."),
        ):
            assert (status, reply["code"]) == (400, "validation_error"), reply
            assert reply["details"]["field"].removesuffix("[...]") == at + field, reply
    assert scene.catalogue.categories.all() == before


async def test_what_is_not_there_what_is_there_and_what_is_protected(scene, autojump_clock):
    await scene.post(title="tv")
    await scene.post(title="films")
    before = scene.catalogue.categories.all()
    for asked, code, status in (
        (scene.post(title="tv "), "already_exists", 409),
        (scene.post(title="Default"), "already_exists", 409),
        (scene.put(name="tv", title="films"), "already_exists", 409),
        (scene.put(name="tv", title="Default"), "already_exists", 409),
        (scene.put(name="TV", comment="x"), "category_not_found", 404),
        (scene.delete(name="TV"), "category_not_found", 404),
        (scene.delete(name="Default"), "default_category_protected", 409),
        (scene.put(name="Default", title="None"), "default_category_protected", 409),
        (scene.put(name="Default", priority=1), "default_category_protected", 409),
        (scene.put(comment="x"), "validation_error", 400),
        (scene.delete(), "validation_error", 400),
        (scene.post(path="/x"), "validation_error", 400),
    ):
        got, reply = await asked
        assert (got, reply["code"]) == (status, code), reply
    assert scene.catalogue.categories.all() == before
    status, changed = await scene.put(
        name="Default", title="Default", priority=0, path="/d", color=1, comment="c", pathMappings={"labelled": "/m"}
    )
    assert (status, changed["category"]["path"], changed["category"]["id"]) == (200, "/d", 0)
    assert HELD[0].categories == {"tv": "", "films": ""}


async def test_who_may_only_assign_makes_none(scene, autojump_clock):
    HELD[0].labels[ONE] = "Default"
    await scene.until(lambda: scene.shown("defining-0"))
    scene.wire.user = GUEST
    body = {"items": [{"fileHash": ONE}], "categoryName": "new"}
    status, reply = await scene.wire.rest("POST", "/api/v1/downloads/category", body)
    assert (status, reply["code"]) == (404, "category_not_found")
    for asked in (scene.post(title="new"), scene.put(name="Default"), scene.delete(name="new")):
        status, reply = await asked
        assert (status, reply["code"]) == (403, "forbidden")
    assert await scene.names() == ["Default"]
    scene.wire.user = LOCAL_ADMIN
    status, reply = await scene.wire.rest("POST", "/api/v1/downloads/category", body)
    assert status == 200
    assert await scene.names() == ["Default", "new"]


async def test_when_nothing_can_be_saved_nothing_changes(scene, autojump_clock, monkeypatch):
    await scene.post(title="tv")
    HELD[1].labels[ONE] = "tv"
    await scene.until(lambda: scene.shown("labelled-1"))

    class Full:
        async def add(self, *args):
            raise StorageUnavailable("The disk is full")

        change = remove = add

    monkeypatch.setattr(scene.catalogue.categories, "_shelf", Full())
    before, asked = scene.catalogue.categories.all(), [list(HELD[0].asked), list(HELD[1].asked)]
    for failing in (scene.post(title="new"), scene.put(name="tv", title="films"), scene.delete(name="tv")):
        status, reply = await failing
        assert (status, reply["code"]) == (503, "storage_unavailable")
    assert scene.catalogue.categories.all() == before
    assert [HELD[0].asked, HELD[1].asked] == asked
    assert scene.shown("labelled-1") == {ONE: "tv"}
    assert scene.catalogue.categories.departures.all() == []
