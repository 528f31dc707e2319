"""Categories in memory: who gives the ids, and what is to be saved."""

import pytest

from amutorrent.categories import Categories
from amutorrent.errors import StorageUnavailable
from amutorrent.model import Category, ClientCategory


class Full:
    """A shelf on a full disk."""

    async def add(self, category):
        raise StorageUnavailable("The disk is full")


def names(categories):
    return [(each.name, each.id) for each in categories.all()]


def test_without_a_shelf_ids_count_from_one():
    categories = Categories()
    categories.ensure("films")
    categories.merge([ClientCategory(name="tv", path="/tv"), ClientCategory(name="Default", path="/d")])
    assert names(categories) == [("Default", 0), ("films", 1), ("tv", 2)]


async def test_what_a_person_asks_for_is_not_there_before_it_is_saved():
    categories = Categories(Full())
    version = categories.version
    with pytest.raises(StorageUnavailable):
        await categories.create("films")
    assert categories.get("films") is None
    assert categories.version == version
    assert categories.take_unsaved() == []


async def test_what_is_there_already_needs_no_disk():
    categories = Categories(Full())
    live = categories.ensure("films")
    assert await categories.create("films") is live


def test_what_clients_bring_in_is_there_at_once_with_an_id_of_this_run():
    categories = Categories(Full())
    categories.merge([ClientCategory(name="films", path="/f")])
    categories.ensure("tv")
    assert names(categories) == [("Default", 0), ("films", -1), ("tv", -2)]
    assert [(each.name, each.path) for each in categories.take_unsaved()] == [("films", "/f"), ("tv", "")]
    assert categories.take_unsaved() == []


def test_what_could_not_be_saved_is_tried_again_as_it_is_then():
    categories = Categories(Full())
    categories.ensure("films")
    taken = categories.take_unsaved()
    categories.merge([ClientCategory(name="films", path="/f")])
    categories.put_back(taken)
    assert [each.path for each in categories.take_unsaved()] == ["/f"]


def test_what_the_database_says_wins_but_for_paths_that_it_does_not_know():
    categories = Categories(Full())
    categories.merge([ClientCategory(name="films", path="/live"), ClientCategory(name="tv", path="/tv")])
    categories.ensure("music")
    saved = [
        Category(id=7, name="films", title="films", path="/saved", color=255),
        Category(id=8, name="tv", title="tv", priority=2),
        Category(id=9, name="books", title="books"),
    ]
    assert categories.take_saved(saved) == {"films": 7, "tv": 8}
    assert sorted(names(categories)) == [("Default", 0), ("books", 9), ("films", 7), ("music", -3), ("tv", 8)]
    films, tv = categories.get("films"), categories.get("tv")
    assert (films.path, films.color) == ("/saved", 255)
    assert (tv.path, tv.priority) == ("/tv", 2)
    assert sorted(each.name for each in categories.take_unsaved()) == ["music", "tv"]


def test_ids_of_another_database_do_not_stay():
    categories = Categories(Full())
    categories.take_saved([Category(id=7, name="films", title="films"), Category(id=8, name="tv", title="tv")])
    assert categories.take_saved([Category(id=7, name="tv", title="tv")]) == {"tv": 7, "films": -1}
    assert [each.name for each in categories.take_unsaved()] == ["films"]
