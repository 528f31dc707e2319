"""One WebSocket: greeting, requests, errors, ends. Source: websocket 1-5."""

import json

import pytest
import trio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amutorrent.replay import Replay
from amutorrent.web import frame, server, socket

ORDER = ["connected", "connection-status", "search-lock", "batch-update"]
TOO_BIG = 1 << 17
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)


@pytest.mark.parametrize("path", ["/", "/ws", "/?unknown=1"])
async def test_four_messages_come_first_and_in_order(web, path):
    async with web.socket(path) as reader:
        connected, status, lock, update = await reader.greeting()
    assert [each["type"] for each in (connected, status, lock, update)] == ORDER
    assert connected == {"type": "connected", "message": "Connected", "session": web.catalogue.session}
    assert status == {"type": "connection-status", "connected": False, "instances": {}}
    assert lock == {"type": "search-lock", "locked": False, "instances": []}
    data = update["data"]
    assert (data["items"], data["seq"]) == ([], web.catalogue.seq)
    assert list(data["stats"]["instances"]) == ["demo-local-1"]
    assert data["stats"]["instanceSpeeds"] == {}
    assert [each["name"] for each in data["categories"]] == ["Default"]
    assert (data["clientDefaultPaths"], data["hasPathWarnings"]) == ({}, False)


async def test_the_greeting_is_what_the_snapshot_route_gives(web, item):
    await web.fill(*map(item, range(20)))
    async with web.socket() as reader:
        update = (await reader.greeting())[-1]
        assert update == json.loads((await web.get("/api/v1/data/snapshot")).body)


@pytest.mark.parametrize("offered", [b"", b"Sec-WebSocket-Extensions: permessage-deflate\r\n"])
async def test_a_big_message_is_deflated_only_for_who_offers_that(web, item, monkeypatch, offered):
    made, deflate = [], frame._deflate
    monkeypatch.setattr(frame, "_deflate", lambda text: made.append(len(text)) or deflate(text))
    await web.fill(*[item(n, name="x" * 1000) for n in range(300)])
    received = b""
    async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
        await stream.send_all(UPGRADE + offered + b"\r\n")
        with trio.fail_after(10):
            while not made and len(received) < 300_000:
                received += await stream.receive_some(1 << 16)
    assert len(made) == bool(offered)


async def test_changes_come_as_deltas(web, item):
    await web.fill(*map(item, range(20)), full=True)
    async with web.socket() as reader:
        seq = (await reader.greeting())[-1]["data"]["seq"]
        await web.fill(*[item(n, download_speed=99 if n == 3 else 10) for n in range(1, 21)])
        web.catalogue.publish()
        data = (await reader.get("batch-update"))["data"]
    assert "items" not in data
    assert data["delta"]["seq"] == seq + 1
    assert [each["hash"] for each in data["delta"]["added"]] == [item(20).hash]
    assert data["delta"]["removed"] == [f"demo-local-1:{item(0).hash}"]
    assert data["delta"]["changed"] == [{"hash": item(3).hash, "instanceId": "demo-local-1", "downloadSpeed": 99}]
    assert set(data["stats"]) == {"instanceSpeeds"}
    assert not {"categories", "clientDefaultPaths", "hasPathWarnings"} & set(data)


async def test_when_most_items_changed_the_full_form_comes(web, item):
    await web.fill(*map(item, range(20)))
    async with web.socket() as reader:
        await reader.greeting()
        await web.fill(*[item(n, size=n) for n in range(20)])
        web.catalogue.publish()
        data = (await reader.get("batch-update"))["data"]
    assert (len(data["items"]), data["seq"]) == (20, web.catalogue.seq)


# -- requests


