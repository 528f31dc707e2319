"""A change of a category reaches the clients and their items at once; a client that refuses or hangs is named."""

import trio
from operations.labelled import HELD, TYPES
from operations.scene import ONE, THREE, TWO

import amutorrent as am


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


async def test_a_client_that_has_both_names_of_a_rename(scene, autojump_clock):
    await scene.post(title="old", path="/old")
    HELD[0].labels[ONE] = "old"
    await scene.until(lambda: scene.shown("defining-0"))
    HELD[0].categories["new"] = "/theirs"  # since a moment, and nobody knows it yet
    assert (await scene.put(name="old", title="new"))[1]["warnings"] == []
    await scene.until(lambda: HELD[0].labels == {ONE: "new"} and "old" not in HELD[0].categories)
    assert scene.shown("defining-0") == {ONE: "new"}


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
