"""A big part of the list over a real socket: nobody waits while it is made and sent."""

import json

import pytest
import trio
from web.operations import OPERATIONS
from web.test_hub import UPGRADE, texts

from amutorrent import User
from amutorrent.operations import listings, subscribing
from amutorrent.operations.declare import declared
from amutorrent.testing.loop import LoopWatch

FILES = 20_000
LINK = "ed2k://|file|a file of a usual name with some words in it.mkv|1234567890|" + "a" * 32 + "|/"
SHARED = {
    "shared": True,
    "complete": True,
    "status": "seeding",
    "progress": 100.0,
    "ed2k_link": LINK,
    "path": "/srv/share/" + "x" * 60,
}


def request(action, **fields):
    text = json.dumps({"action": action, "requestId": 1, **fields}).encode()
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


async def read_until_quiet(stream):
    """Read until nothing has come for a while."""
    received = bytearray()
    while True:
        with trio.move_on_after(1.0 if received else 30.0) as quiet:
            received += await stream.receive_some(1 << 20)
        if quiet.cancelled_caught:
            return bytes(received)


@pytest.mark.slow
@pytest.mark.parametrize("extensions", [b"", b"Sec-WebSocket-Extensions: permessage-deflate\r\n"])
async def test_twenty_thousand_shared_files_hold_the_loop_for_no_50_ms(make_web, item, extensions):
    """The reader takes bytes alone, and takes them apart afterwards: it lives in the same loop."""
    async with make_web(table=[*OPERATIONS, *declared([listings.shared], "tests")]) as web:
        await web.fill(*[item(n, **SHARED) for n in range(FILES)], *[item(n) for n in range(FILES, FILES + 100)])
        async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
            await stream.send_all(UPGRADE[:-2] + extensions + b"\r\n")
            await read_until_quiet(stream)
            held = []
            for _ in range(3):  # the least of them counts: what other programs do to us is not in all
                async with LoopWatch.running() as watch:
                    await stream.send_all(request("getShared"))
                    received = await read_until_quiet(stream)
                held.append(watch.busy_s)
    print(f"{len(received)} bytes; held with work {held}")
    assert min(held) < 0.05
    if extensions:
        assert len(received) > 100_000
    else:
        (shared,) = [each for each in texts(received) if each["type"] == "shared-update"]
        assert len({each["hash"] for each in shared["data"]}) == FILES


@pytest.mark.slow
async def test_nor_do_they_where_somebody_follows_them_and_one_changes(make_web, item):
    table = [*OPERATIONS, *declared([subscribing.subscribe], "tests")]
    async with make_web(table=table) as web:
        await web.fill(*[item(n, **SHARED) for n in range(FILES)])
        async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
            await stream.send_all(UPGRADE)
            await read_until_quiet(stream)
            await stream.send_all(request("subscribe", channel="shared"))
            await read_until_quiet(stream)
            held = []
            for total in (75, 76, 77):
                async with LoopWatch.running() as watch:
                    await web.fill(item(7, **SHARED, upload_total=total), full=False)
                    received = await read_until_quiet(stream)
                held.append(watch.busy_s)
    print(f"{len(received)} bytes; held with work {held}")
    assert min(held) < 0.05
    (shared,) = [each for each in texts(received) if each["type"] == "shared-update"]
    assert [each["uploadTotal"] for each in shared["data"] if each["uploadTotal"]] == [77]


async def test_what_is_rendered_for_one_class_is_not_shown_to_another(make_web, item):
    async with make_web() as web:
        await web.fill(item(1, shared=True))
        admins = web.catalogue.view(User(id=None, name="", is_admin=True)).listing(listings.SHARED)
        others = web.catalogue.view(User(id=5, name="x", is_admin=False)).listing(listings.SHARED)
        assert (len(json.loads(admins)["data"]), json.loads(others)["data"]) == (1, [])