@pytest.mark.parametrize("request_id", [7, 0, -1.5, "a", "", True, None, 2**70])
async def test_a_request_id_comes_back_in_replies_and_errors(web, request_id):
    async with web.socket() as reader:
        await reader.greeting()
        for request, kind in (
            ({"action": "tiny"}, "tiny"),
            ({"action": "requestFullSnapshot"}, "batch-update"),
            ({"action": "echo"}, "error"),
            ({"action": "nothing"}, "error"),
            ({}, "error"),
            ({"action": 5}, "error"),
        ):
            await reader.send(**request, requestId=request_id)
            message = await reader.get(kind)
            assert message["requestId"] == request_id
            assert type(message["requestId"]) is type(request_id)


async def test_without_a_request_id_there_is_none_in_the_reply(web):
    async with web.socket() as reader:
        await reader.greeting()
        await reader.send(action="tiny")
        assert await reader.get() == {"type": "tiny", "ok": True}
        await reader.send(action="requestFullSnapshot")
        full = await reader.get("batch-update")
        assert "items" in full["data"]
        assert "requestId" not in full


async def test_a_reply_is_the_body_of_the_route(web):
    fields = {"text": "é", "count": 3, "deepList": [1], "names": ["x"]}
    async with web.socket() as reader:
        await reader.greeting()
        await reader.send(action="echo", unknown=1, **fields)
        over_socket = await reader.get()
    over_http = await web.post("/api/v1/echo", json.dumps(fields).encode())
    assert over_socket == json.loads(over_http.body)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", {"code": "invalid_json"}),
        ("{", {"code": "invalid_json"}),
        ("[]", {"code": "invalid_json"}),
        ("7", {"code": "invalid_json"}),
        ('{"action":"tiny","x":"\\ud800"}', {"code": "invalid_json"}),
        ('{"action":"tiny","x":' + "[" * 100_000 + "]" * 100_000 + "}", {"code": "invalid_json"}),
        ('{"action":"tiny"} {}', {"code": "invalid_json"}),
        ("{}", {"code": "validation_error", "details": {"field": "action"}}),
        ('{"action":["tiny"]}', {"code": "validation_error", "details": {"field": "action"}}),
        ('{"action":"tiny","requestId":{}}', {"code": "validation_error", "details": {"field": "requestId"}}),
        ('{"action":"nothing"}', {"code": "unknown_action", "action": "nothing"}),
        ('{"action":"echoQuery","text":"a"}', {"code": "unknown_action", "action": "echoQuery"}),
        ('{"action":"echo"}', {"code": "validation_error", "action": "echo", "details": {"field": "text"}}),
        (
            '{"action":"echo","text":"a","deepList":[1,"x"]}',
            {"code": "validation_error", "action": "echo", "details": {"field": "deepList[1]"}},
        ),
        (
            '{"action":"echo","text":"a","fail":"limited"}',
            {"code": "rate_limited", "action": "echo", "details": {"retryAfter": 7}},
        ),
        ('{"action":"echo","text":"a","fail":"bug"}', {"code": "internal_error", "action": "echo"}),
        ('{"action":"echo","text":"a","fail":"unsendable"}', {"code": "internal_error", "action": "echo"}),
        ('{"action":"echo","text":"a","fail":"quoting"}', {"code": "client_error", "action": "echo"}),
    ],
)
async def test_an_error_says_what_is_wrong_and_closes_nothing(web, text, error):
    async with web.socket() as reader:
        await reader.greeting()
        await reader.connection.send_message(text)
        message = await reader.get()
        assert message.pop("message")
        assert "secret" not in str(message)
        assert message == {"type": "error", **error}
        assert (await reader.ask("tiny"))["ok"] is True


async def test_a_slow_request_holds_up_neither_others_nor_updates(web, item):
    async with web.socket() as reader:
        await reader.greeting()
        await reader.send(action="echo", text="slow", waitS=3600)
        assert (await reader.ask("tiny"))["ok"] is True
        await web.fill(item(1))
        web.catalogue.publish()
        assert (await reader.get())["type"] == "batch-update"


