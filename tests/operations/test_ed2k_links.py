"""Adding ED2K links over both transports."""

import pytest
import trio
from operations.ed2k import SERVER

import amutorrent as am

FILE = "ed2k://|file|a%20name.bin|1000|" + "C" * 32 + "|/"
SECOND = "ed2k://|file|b.bin|7|" + "d" * 32 + "|h=ABCDEFGHABCDEFGHABCDEFGHABCDEFGH|/"
MAGNET = "magnet:?xt=urn:ed2k:" + "e" * 32 + "&dn=m.bin&xl=5"
SERVER_LINK = f"ed2k://|server|{SERVER.ip}|{SERVER.port}|/"
LIST_LINK = "ed2k://|serverlist|http://lists.example/server.met|/"
ROUTE = "POST", "/api/v1/downloads/ed2k"


async def test_links_and_magnets_are_added_with_a_result_each(ed2k, autojump_clock):
    body = {"links": [FILE, "http://x", MAGNET, SECOND, FILE], "categoryName": "films", "paused": True}
    status, reply = await ed2k.wire.rest(*ROUTE, body)
    assert (status, reply["type"], reply["instanceId"]) == (200, "ed2k-added", "ed2k-0")
    assert [(each["success"], each.get("hash"), each.get("code")) for each in reply["results"]] == [
        (True, "c" * 32, None),
        (False, None, "validation_error"),
        (True, "e" * 32, None),
        (True, "d" * 32, None),
        (True, "c" * 32, None),
    ]
    assert reply["results"][0] == {"link": FILE, "success": True, "hash": "c" * 32}
    ((_, links, options),) = ed2k.script.asked
    assert [(each.name, each.size) for each in links] == [("a name.bin", 1000), ("m.bin", 5), ("b.bin", 7)]
    assert options == am.AddOptions(category="films", paused=True)


async def test_one_link_over_the_socket_with_a_category_by_its_number(ed2k, autojump_clock):
    number = ed2k.catalogue.categories.ensure("films").id
    async with ed2k.wire.socket() as reader:
        reply = await reader.ask("addEd2kLink", link=FILE, categoryId=number)
        assert reply["results"] == [{"link": FILE, "success": True, "hash": "c" * 32}]
        assert ed2k.script.asked[0][2].category == "films"
        assert (await reader.ask("addEd2kLink", link=FILE))["results"][0]["success"]
        assert ed2k.script.asked[1][2].category is None
        assert (await reader.ask("addEd2kLink", link=FILE, categoryId=99))["code"] == "category_not_found"
        assert (await reader.ask("addEd2kLink", link="x"))["results"][0]["code"] == "validation_error"


async def test_what_the_client_says_of_a_link_is_its_result(ed2k, autojump_clock):
    ed2k.script.answers["add_ed2k_links"] = {"c" * 32: am.Conflict("It is there")}
    _, reply = await ed2k.wire.rest(*ROUTE, {"links": [FILE, SECOND]})
    assert [each["code"] for each in reply["results"]] == ["already_exists", "internal_error"]
    ed2k.script.answers["add_ed2k_links"] = am.ClientFailed("The disk is full")
    assert (await ed2k.wire.rest(*ROUTE, {"links": [FILE]}))[0] == 502
    ed2k.script.answers["add_ed2k_links"] = "for ever"
    assert (await ed2k.wire.rest(*ROUTE, {"links": [FILE]}))[1]["code"] == "timeout"


async def test_servers_and_lists_of_servers(ed2k, autojump_clock):
    async with ed2k.wire.socket() as onlooker:
        status, reply = await ed2k.wire.rest(*ROUTE, {"links": [SERVER_LINK, LIST_LINK, SERVER_LINK]})
        assert status == 200
        assert [each["success"] for each in reply["results"]] == [True] * 3
        assert ed2k.script.asked == [
            ("add_server", SERVER.ip, SERVER.port, ""),
            ("update_servers", "http://lists.example/server.met"),
            ("servers",),
        ]
        assert (await onlooker.get("servers-update"))["instanceId"] == "ed2k-0"


async def test_servers_need_a_permission_of_their_own(ed2k, autojump_clock):
    ed2k.wire.user = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"add_downloads"}))
    _, reply = await ed2k.wire.rest(*ROUTE, {"links": [FILE, SERVER_LINK]})
    assert [(each["success"], each.get("code")) for each in reply["results"]] == [(True, None), (False, "forbidden")]
    ed2k.wire.user = am.User(id=1, name="guest", is_admin=False, permissions=frozenset({"search"}))
    assert (await ed2k.wire.rest(*ROUTE, {"links": [FILE]}))[1]["code"] == "forbidden"


async def test_a_server_that_the_client_declines_is_a_failed_result(ed2k, autojump_clock):
    ed2k.script.answers |= {"add_server": am.Conflict("It is there"), "update_servers": False}
    _, reply = await ed2k.wire.rest(*ROUTE, {"links": [SERVER_LINK, LIST_LINK]})
    assert [each["code"] for each in reply["results"]] == ["already_exists", "client_error"]


@pytest.mark.parametrize(
    "link",
    [
        "ed2k://|server|1.2.3.4|0|/",
        "ed2k://|server|1.2.3.400|4661|/",
        "ed2k://|server|a b|4661|/",
        "ed2k://|serverlist|ftp://x.example/a|/",
        "ed2k://|serverlist||/",
        "ed2k://|file|a|0|" + "c" * 32 + "|/",
        "ed2k://|file|a/b|5|" + "c" * 32 + "|/",
        "magnet:?xt=urn:btih:" + "a" * 40,
        "magnet:?xt=urn:ed2k:" + "e" * 32 + "&dn=m.bin",
        "",
    ],
)
async def test_a_bad_link_is_a_failed_result_and_nothing_is_asked(ed2k, autojump_clock, link):
    _, reply = await ed2k.wire.rest(*ROUTE, {"links": [link]})
    assert [(each["link"], each["success"], each["code"]) for each in reply["results"]] == [
        (link, False, "validation_error")
    ]
    assert ed2k.script.asked == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "links"),
        ({"links": []}, "links"),
        ({"links": [FILE] * 1001}, "links"),
        ({"links": [1]}, "links[0]"),
        ({"links": [FILE], "categoryName": "a/b"}, "categoryName"),
        ({"links": [FILE], "categoryName": 1}, "categoryName"),
        ({"links": [FILE], "paused": "yes"}, "paused"),
        ({"links": [FILE], "instanceId": 1}, "instanceId"),
    ],
)
async def test_a_bad_field_is_named(ed2k, autojump_clock, body, place):
    status, reply = await ed2k.wire.rest(*ROUTE, body)
    assert (status, reply["code"]) == (400, "validation_error")
    assert reply["details"]["field"].startswith(place.removesuffix("[0]"))
    assert ed2k.script.asked == []


async def test_where_links_cannot_go(ed2k, autojump_clock):
    status, reply = await ed2k.wire.rest(*ROUTE, {"links": [FILE], "instanceId": "example-one"})
    assert (status, reply["code"]) == (422, "unsupported_by_client")
    for script in ed2k.scripts.values():
        script.reachable = False
    await trio.sleep(60)
    assert (await ed2k.wire.rest(*ROUTE, {"links": [FILE]}))[0] == 503
