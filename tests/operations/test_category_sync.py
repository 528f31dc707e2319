"""When a client connects, its categories come in and ours go out; what was changed meanwhile stays as we have it."""

import trio
from operations.labelled import config
from operations.scene import ONE, TWO


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
