"""What a request asks for, and how a wrong one is refused."""

import pytest
from amutorrent_torznab.query import wanted_of
from amutorrent_torznab.request import FUNCTIONS, OTHERS, Wrong, asked_of, function_of


@pytest.mark.parametrize("function", FUNCTIONS)
def test_without_anything_to_search_for_it_asks_for_what_is_new(function):
    asked = asked_of(
        {"t": function, "cat": "5030,5040,", "extended": "1", "apikey": "x", "offset": "0", "limit": "100"}
    )
    assert (asked.function, asked.wanted, asked.categories, asked.limit, asked.offset) == (
        function, None, (5030, 5040), 100, 0,
    )  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_trap_29_ids_alone_ask_for_something_that_is_not_known(name):
    wanted = asked_of({"t": "tvsearch", name: "1"}).wanted
    assert wanted is not None
    assert wanted.words == ()


def test_trap_33_season_and_episode_are_parameters():
    def wanted(**query):
        return asked_of({"t": "tvsearch", "q": "Show", **query}).wanted

    assert wanted(season="1", ep="2") == wanted(season="01", ep="02") == wanted_of("show", 1, 2)
    assert wanted(season="0", ep="00") == wanted_of("show", 0, 0)
    assert wanted(season="2024", ep="05/21") == wanted_of("show", 2024, (5, 21))
    assert wanted(season="3") == wanted_of("show", 3)
    assert wanted(ep="7") == wanted_of("show", None, 7)
    assert asked_of({"t": "search", "q": "Show", "season": "1"}).wanted == wanted_of("show")


def test_a_limit_is_at_most_a_page():
    assert asked_of({"t": "search", "limit": "5000"}).limit == 100
    assert asked_of({"t": "search", "limit": "7", "offset": "14"}).offset == 14


@pytest.mark.parametrize(
    ("query", "number", "named"),
    [
        ({}, 200, "(t)"),
        ({"t": " "}, 200, "(t)"),
        ({"t": "details"}, 202, "(t)"),
        ({"t": "tvsearch", "q": "x", "season": "one"}, 201, "(season)"),
        ({"t": "tvsearch", "q": "x", "season": "-1"}, 201, "(season)"),
        ({"t": "tvsearch", "q": "x", "season": "99999"}, 201, "(season)"),
        ({"t": "tvsearch", "q": "x", "season": "٣"}, 201, "(season)"),
        ({"t": "tvsearch", "q": "x", "season": "1", "ep": "2a"}, 201, "(ep)"),
        ({"t": "tvsearch", "q": "x", "season": "2024", "ep": "13/01"}, 201, "(ep)"),
        ({"t": "tvsearch", "q": "x", "ep": "05/21"}, 201, "(ep)"),
        ({"t": "search", "limit": "many"}, 201, "(limit)"),
        ({"t": "search", "offset": "-1"}, 201, "(offset)"),
        ({"t": "search", "offset": "1" * 30}, 201, "(offset)"),
        ({"t": "search", "cat": "2000;3000"}, 201, "(cat)"),
        ({"t": "search", "q": "x" * 1001}, 201, "(q)"),
    ],
)
def test_a_wrong_parameter_is_named(query, number, named):
    with pytest.raises(Wrong, match=r"parameter|function") as caught:
        asked_of(query)
    assert caught.value.number == number
    assert named in caught.value.message


def test_the_function_is_read_in_any_case():
    assert function_of({"t": "Caps"}) == "caps"
