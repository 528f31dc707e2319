"""The guard: whatever bytes a connection brings, the server lives. Source: stack-notes 4."""

import os
import random
import socket
import struct

import hypercorn.trio
import pytest
import trio
from quart import Blueprint, Response

from amutorrent.errors import StartError
from amutorrent.web import server, transport

SEED = 7
CONNECTIONS = int(os.environ.get("AMUTORRENT_MALFORMED", "1000"))

UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
MASKED_TEXT = b"\x81\x85\x01\x02\x03\x04" + bytes(a ^ b for a, b in zip(b"hello", b"\1\2\3\4\1", strict=True))
GET = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

BASES = (
    UPGRADE + b"\r\n",
    UPGRADE + b"\r\n" + MASKED_TEXT,
    UPGRADE + b"\r\n" + b"\x82\x80\0\0\0\0",
    UPGRADE + b"\r\n" + b"\x88\x82\0\0\0\0\x03\xe8",
    UPGRADE + b"\r\n" + b"\x89\xfe\xff\xff" + b"x" * 40,
    UPGRADE + b"Content-Length: 5\r\n\r\nhello",
    UPGRADE + b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n" + MASKED_TEXT,
    UPGRADE + b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n\r\n",
    UPGRADE + b"Sec-WebSocket-Extensions: perm\xe9ssage\r\n\r\n",
    UPGRADE + b"Sec-WebSocket-Protocol: one, two\r\n\r\n",
    UPGRADE.replace(b"GET / ", b"GET /nowhere ") + b"\r\n" + MASKED_TEXT,
    UPGRADE.replace(b"GET / ", b"GET /\xc3\xa9 ") + b"\r\n",
    GET,
    GET + GET + GET,
    POST + b'Content-Length: 12\r\n\r\n{"text":"a"}' + GET,
    POST + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"tex\r\n7\r\nt":"a"}\r\n0\r\n\r\n',
    POST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
    POST + b'Expect: 100-continue\r\nContent-Length: 12\r\n\r\n{"text":"a"}',
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAMA\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0",
    b"GET /api/v1/echo?text=a&deepList=1 HTTP/1.0\r\nHost: localhost\r\n\r\n",
)


def mutated(choose: random.Random) -> bytes:
    data = bytearray(choose.choice(BASES))
    for _ in range(choose.randrange(7)):
        data[choose.randrange(len(data))] = choose.randrange(256)
    if choose.random() < 1 / 3:
        data += choose.randbytes(choose.randrange(200))
    return bytes(data)


async def attack(port: int, data: bytes, *, reset: bool) -> None:
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    try:
        await stream.send_all(data)
        if reset:
            stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            await stream.send_eof()
            with trio.move_on_after(0.05):
                while await stream.receive_some():
                    pass
    except trio.BrokenResourceError:
        pass
    finally:
        await trio.aclose_forcefully(stream)


def connections_held() -> int:
    tasks = [trio.lowlevel.current_root_task()]
    count = 0
    while tasks:
        task = tasks.pop()
        if task is not None:
            count += "_run_handler" in task.name
            tasks += [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return count


@pytest.mark.slow
async def test_no_malformed_connection_ends_the_server_or_leaves_a_task(web, caplog):
    caplog.set_level("CRITICAL")
    choose = random.Random(SEED)
    for number in range(CONNECTIONS):
        await attack(web.port, mutated(choose), reset=choose.random() < 0.2)
        if number % 25 == 24:
            assert (await web.get("/health")).status == 200
    with trio.fail_after(12):
        while connections_held():  # noqa: ASYNC110  (nobody tells when a task has ended)
            await trio.sleep(0.1)
    assert len(web.app._hub) == 0
    assert not web.stopped.is_set()


async def test_pipelined_requests_are_answered_in_order(web):
    first = b'Content-Length: 26\r\n\r\n{"text":"one","waitS":0.05}'.replace(b"26", b"27")
    last = b'Connection: close\r\nContent-Length: 14\r\n\r\n{"text":"two"}'
    answer = await web.request(POST + first + POST + last)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert 0 < answer.index(b'"text":"one"') < answer.index(b'"text":"two"')


async def test_head_has_the_length_and_no_body(web):
    answer = await web.get("/api/v1/tiny", method="HEAD")
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, "25", b"")


