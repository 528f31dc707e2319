"""The proxy before a server that answers every byte with a hundred of the same."""

import contextlib
import functools
import socket

import pytest
import trio

from amutorrent.testing import HALF_OPEN, PASS, REFUSE, STALL, FaultProxy, cut, delay, garble

FOLD = 100


async def multiply(stream):
    with contextlib.suppress(trio.BrokenResourceError):  # the proxy hung up
        async for data in stream:
            await stream.send_all(b"".join(bytes([byte]) * FOLD for byte in data))


async def serve(nursery, handler):
    (listener,) = await nursery.start(functools.partial(trio.serve_tcp, handler, 0, host="127.0.0.1"))
    return listener.socket.getsockname()


@pytest.fixture
async def upstream(nursery):
    return await serve(nursery, multiply)


@pytest.fixture
async def proxy(upstream):
    async with FaultProxy.open(upstream) as proxy:
        yield proxy


async def call(proxy):
    return await trio.open_tcp_stream(proxy.host, proxy.port)


async def ask(stream, data=b"a"):
    await stream.send_all(data)
    return await take(stream, FOLD * len(data))


async def take(stream, count):
    """Read so many bytes, or what comes before the end."""
    got = b""
    while len(got) < count and (data := await stream.receive_some(count - len(got))):
        got += data
    return got


async def silent(stream, seconds=0.05):
    with trio.move_on_after(seconds) as scope:
        await stream.receive_some()
    return scope.cancelled_caught


async def test_without_a_fault_bytes_pass(proxy):
    async with await call(proxy) as one, await call(proxy) as two:
        assert await ask(one, b"xy") == b"x" * FOLD + b"y" * FOLD
        assert await ask(two) == b"a" * FOLD
        found = proxy.statistics()
    assert (found.accepted, found.open, found.to_daemon, found.from_daemon) == (2, 2, 3, 3 * FOLD)
    assert proxy.sent() == b"xya"


async def test_the_end_of_one_direction_is_passed_on_and_the_other_goes_on(proxy):
    async with await call(proxy) as stream:
        await stream.send_all(b"a")
        await stream.send_eof()
        assert await take(stream, 10_000) == b"a" * FOLD
    with trio.fail_after(2):
        while proxy.statistics().open:
            await trio.lowlevel.checkpoint()


@pytest.mark.parametrize("fault", [STALL, HALF_OPEN], ids=lambda fault: fault.kind)
async def test_silence_holds_for_open_and_new_connections_and_ends(proxy, fault):
    async with await call(proxy) as old:
        await ask(old)
        proxy.fault = fault
        async with await call(proxy) as new:
            await old.send_all(b"o")
            await new.send_all(b"n")
            assert await silent(old)
            assert await silent(new)
            assert proxy.statistics().from_daemon == FOLD
            proxy.fault = PASS
            assert await take(old, FOLD) == b"o" * FOLD
            assert await take(new, FOLD) == b"n" * FOLD


async def test_half_open_never_reaches_the_daemon(nursery):
    reached = []

    async def greet(stream):
        reached.append(stream)

    async with FaultProxy.open(await serve(nursery, greet)) as proxy:
        proxy.fault = HALF_OPEN
        async with await call(proxy) as stream:
            assert await silent(stream)
    assert reached == []


async def test_refused_at_once_and_heard_again_at_the_same_port(proxy):
    port = proxy.port
    async with await call(proxy) as old:
        await ask(old)
        proxy.fault = REFUSE
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((proxy.host, port), timeout=1)
        assert await take(old, 1) == b""
    proxy.fault = PASS
    assert proxy.port == port
    async with await call(proxy) as stream:
        assert await ask(stream) == b"a" * FOLD


async def test_cut_in_the_middle_of_an_answer(proxy):
    async with await call(proxy) as old:
        await ask(old)
        proxy.fault = cut(30)
        async with await call(proxy) as new:
            for stream in (old, new):
                await stream.send_all(b"b")
                assert await take(stream, FOLD) == b"b" * 30


async def test_drop_ends_what_is_open_and_nothing_else(proxy):
    async with await call(proxy) as stream:
        await ask(stream)
        proxy.drop()
        assert await take(stream, 1) == b""
    async with await call(proxy) as stream:
        assert await ask(stream) == b"a" * FOLD


async def test_garbage_is_the_same_for_the_same_seed_however_it_is_cut_up(proxy):
    async def garbage(seed, *pieces):
        proxy.fault = garble(seed)
        async with await call(proxy) as stream:
            return b"".join([await ask(stream, piece) for piece in pieces])

    whole = await garbage(1, b"a" * 20)
    assert await garbage(1, b"a", b"a" * 12, b"a" * 7) == whole
    assert await garbage(2, b"a" * 20) != whole
    wrong = sum(byte != ord("a") for byte in whole)
    assert 10 < wrong < 60
    assert proxy.sent() == b"a" * 60, "only answers are spoilt"


async def test_delay(proxy):
    async with await call(proxy) as stream:
        await ask(stream)
        proxy.fault = delay(0.04)
        before = trio.current_time()
        assert await ask(stream) == b"a" * FOLD
        assert trio.current_time() - before >= 0.08


async def test_a_daemon_that_is_not_there_ends_the_connection():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()
    async with FaultProxy.open(nobody) as proxy, await call(proxy) as stream:
        assert await take(stream, 1) == b""


async def test_in_front_of_a_unix_socket(tmp_path, nursery):
    listener = trio.socket.socket(trio.socket.AF_UNIX)
    await listener.bind(str(tmp_path / "daemon"))
    listener.listen()
    nursery.start_soon(trio.serve_listeners, multiply, [trio.SocketListener(listener)])
    async with FaultProxy.open(str(tmp_path / "daemon")) as proxy, await call(proxy) as stream:
        assert await ask(stream) == b"a" * FOLD
    nursery.cancel_scope.cancel()


async def test_the_port_can_be_chosen(upstream):
    async with FaultProxy.open(upstream, "127.0.0.9", upstream[1]) as proxy:
        assert (proxy.host, proxy.port) == ("127.0.0.9", upstream[1])
        async with await call(proxy) as stream:
            assert await ask(stream) == b"a" * FOLD
