"""Categories over both transports: every field, every refusal, and what becomes of it in the clients."""

from dataclasses import replace

import pytest
import trio
from operations.conftest import WireGate
from operations.labelled import HELD, TYPES, Held
from operations.wire import Wire

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN, User
from amutorrent.client import ClientConfig
from amutorrent.errors import StorageUnavailable
from amutorrent.web import create_app

ROUTE = "/api/v1/categories"
ONE, TWO, THREE = ("1" * 40, "2" * 40, "3" * 40)
GUEST = User(id=7, name="guest", is_admin=False, permissions=frozenset({"assign_categories"}))
WAIT_S = 100


def config(number, type="defining", **sync):
    return ClientConfig(
        id=f"{type}-{number}",
        type=type,
        name=f"{type.title()} {number}",
        color=None,
        enabled=True,
        order=number,
        settings=TYPES[type].Settings(number=number),
        **sync,
    )


class Scene:
    """A host over scripted clients, asked over either transport."""

    def __init__(self, rig):
        self.rig = rig
        self.catalogue = rig.catalogue
        self.wire = Wire(create_app(replace(rig.context, gate=WireGate())))
        self.wire.user = LOCAL_ADMIN

    async def post(self, **body):
        return await self.wire.rest("POST", ROUTE, body)

    async def put(self, **body):
        return await self.wire.rest("PUT", ROUTE, body)

    async def delete(self, **body):
        return await self.wire.rest("DELETE", ROUTE, body)

    async def names(self):
        status, reply = await self.wire.rest("GET", ROUTE)
        assert (status, reply["type"]) == (200, "categories-update")
        return [each["name"] for each in reply["data"]]

    def category(self, name):
        return self.catalogue.categories.get(name)

    def shown(self, instance_id):
        """Give the categories of an instance's items, and see that numbers fit."""
        found = {}
        for entry in self.catalogue.items(instance_id):
            assert entry.category_id == self.category(entry.item.category).id
            found[entry.item.hash] = entry.item.category
        return found

    async def until(self, condition):
        """Let the clock go on until something is so."""
        with trio.fail_after(WAIT_S):
            while not condition():  # noqa: ASYNC110  (nobody tells; the clock jumps)
                await trio.sleep(0.5)

    async def away(self, number, instance_id):
        """Switch a client off, and wait until that was noticed."""
        HELD[number].reachable = False
        instance = self.rig.instances.get(instance_id)
        instance.poke()
        await self.until(lambda: instance._connection is None)

    async def back(self, number, instance_id):
        """Switch it on again, and wait until it was polled anew."""
        HELD[number].reachable = True
        instance = self.rig.instances.get(instance_id)
        before = instance.connections
        instance.reconnect()
        await self.until(lambda: instance.connections > before)


@pytest.fixture
def held():
    HELD.clear()
    HELD.update({number: Held() for number in range(3)})
    return HELD


@pytest.fixture
def open_scene(nursery, wire_parts, held):
    """Give the function that runs a host over clients."""

    async def open(*configs):
        rig = await wire_parts(nursery, TYPES, configs)
        nursery.start_soon(rig.catalogue.run)
        return Scene(rig)

    return open


@pytest.fixture
async def scene(open_scene):
    return await open_scene(config(0), config(1, "labelled"))


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


async def test_a_change_reaches_clients_and_their_items(scene, autojump_clock):
    HELD[0].labels.update({ONE: "tv", TWO: "Default"})
    HELD[1].labels.update({ONE: "tv", TWO: "films", THREE: "Default"})
    await scene.until(lambda: len(scene.shown("labelled-1")) == 3)
    id = scene.category("tv").id
    assert HELD[0].categories == {"tv": "", "films": ""}  # what one client has goes to the others
    assert (await scene.put(name="tv", path="/tv"))[1]["warnings"] == []
    assert HELD[0].categories == {"tv": "/tv", "films": ""}

    assert (await scene.put(name="tv", title="series", path="/s"))[1]["warnings"] == []
    assert scene.shown("defining-0") == {ONE: "series", TWO: "Default"}
    assert scene.shown("labelled-1") == {ONE: "series", TWO: "films", THREE: "Default"}
    assert scene.category("series").id == id
    assert HELD[0].categories == {"films": "", "series": "/s"}
    assert (HELD[0].labels[ONE], HELD[1].labels[ONE]) == ("series", "series")
    assert ("set_category", (ONE,), "series") in HELD[1].asked

    assert (await scene.delete(name="series"))[1] == {
        "type": "category-deleted", "success": True, "message": "Category deleted",
    }  # fmt: skip
    assert scene.shown("labelled-1") == {ONE: "Default", TWO: "films", THREE: "Default"}
    assert (HELD[0].categories, HELD[0].labels[ONE], HELD[1].labels[ONE]) == ({"films": ""}, "Default", "Default")
    await scene.until(lambda: not scene.catalogue.categories.departures.all())
    assert await scene.names() == ["Default", "films"]


