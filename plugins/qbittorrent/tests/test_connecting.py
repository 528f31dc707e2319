"""A connection that cannot be made says which of credentials, HTTPS, path, host and port is wrong."""

import socket
from functools import partial

import pytest
import trio
from lab.qbittorrent import daemon as run_daemon

import amutorrent as am

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_a_wrong_password_is_one_attempt(daemon, opened, watched):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="user name or password")):
        async with opened(daemon.port, password="wrong"):
            pass
    lines = await watched.part(am.Logs).log_lines()
    assert len([line for line in lines if "WebAPI login failure" in line]) == 1


async def test_an_api_key_is_unknown_to_this_version(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="older than 5.2")):
        async with opened(daemon.port, api_key="qbt_0123456789012345678901234567"):
            pass


async def test_no_user_name_where_one_is_wanted(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.AuthRejected, match="no user name")):
        async with opened(daemon.port, username=""):
            pass


async def test_a_daemon_that_lets_us_in_without_a_login(tmp_path, opened):
    with run_daemon(tmp_path, ask_password=False) as free:
        async with opened(free.port, username="") as client:
            assert (await client.poll()).full
            assert not (await client.poll()).full
            assert client._daemon.transport.sessions == 0


async def test_https_to_a_daemon_that_speaks_none(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.ProtocolError, match="speaks no HTTPS")):
        async with opened(daemon.port, use_ssl=True):
            pass


async def test_a_path_that_is_not_its_own(daemon, opened):
    with pytest.RaisesGroup(pytest.RaisesExc(am.ProtocolError, match="host, port and path")):
        async with opened(daemon.port, path="/elsewhere"):
            pass


async def test_nobody_listens(opened):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.RaisesGroup(pytest.RaisesExc(am.Unreachable, match="Nothing listens")):
            async with opened(free.getsockname()[1]):
                pass


@pytest.mark.parametrize(
    ("greeting", "error"),
    [
        (b"220 mail.example.org ESMTP\r\n\r\n", am.ProtocolError),
        (b"", am.Unreachable),
        (b"\xff" * 64 + b"\r\n\r\n", am.ProtocolError),
    ],
)
async def test_a_port_of_something_else(greeting, error, opened, nursery):
    async def answer(stream: trio.SocketStream) -> None:
        await stream.receive_some(65536)
        await stream.send_all(greeting)
        await stream.aclose()

    (listener,) = await nursery.start(partial(trio.serve_tcp, answer, 0, host="127.0.0.1"))
    with pytest.RaisesGroup(error):
        async with opened(listener.socket.getsockname()[1]):
            pass
