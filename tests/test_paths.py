"""Paths as clients and as this program see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amutorrent.model import Category
from amutorrent.paths import Destination, Paths, is_within

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
    lambda name: name not in (".", "..")
)
PARTS = st.lists(NAMES, min_size=1, max_size=5)
TREE = st.lists(st.sampled_from(["a", "ab", "b", "a b"]), max_size=4)


def category(name, path="", id=1, **mappings):
    return Category(id=id, name=name, title=name, path=path, path_mappings=mappings or None)


def paths(*categories, default_path="/downloads", default_mapping=None):
    default = category("Default", id=0, **({"rtorrent": default_mapping} if default_mapping else {}))
    return Paths((default, *categories), "rt-1", "rtorrent", default_path)


def below(parts):
    return "/" + "/".join(parts)


def test_the_mapping_of_the_instance_stands_before_that_of_its_type():
    view = paths()
    assert view.folder(category("a", "/a", **{"rt-1": "/one", "rtorrent": "/all"})) == "/one"
    assert view.folder(category("a", "/a", **{"rt-2": "/two", "rtorrent": "/all"})) == "/all"
    assert view.folder(category("a", "/a", **{"rt-2": "/two", "amule": "/mule"})) == "/a"
    assert view.folder(category("a", "/a", **{"rt-1": ""})) == "/a"


@pytest.mark.parametrize(
    ("client", "local"),
    [
        ("/data/tv", "/mnt/tv"),
        ("/data/tv/", "/mnt/tv"),
        ("/data//tv/x", "/mnt/tv/x"),
        ("/data/tv-old/x", "/data/tv-old/x"),
        ("/data/tvx", "/data/tvx"),
        ("/data", "/data"),
        ("/data/tv/hd/x", "/hd/x"),
        ("/data/tv/hdx", "/mnt/tv/hdx"),
        ("/downloads/x", "/mnt/all/x"),
        ("/downloads", "/mnt/all"),
        ("/downloads-2/x", "/downloads-2/x"),
        ("/data/tv/../x", "/data/tv/../x"),
        ("data/tv/x", "data/tv/x"),
        ("", ""),
    ],
)
def test_a_path_of_the_client_is_that_of_the_nearest_category_above_it(client, local):
    tv, hd = category("tv", "/data/tv", rtorrent="/mnt/tv/"), category("hd", "/data/tv/hd", rtorrent="/hd")
    assert paths(tv, hd, default_mapping="/mnt/all").local(client) == local
    assert paths(hd, tv, default_mapping="/mnt/all").local(client) == local


def test_a_category_at_the_root_is_above_everything_else():
    view = paths(category("all", "/", rtorrent="/host"))
    assert view.local("/") == "/host"
    assert view.local("/x/y") == "/host/x/y"
    assert paths(category("all", "/data", rtorrent="/")).local("/data") == "/"
    assert paths(category("all", "/data", rtorrent="/")).local("/data/x") == "/x"


def test_without_mappings_everything_is_as_the_client_calls_it():
    view = paths(category("tv", "/data/tv"))
    assert view.local("/data/tv/x") == "/data/tv/x"
    assert view.local("/downloads/x") == "/downloads/x"
    assert Paths((), "rt-1", "rtorrent").local("/x") == "/x"


def test_a_category_has_what_it_lacks_from_default():
    whole = category("tv", "/data/tv", rtorrent="/mnt/tv")
    assert paths(whole).destination(whole) == Destination("/data/tv", "/mnt/tv")
    unmapped = category("tv", "/data/tv")
    assert paths(unmapped, default_mapping="/mnt/all").destination(unmapped) == Destination("/data/tv", "/data/tv")
    bare = category("tv")
    assert paths(bare, default_mapping="/mnt/all").destination(bare) == Destination("/downloads", "/mnt/all")
    assert paths(bare).destination(bare) == Destination("/downloads", "/downloads")
    assert paths(bare, default_path="").destination(bare) == Destination("", "")
    only_mapped = category("tv", rtorrent="/mnt/tv")
    assert paths(only_mapped).destination(only_mapped) == Destination("/downloads", "/mnt/tv")


def test_the_path_of_default_stands_before_that_of_the_client():
    default = category("Default", "/data", id=0, rtorrent="/mnt")
    view = Paths((default, category("tv")), "rt-1", "rtorrent", "/downloads")
    assert view.destination(category("tv")) == Destination("/data", "/mnt")
    assert view.local("/data/x") == "/mnt/x"
    assert view.local("/downloads/x") == "/mnt/x"


@given(st.lists(st.tuples(TREE, PARTS), max_size=4), TREE, PARTS)
def test_what_lies_below_a_category_lies_below_its_folder(categories, path, default):
    made = [
        category(str(number), below(parts), id=number, rtorrent=below(local))
        for number, (parts, local) in enumerate(categories, start=1)
        if parts
    ]
    view = paths(*made, default_path="/nowhere else", default_mapping=below(default))
    above = [each for each in made if is_within(below(path), each.path)]
    if not above:
        assert view.local(below(path)) == below(path)
        return
    nearest = max(above, key=lambda each: len(each.path.split("/")))
    candidates = [each for each in above if each.path == nearest.path]
    rest = below(path)[len(nearest.path) :]
    assert view.local(below(path)) == view.folder(candidates[0]) + rest


@given(PARTS, PARTS, PARTS)
def test_a_folder_is_never_left(client, local, rest):
    view = paths(category("x", below(client), rtorrent=below(local)))
    assert view.local(below([*client, *rest])) == below([*local, *rest])
    assert is_within(view.local(below([*client, *rest])), below(local))
    assert view.local(below([*client, "..", *rest])) == below([*client, "..", *rest])


@given(PARTS, NAMES, NAMES)
def test_within_is_by_whole_names(parts, name, more):
    assert is_within(below([*parts, name]), below(parts))
    assert is_within(below(parts), below(parts))
    assert not is_within(below([*parts[:-1], parts[-1] + more]), below(parts))
    assert not is_within(below([*parts, ".."]), below(parts))