async def test_only_so_many_requests_run_at_once_and_the_others_wait(web, monkeypatch):
    async with web.socket() as reader:
        await reader.greeting()
        for number in range(socket.MAX_AT_ONCE):
            await reader.send(action="echo", text=str(number), waitS=0.2)
        await reader.send(action="tiny")
        found = [await reader.get() for _ in range(socket.MAX_AT_ONCE + 1)]
    assert {each["text"] for each in found if each["type"] == "echo"} == set(map(str, range(socket.MAX_AT_ONCE)))
    assert found[0]["type"] == "echo"


async def test_new_categories_are_told_to_all_before_the_reply(web):
    async with web.socket() as reader, web.socket() as other:
        await reader.greeting()
        await other.greeting()
        await reader.send(action="makeCategory", name="films")
        told, reply = await reader.get(), await reader.get()
        assert (told["type"], reply["type"]) == ("categories-update", "tiny")
        assert [each["name"] for each in told["data"]] == ["Default", "films"]
        assert told["data"][1] | {"id": 1, "title": "films", "path": "", "color": 13421772} == told["data"][1]
        assert (told["clientDefaultPaths"], told["hasPathWarnings"]) == ({}, False)
        assert await other.get() == told
        await reader.send(action="makeCategory", name="films")
        assert (await reader.get())["type"] == "tiny"


# -- resume


async def resumed(web, query):
    async with web.socket(f"/ws?{query}") as reader:
        return (await reader.greeting())[-1]["data"]


async def test_a_reader_that_comes_back_gets_what_it_missed(web, item):
    await web.fill(*map(item, range(40)))
    async with web.socket() as reader:
        seq = (await reader.greeting())[-1]["data"]["seq"]
    for size in (1, 2, 3):
        await web.fill(item(0, size=size), full=False)
        web.catalogue.publish()
    await web.fill(item(1, size=9), item(50), full=False)  # not published yet
    data = await resumed(web, f"since={seq}&session={web.catalogue.session}")
    assert data["delta"]["seq"] == web.catalogue.seq == seq + 4
    assert {each["hash"]: each["size"] for each in data["delta"]["changed"]} == {item(0).hash: 3, item(1).hash: 9}
    assert [each["hash"] for each in data["delta"]["added"]] == [item(50).hash]
    assert "instances" in data["stats"]
    nothing = await resumed(web, f"since={web.catalogue.seq}")
    assert nothing["delta"] == {"seq": web.catalogue.seq, "added": [], "removed": [], "changed": []}


async def test_who_was_away_too_long_or_says_nonsense_gets_the_full_form(web, item, monkeypatch):
    monkeypatch.setattr("amutorrent.catalogue.window.MAX_TICKS", 5)
    await web.fill(*map(item, range(40)))
    web.catalogue.publish()
    start = web.catalogue.seq
    assert "delta" in await resumed(web, f"since={start}")
    for size in range(6):
        await web.fill(item(0, size=size), full=False)
        web.catalogue.publish()
    session = web.catalogue.session
    seq = web.catalogue.seq
    for query in (
        f"since={start}",
        f"since={seq + 1}",
        f"since={seq}&session=other",
        "since=",
        "since=-1",
        "since=x",
        "since=1.0",
        "since=%C2%B2",
        f"since={'9' * 50}",
        f"session={session}",
    ):
        data = await resumed(web, query)
        assert (len(data["items"]), data["seq"]) == (40, seq), query
    assert "delta" in await resumed(web, f"since={seq - 5}&session={session}")


# -- ends


@pytest.mark.parametrize("message", [b"binary", b""])
async def test_a_binary_message_closes_with_1003(web, message):
    async with web.socket() as reader:
        await reader.greeting()
        await reader.connection.send_message(message)
        assert await reader.closed() == 1003