async def test_a_client_that_refuses_is_named_and_the_category_saved(scene, autojump_clock):
    HELD[0].refuses.update({"bad": am.InvalidRequest("It cannot use this folder"), "worse": am.Unreachable("Gone")})
    status, reply = await scene.post(title="bad", path="/bad")
    assert (status, reply["warnings"]) == (200, ["Defining 0: It cannot use this folder"])
    assert await scene.names() == ["Default", "bad"]
    asked = len(HELD[0].asked)
    await scene.post(title="good")  # what was refused is not tried again on this connection
    assert HELD[0].asked[asked:] == [("create", "good", "")]
    HELD[0].refuses.pop("bad")
    assert (await scene.put(name="bad", path="/better"))[1]["warnings"] == []
    assert HELD[0].categories == {"good": "", "bad": "/better"}
    assert (await scene.post(title="worse"))[1]["warnings"] == ["Defining 0: Gone"]
    HELD[0].refuses.clear()
    await scene.put(name="good", comment="look again")
    assert "worse" in HELD[0].categories


async def test_a_client_that_hangs_does_not_hang_the_caller(scene, autojump_clock, monkeypatch):
    async def hangs(self, name, path):
        await trio.sleep_forever()

    monkeypatch.setattr(TYPES["defining"], "create_category", hangs)
    began = trio.current_time()
    _, reply = await scene.post(title="tv")
    assert trio.current_time() - began <= 21
    assert reply["warnings"] == ["Defining 0: it has not answered yet"]
    assert await scene.names() == ["Default", "tv"]


async def test_on_connect_names_come_in_missing_ones_go_out_and_the_app_wins(open_scene, held, autojump_clock):
    held[0].categories.update({"theirs": "/theirs", "both": "/both"})
    held[1].categories.update({"both": "/elsewhere", "Default": "/never"})
    held[1].reachable = False
    scene = await open_scene(config(0), config(1))
    await scene.until(lambda: scene.category("both"))
    await scene.back(1, "defining-1")
    await scene.until(lambda: len(held[1].categories) == 3)
    assert scene.category("theirs").path == "/theirs"
    assert scene.category("both").path == "/both"
    assert held[1].categories == {"both": "/both", "Default": "/never", "theirs": "/theirs"}
    assert held[0].categories == {"theirs": "/theirs", "both": "/both"}
    assert await scene.names() == ["Default", "theirs", "both"]
    await scene.away(0, "defining-0")
    await scene.put(name="both", path="")
    await scene.post(title="ours", path="/ours")
    await scene.back(0, "defining-0")
    await scene.until(lambda: "ours" in held[0].categories)
    assert held[0].categories == {"theirs": "/theirs", "both": "", "ours": "/ours"}
    assert scene.category("both").path == ""


async def test_sync_can_be_off_in_each_direction(open_scene, held, autojump_clock):
    held[0].categories["quiet"] = "/quiet"
    held[1].categories["loud"] = "/loud"
    held[0].labels[ONE] = "named"
    scene = await open_scene(config(0, category_sync_in=False), config(1, category_sync_out=False))
    await scene.until(lambda: "loud" in held[0].categories)
    assert {*await scene.names()} == {"Default", "named", "loud"}  # an item's category is always in the list
    await scene.post(title="ours")
    assert "ours" in held[0].categories
    assert held[1].categories == {"loud": "/loud"}
    held[1].labels[TWO] = "loud"
    await scene.until(lambda: scene.shown("defining-1") == {TWO: "loud"})
    await scene.delete(name="loud")
    assert (held[1].categories, held[1].labels) == ({"loud": "/loud"}, {TWO: "Default"})
    await trio.sleep(60)
    assert "loud" not in await scene.names()  # although the client keeps it
    held[1].categories.clear()
    await scene.away(1, "defining-1")
    await scene.back(1, "defining-1")
    await scene.until(lambda: not scene.catalogue.categories.departures.of("defining-1"))
    held[1].categories["loud"] = ""
    await scene.until(lambda: scene.category("loud"))


async def test_what_was_deleted_while_a_client_was_away_does_not_come_back(open_scene, held, autojump_clock):
    held[0].categories.update({"tv": "/tv", "films": "/films"})
    held[0].labels.update({ONE: "tv", TWO: "films"})
    held[1].labels.update({ONE: "tv", TWO: "films"})
    scene = await open_scene(config(0), config(1, "labelled"))
    await scene.until(lambda: len(scene.shown("labelled-1")) == 2 and len(scene.shown("defining-0")) == 2)
    await scene.away(0, "defining-0")
    await scene.away(1, "labelled-1")
    await scene.delete(name="tv")
    await scene.put(name="films", title="cinema")
    await scene.put(name="cinema", title="movies")
    for each in ("defining-0", "labelled-1"):
        assert scene.shown(each) == {ONE: "Default", TWO: "movies"}
    assert held[0].labels == {ONE: "tv", TWO: "films"}  # they cannot know yet
    for number, each in ((0, "defining-0"), (1, "labelled-1")):
        await scene.back(number, each)
        assert scene.shown(each) == {ONE: "Default", TWO: "movies"}
        await scene.until(lambda number=number: held[number].labels == {ONE: "Default", TWO: "movies"})
    assert held[0].categories == {"movies": "/films"}
    await scene.until(lambda: not scene.catalogue.categories.departures.all())
    assert await scene.names() == ["Default", "movies"]
    held[1].labels[ONE] = "tv"  # what somebody makes there from now on is new
    await scene.until(lambda: scene.shown("labelled-1")[ONE] == "tv")
    assert await scene.names() == ["Default", "movies", "tv"]


