"""All sockets: one frame per tick for everybody, a slow one is nobody else's business, and goodbye."""

import json
import socket

import pytest
import trio

from amutorrent import Event
from amutorrent.web import outbox, server

INSTANCE = "demo-local-1"


async def test_one_frame_is_shared_by_all_sockets(web, item, monkeypatch):
    frames = []
    put = outbox.Outbox.put_update
    monkeypatch.setattr(outbox.Outbox, "put_update", lambda self, frame: (frames.append(frame), put(self, frame))[1])
    await web.fill(*map(item, range(20)))
    async with web.socket() as one, web.socket() as other:
        await one.greeting()
        await other.greeting()
        await web.fill(item(1, size=7), full=False)
        web.catalogue.publish()
        assert await one.get() == await other.get()
    assert len(frames) == 2
    assert frames[0] is frames[1]


async def test_a_change_of_connection_is_told_to_all_and_only_once(web, monkeypatch):
    connected = {INSTANCE: False}
    async with web.socket() as reader:
        await reader.greeting()
        monkeypatch.setattr(web.instances, "connected", lambda: dict(connected))
        for up in (True, True, False):
            connected[INSTANCE] = up
            web.events.publish(Event(name="instances_changed", instance_id=INSTANCE))
            web.events.publish(Event(name="client_available", instance_id=INSTANCE))
            await trio.testing.wait_all_tasks_blocked(0.05)
        await reader.send(action="tiny")
        found = [await reader.get() for _ in range(3)]
    assert found == [
        {"type": "connection-status", "connected": True, "instances": {INSTANCE: True}},
        {"type": "connection-status", "connected": False, "instances": {INSTANCE: False}},
        {"type": "tiny", "ok": True},
    ]


def slow_reader(port, buffer=4096):
    peer = socket.socket()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    peer.connect(("127.0.0.1", port))
    return peer


UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def texts(data):
    """Take unmasked frames of a server apart."""
    found = []
    while len(data) >= 2:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < start + size:
            break
        if data[0] == 0x81:
            found.append(json.loads(data[start : start + size]))
        data = data[start + size :]
    return found


@pytest.fixture
def small_buffers(monkeypatch):
    """Let the kernel hold little for a peer that does not read: accepted sockets inherit it."""
    listen = server._listen

    def listen_small(host, port):
        listener = listen(host, port)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        return listener

    monkeypatch.setattr(server, "_listen", listen_small)


async def received_until(stream, end):
    """Read until what came ends like this."""
    received = bytearray()
    with trio.fail_after(10):
        while not received.endswith(end):
            received += await stream.receive_some(1 << 20)
    return bytes(received)


@pytest.mark.slow
async def test_a_slow_socket_skips_updates_and_gets_one_fresh_full_form(small_buffers, make_web, item, monkeypatch):
    monkeypatch.setattr(outbox, "MAX_UPDATES", 4)
    async with make_web() as web:
        await web.fill(*[item(n, name="x" * 1000) for n in range(3000)])
        with slow_reader(web.port) as peer:
            stream = trio.SocketStream(trio.socket.from_stdlib_socket(peer))
            await stream.send_all(UPGRADE)
            await web.wait_for_sockets(1)
            (slow,) = web.app._hub._readers
            async with web.socket() as quick:
                await quick.greeting()
                for size in range(1, 30):
                    await web.fill(item(0, size=size), full=False)
                    web.catalogue.publish()
                    with trio.fail_after(1):
                        while (await quick.get("batch-update"))["data"]["delta"]["seq"] != web.catalogue.seq:
                            pass
            assert len(slow._outbox) <= 4
            received = await received_until(stream, b',"seq":%d}}' % web.catalogue.seq)
            await web.fill(item(0, size=99), full=False)
            web.catalogue.publish()
            received += await received_until(stream, b'"size":99}]}}}')
            await stream.aclose()
    updates = [each["data"] for each in texts(received.partition(b"\r\n\r\n")[2]) if each["type"] == "batch-update"]
    assert ["items" in each for each in updates] == [True, True, False]
    assert updates[1]["items"][0]["size"] == 29
    assert updates[2]["delta"]["seq"] == updates[1]["seq"] + 1


@pytest.mark.slow
async def test_a_socket_that_does_not_take_its_replies_is_closed(small_buffers, make_web, item, monkeypatch):
    monkeypatch.setattr(outbox, "MAX_REPLIES", 10)
    async with make_web() as web:
        await web.fill(*[item(n, name="x" * 1000) for n in range(3000)])
        with slow_reader(web.port) as peer:
            stream = trio.SocketStream(trio.socket.from_stdlib_socket(peer))
            await stream.send_all(UPGRADE)
            await web.wait_for_sockets(1)
            asked = b'{"action":"tiny"}'
            await stream.send_all((bytes((0x81, 0x80 | len(asked))) + bytes(4) + asked) * 20)
            received = await received_until(stream, (1008).to_bytes(2, "big") + b"Too much at once")
            await stream.aclose()
        await web.wait_for_sockets(0)
    assert b'"tiny"' not in received


async def test_at_the_end_every_socket_is_closed_with_1001(web):
    async with web.socket() as one, web.socket("/ws") as other:
        await one.greeting()
        await other.greeting()
        await one.send(action="echo", text="a", waitS=3600)
        began = trio.current_time()
        web.stop.set()
        assert await one.closed() == 1001
        assert await other.closed() == 1001
        await web.stopped.wait()
        assert trio.current_time() - began < 2  # these readers keep their end open: `LINGER`


async def test_a_socket_that_comes_while_we_close_is_closed_with_1001(web):
    await web.app.close_sockets()
    async with web.socket() as reader:
        assert await reader.closed() == 1001


async def test_open_sockets_are_somebody_who_looks(web):
    assert web.instances._demand.interval() == 15
    async with web.socket() as reader:
        await reader.greeting()
        assert web.instances._demand.interval() == 2
    await web.wait_for_sockets(0)
    assert web.instances._demand.interval() == 15