async def test_a_message_that_is_too_big_closes_with_1009(make_web, monkeypatch):
    monkeypatch.setattr(server, "MESSAGE_LIMIT", TOO_BIG)
    async with make_web() as web:
        async with web.socket() as reader:
            await reader.greeting()
            await reader.send(action="echo", text="x" * (TOO_BIG - 100))
            assert len((await reader.get("echo"))["text"]) == TOO_BIG - 100
            await reader.send(action="echo", text="x" * TOO_BIG)
            assert await reader.closed() == 1009
        await web.wait_for_sockets(0)


def test_the_limit_of_a_message_is_16_mib():
    assert server.MESSAGE_LIMIT == 16 << 20


async def test_too_many_messages_in_a_second_close_with_1008(web):
    async with web.socket() as reader:
        await reader.greeting()
        with trio.move_on_after(5):
            for _ in range(2000):
                await reader.send(action="nothing")
        assert await reader.closed() == 1008
    await web.wait_for_sockets(0)


async def test_too_many_requests_without_a_reply_close_with_1008(web):
    async with web.socket() as reader:
        await reader.greeting()
        for _ in range(socket.MAX_WAITING + 1):
            await reader.send(action="echo", text="a", waitS=3600)
        assert await reader.closed() == 1008


async def test_a_socket_whose_handler_fails_closes_with_1011(web, monkeypatch, caplog):
    def broken(self):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(socket.Socket, "_full", broken)
    async with web.socket() as reader:
        assert await reader.closed() == 1011
    assert "a socket failed" in caplog.text
    await web.wait_for_sockets(0)


async def test_a_client_that_closes_is_forgotten(web):
    async with web.socket() as reader:
        await reader.greeting()
        await reader.send(action="echo", text="a", waitS=3600)
        await reader.connection.aclose(4000, "hidden")
    await web.wait_for_sockets(0)
    assert len(web.app._hub) == 0


# -- the property

STEPS = st.lists(
    st.tuples(st.sampled_from(["change", "poll", "empty", "tick", "stale", "ask", "read", "drop"]), st.integers(0, 29)),
    max_size=30,
)


async def take(web, item, step, number, reader):
    """Let one thing happen: to the items, or to the reader."""
    if step == "change":
        await web.fill(item(number, size=web.catalogue.seq + number, tags=("a",) * (number % 3)), full=False)
    elif step == "poll":
        await web.fill(*[item(n, message="x" if n % 7 == number % 7 else None) for n in range(number, 30)])
    elif step == "empty":
        await web.fill()
    elif step == "tick":
        web.catalogue.publish()
    elif step == "stale":
        web.catalogue.set_stale("demo-local-1", number % 2 == 0)
    elif step == "ask":
        await reader.send(action="requestFullSnapshot")


async def catch_up(reader, replay):
    """Apply all that was sent so far: what comes before the answer to a request of now."""
    await reader.send(action="tiny", requestId="now")
    while (message := await reader.get()).get("requestId") != "now":
        assert replay.apply(message)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
@pytest.mark.slow
async def test_whatever_happens_replaying_gives_the_snapshot(make_web, item, steps):
    async with make_web() as web:
        replay, left = Replay(), iter([*steps, ("end", 0)])
        ended = False
        while not ended:
            async with web.socket(f"/{replay.resume}") as reader:
                for message in await reader.greeting():
                    assert replay.apply(message)
                for step, number in left:
                    if step == "drop":
                        break
                    if step == "read":
                        await catch_up(reader, replay)
                    await take(web, item, step, number, reader)
                    ended = step == "end"
                if ended:
                    web.catalogue.publish()
                    await catch_up(reader, replay)
        data = json.loads((await web.get("/api/v1/data/snapshot")).body)["data"]
        assert replay.seq == data["seq"]
        assert {f"{each['instanceId']}:{each['hash']}": each for each in data["items"]} == replay.items
        assert replay.speeds == data["stats"]["instanceSpeeds"]
        assert replay.instances == data["stats"]["instances"]
        assert replay.categories == data["categories"]