async def test_what_a_person_makes_anew_is_kept_when_the_client_comes_back(open_scene, held, autojump_clock):
    held[0].categories["tv"] = "/tv"
    held[0].labels[ONE] = "tv"
    scene = await open_scene(config(0))
    await scene.until(lambda: scene.shown("defining-0"))
    await scene.away(0, "defining-0")
    await scene.delete(name="tv")
    await scene.post(title="tv", path="/new")
    await scene.back(0, "defining-0")
    await scene.until(lambda: held[0].categories == {"tv": "/new"})
    assert scene.shown("defining-0") == {ONE: "tv"}


async def test_a_client_that_has_both_names_of_a_rename(scene, autojump_clock):
    await scene.post(title="old", path="/old")
    HELD[0].labels[ONE] = "old"
    await scene.until(lambda: scene.shown("defining-0"))
    HELD[0].categories["new"] = "/theirs"  # since a moment, and nobody knows it yet
    assert (await scene.put(name="old", title="new"))[1]["warnings"] == []
    await scene.until(lambda: HELD[0].labels == {ONE: "new"} and "old" not in HELD[0].categories)
    assert scene.shown("defining-0") == {ONE: "new"}


async def test_a_client_that_knows_no_capitals(open_scene, held, autojump_clock):
    held[0].labels[ONE] = "Default"
    scene = await open_scene(config(0, "lower"))
    await scene.post(title="Movies", path="/m")
    assert held[0].categories == {"movies": "/m"}
    held[0].labels[ONE] = "movies"
    await scene.until(lambda: scene.shown("lower-0") == {ONE: "Movies"})
    await scene.away(0, "lower-0")
    await scene.back(0, "lower-0")
    assert await scene.names() == ["Default", "Movies"]
    await scene.put(name="Movies", path="/n")
    assert held[0].categories == {"movies": "/n"}
    await scene.put(name="Movies", title="MOVIES")
    assert (held[0].categories, scene.shown("lower-0")) == ({"movies": "/n"}, {ONE: "MOVIES"})
    assert scene.catalogue.categories.departures.all() == []
    await scene.put(name="MOVIES", title="Movies")
    await scene.away(0, "lower-0")
    await scene.delete(name="Movies")
    await scene.back(0, "lower-0")
    await scene.until(lambda: held[0].categories == {})
    assert (await scene.names(), held[0].labels) == (["Default"], {ONE: "Default"})


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


async def test_many_items_follow_at_once(scene, autojump_clock):
    """List and items fit in every message, however the polls fall."""
    HELD[1].labels.update({f"{number:040x}": "tv" for number in range(1000)})
    await scene.until(lambda: len(scene.shown("labelled-1")) == 1000)
    ticks = []
    scene.catalogue.on_tick.append(lambda tick: ticks.append(set(scene.shown("labelled-1").values())))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: scene.put(name="tv", title="series"))
        for _ in range(20):
            scene.rig.instances.get("labelled-1").poke()
            scene.catalogue.publish()
            await trio.lowlevel.checkpoint()
    await scene.until(lambda: not scene.catalogue.categories.departures.all())
    assert {frozenset(each) for each in ticks} <= {frozenset({"tv"}), frozenset({"series"})}
    assert set(HELD[1].labels.values()) == {"series"}


async def test_one_that_is_deleted_and_made_again_at_once_is_there(scene, autojump_clock):
    """Before any poll has told what became of the first one."""
    await scene.post(title="tv", path="/tv")
    await scene.until(lambda: scene.catalogue.sources["defining-0"].defined)
    for _ in range(3):
        assert (await scene.delete(name="tv"))[0] == 200
        assert HELD[0].categories == {}
        assert (await scene.post(title="tv", path="/tv"))[1]["warnings"] == []
        assert HELD[0].categories == {"tv": "/tv"}
        assert (await scene.put(name="tv", title="series"))[1]["warnings"] == []
        assert (await scene.put(name="series", title="tv"))[1]["warnings"] == []
        assert HELD[0].categories == {"tv": "/tv"}
    HELD[0].refuses["tv"] = am.ClientFailed("It cannot")
    assert (await scene.delete(name="tv"))[1]["warnings"] == ["Defining 0: It cannot"]
    HELD[0].refuses.clear()
    assert (await scene.post(title="tv", path="/tv"))[1]["warnings"] == []
    assert HELD[0].categories == {"tv": "/tv"}