async def test_a_connection_serves_another_request_after_a_304(web):
    etag = (await web.get("/api/v1/data/snapshot")).headers["etag"]
    conditional = f"GET /api/v1/data/snapshot HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {etag}\r\n\r\n".encode()
    answer = await web.request(conditional + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 304")
    assert b"HTTP/1.1 200" in answer


@pytest.mark.parametrize("sent", [b"", b"GET /health HT", GET])
async def test_half_a_request_head_silence_and_idleness_end_after_the_keep_alive_time(make_web, monkeypatch, sent):
    monkeypatch.setattr(server, "KEEP_ALIVE", 0.1)
    async with make_web() as web:
        answer = await web.request(sent)  # returns when the server closes
        assert answer.startswith(b"HTTP/1.1 200") == (sent == GET)


@pytest.fixture
def writes(monkeypatch):
    """Collect what leaves in one write."""
    collected, sent = [], transport.Server._sent

    async def noted(self, data):
        collected.append(bytes(data))
        return await sent(self, data)

    monkeypatch.setattr(transport.Server, "_sent", noted)
    return collected


@pytest.mark.parametrize("path", ["/api/v1/tiny", "/health", "/api/v1/data/snapshot", "/nowhere"])
async def test_a_small_answer_leaves_in_one_write(web, writes, path):
    answer = await web.get(path)
    assert writes == [answer.raw]


async def test_a_large_answer_is_not_copied_behind_its_head(web, item, writes):
    await web.fill(*[item(n, name="x" * 1000) for n in range(transport.ONE_WRITE // 1000)])
    answer = await web.get("/api/v1/data/snapshot")
    assert [len(each) for each in writes] == [len(answer.raw) - len(answer.body), len(answer.body)]


async def test_the_head_of_a_stream_does_not_wait_for_it(make_web):
    surface, goes_on = Blueprint("stream", "tests.stream"), trio.Event()

    async def pieces():
        await goes_on.wait()
        yield b"late"

    @surface.get("/stream")
    async def stream():
        return Response(pieces())

    async with make_web(surfaces=[surface]) as web, await trio.open_tcp_stream("127.0.0.1", web.port) as peer:
        await peer.send_all(b"GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        with trio.fail_after(5):
            head = await peer.receive_some()
            assert head.startswith(b"HTTP/1.1 200")
            assert b"late" not in head
            goes_on.set()
            assert b"late" in b"".join([part async for part in peer])


async def test_expect_100_continue_is_answered_before_the_body(web):
    async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
        await stream.send_all(POST + b"Expect: 100-continue\r\nContent-Length: 14\r\n\r\n")
        with trio.fail_after(5):
            assert b"100" in (await stream.receive_some()).split(b"\r\n")[0]
            await stream.send_all(b'{"text":"two"}')
            assert b"200" in (await stream.receive_some()).split(b"\r\n")[0]


async def test_h2c_is_ignored_and_prior_knowledge_refused(web):
    answer = await web.request(BASES[19].replace(b"GET / ", b"GET /health/live "), half_close=True)
    assert answer.startswith(b"HTTP/1.1 200")
    assert (await web.request(BASES[20])).startswith(b"HTTP/1.1 505")


async def test_an_answer_to_an_upload_that_is_too_long_reaches_the_client(web):
    async with await trio.open_tcp_stream("127.0.0.1", web.port) as stream:
        await stream.send_all(POST + b"Content-Length: 90000000\r\n\r\n")
        with trio.fail_after(5):
            answer = b""
            while b"payload_too_large" not in answer:
                answer += await stream.receive_some()
        assert answer.startswith(b"HTTP/1.1 413")


def stalled_reader(port: int) -> socket.socket:
    """Open a WebSocket that takes its greeting's first bytes and then reads no more."""
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    peer.connect(("127.0.0.1", port))
    peer.setblocking(False)
    peer.send(UPGRADE + b"\r\n")
    return peer


@pytest.mark.slow
async def test_a_stalled_socket_delays_neither_others_nor_the_stop(web, item):
    with stalled_reader(web.port):
        await web.wait_for_sockets(1)
        await send_to_others_and_stop(web, item)


async def send_to_others_and_stop(web, item):
    async with web.socket() as reader:
        await reader.greeting()
        for round_ in range(20):
            await web.fill(*[item(n, name=f"{round_} {n} " + "x" * 2000) for n in range(200)])
            web.catalogue.publish()
        message = await reader.get("batch-update")
        while message["data"].get("seq", 0) < web.catalogue.seq and "delta" not in message["data"]:
            message = await reader.get("batch-update")
        began = trio.current_time()
        web.stop.set()
        assert await reader.closed() == 1001
        assert trio.current_time() - began < 2
        with trio.fail_after(5):
            await web.stopped.wait()


@pytest.mark.parametrize("how", ["closed by the client", "cut off", "closed by us"])
async def test_a_socket_that_ended_holds_neither_a_task_nor_the_stop(web, how):
    async with web.socket() as reader:
        await reader.greeting()
        if how == "closed by the client":
            await reader.connection.aclose(4000, "hidden")
        elif how == "closed by us":
            await reader.connection.send_message(b"binary")
            assert await reader.closed() == 1003
    with trio.fail_after(2):
        while connections_held():  # noqa: ASYNC110  (nobody tells when a task has ended)
            await trio.sleep(0.01)
    began = trio.current_time()
    web.stop.set()
    await web.stopped.wait()
    assert trio.current_time() - began < 1


async def test_the_server_starts_again_when_it_ends_unasked(make_web, monkeypatch, caplog):
    serve_once, broken = hypercorn.trio.serve, trio.Event()

    async def serve(*args, **kwargs):
        if not broken.is_set():
            broken.set()
            raise ZeroDivisionError
        await serve_once(*args, **kwargs)

    monkeypatch.setattr(hypercorn.trio, "serve", serve)
    monkeypatch.setattr(server, "RESTART_DELAY", 0.01)
    async with make_web() as web:
        assert (await web.get("/health")).status == 200
    assert "starts again" in caplog.text


async def test_a_port_in_use_says_so(web):
    with pytest.raises(StartError, match=f"{web.port}.*in use"):
        await server.serve(web.app, host="127.0.0.1", port=web.port, stop=trio.Event())


@pytest.mark.parametrize("upgrade", [False, True])
async def test_what_a_surface_fails_at_when_its_caller_goes_away_ends_nothing_else(make_web, upgrade):
    """Its failure and the cancellation come out together, as a group that no `except Exception` takes."""
    surface, asked, failed = Blueprint("sick", "tests.sick"), trio.Event(), trio.Event()

    async def sick():
        async def child():
            try:
                await trio.sleep_forever()
            finally:
                failed.set()
                raise ValueError("at the end")

        async with trio.open_nursery() as nursery:
            nursery.start_soon(child)
            nursery.start_soon(trio.sleep_forever)
            await trio.testing.wait_all_tasks_blocked()
            asked.set()

    surface.get("/sick")(sick)
    surface.websocket("/sick")(sick)
    upgrading = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    )
    async with make_web(surfaces=[surface]) as web:
        with trio.fail_after(10):
            async with await trio.open_tcp_stream("127.0.0.1", web.port) as peer:
                await peer.send_all(b"GET /sick HTTP/1.1\r\nHost: localhost\r\n" + upgrading * upgrade + b"\r\n")
                await asked.wait()
            await failed.wait()
            await trio.testing.wait_all_tasks_blocked(0.1)
            answer = await web.request(BASES[19].replace(b"GET / ", b"GET /health/live "), half_close=True)
        assert answer.startswith(b"HTTP/1.1 200")
