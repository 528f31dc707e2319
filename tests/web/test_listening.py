"""Where the server listens: IPv4, IPv6, and both at once."""

import json
import socket

import httpx
import pytest
import trio

from amutorrent.cli.feed import connected
from amutorrent.daemon.serving import reachable
from amutorrent.errors import StartError
from amutorrent.testing.programs import missing
from amutorrent.web import serve


@pytest.fixture
def ipv6():
    """See to it that this machine has IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        missing("this machine has no IPv6")


async def status(host, port, path="/api/v1/tiny"):
    """Ask at an address, naming it as browsers do; gives the status, 0 where nobody listens."""
    async with httpx.AsyncClient(trust_env=False) as http:
        try:
            return (await http.get(f"http://{host}:{port}{path}")).status_code
        except httpx.ConnectError:
            return 0


@pytest.mark.parametrize(
    ("listen", "shown", "answers", "silent"),
    [
        ("127.0.0.1", "127.0.0.1", ["127.0.0.1", "localhost"], ["[::1]"]),
        ("::1", "[::1]", ["[::1]"], ["127.0.0.1"]),
        ("::", "[::]", ["[::1]", "127.0.0.1", "localhost"], []),
        ("0.0.0.0", "0.0.0.0", ["127.0.0.1"], ["[::1]"]),
    ],
)
async def test_an_address_and_who_reaches_it(make_web, ipv6, listen, shown, answers, silent):
    async with make_web(listen=listen) as web:
        assert web.url == f"http://{shown}:{web.port}"
        for host in answers:
            assert await status(host, web.port) == 200, host
        for host in silent:
            assert await status(host, web.port) == 0, host
        assert httpx.URL(reachable(web.url)).host in ("127.0.0.1", "::1")
        assert await status(answers[0], web.port, "/health/live") == 200


@pytest.mark.parametrize(("listen", "host"), [("::1", "[::1]"), ("::", "[::1]"), ("::", "127.0.0.1")])
async def test_a_socket_over_ipv6(make_web, ipv6, listen, host):
    async with make_web(listen=listen) as web, trio.open_nursery() as nursery:
        origin = [(b"Origin", f"http://{host}:{web.port}".encode())]
        connection = await connected(nursery, f"ws://{host}:{web.port}/ws", origin)
        with trio.fail_after(10):
            assert json.loads(await connection.get_message())["type"] == "connected"
        await trio.aclose_forcefully(connection._stream)
        nursery.cancel_scope.cancel()


async def test_the_port_of_both_is_taken_by_one(make_web, ipv6):
    async with make_web(listen="::") as web:
        for host in ("::", "127.0.0.1", "::1"):
            with pytest.raises(StartError, match=f"Cannot listen on {host} port {web.port}"):
                await serve(web.app, host=host, port=web.port, stop=trio.Event())
