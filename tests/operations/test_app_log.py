"""The program's own log over both transports."""

import logging

import pytest

import amutorrent as am

READER = am.User(id=1, name="reader", is_admin=False, permissions=frozenset({"view_logs"}))
NOBODY = am.User(id=2, name="nobody", is_admin=False, permissions=frozenset({"view_servers"}))
ROUTE = "GET", "/api/v1/logs/app"


@pytest.fixture
def log(ed2k):
    """Log through a handler of our own: what else the tests log stays away."""

    def write(level, source, message):
        ed2k.parts.log_ring.handle(logging.LogRecord(source, level, "", 0, message, (), None))

    write(logging.INFO, "amutorrent.web", "Listening")
    write(logging.DEBUG, "amutorrent.store", "opened")
    write(logging.WARNING, "amutorrent.store", "slow")
    write(logging.ERROR, "library", "broken")
    return write


async def test_it_is_the_same_over_both(ed2k, log, autojump_clock):
    ed2k.wire.user = READER
    status, reply = await ed2k.wire.rest(*ROUTE)
    assert (status, list(reply)) == (200, ["type", "data", "sources"])
    assert [[each["level"], each["source"], each["message"]] for each in reply["data"]] == [
        ["info", "web", "Listening"],
        ["debug", "store", "opened"],
        ["warn", "store", "slow"],
        ["error", "library", "broken"],
    ]
    assert set(reply["data"][0]) == {"ts", "level", "source", "message"}
    assert reply["sources"] == ["library", "store", "web"]
    async with ed2k.wire.socket(greeting=3) as reader:
        assert await reader.ask("getAppLog") == reply
        asked = await reader.ask("getAppLog", minLevel="warn", source=["store", "library"], limit=1)
        assert [each["message"] for each in asked["data"]] == ["broken"]
        assert asked["sources"] == reply["sources"]
        assert (await reader.ask("getAppLog", source="store"))["details"] == {"field": "source"}


async def test_a_query_may_name_several_sources(ed2k, log, autojump_clock):
    _, reply = await ed2k.wire.rest(*ROUTE, query=[("source", "web"), ("source", "store"), ("minLevel", "info")])
    assert [each["message"] for each in reply["data"]] == ["Listening", "slow"]
    _, reply = await ed2k.wire.rest(*ROUTE, query={"source": "nothing"})
    assert reply["data"] == []


@pytest.mark.parametrize("query", [{"minLevel": "warning"}, {"limit": 0}, {"limit": 2001}, {"limit": "x"}])
async def test_a_wrong_query_is_named(ed2k, autojump_clock, query):
    status, reply = await ed2k.wire.rest(*ROUTE, query=query)
    assert (status, reply["code"], reply["details"]) == (400, "validation_error", {"field": next(iter(query))})


async def test_it_needs_the_permission(ed2k, log, autojump_clock):
    ed2k.wire.user = NOBODY
    status, reply = await ed2k.wire.rest(*ROUTE)
    assert (status, reply["code"]) == (403, "forbidden")
    async with ed2k.wire.socket(greeting=3) as reader:
        assert (await reader.ask("getAppLog"))["code"] == "forbidden"


async def test_the_log_of_a_client_is_still_another_one(ed2k, log, autojump_clock):
    _, reply = await ed2k.wire.rest("GET", "/api/v1/logs/ed2ktest")
    assert (reply["type"], reply["data"]) == ("log-update", ["first", "last"])
