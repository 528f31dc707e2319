"""Real amuleds, alone and in a network of their own."""

from contextlib import contextmanager, suppress

import pytest
import trio
from amutorrent_amule import AMule
from lab import amule as lab_amule
from lab import ed2k
from lab.ed2k import Stalled

from amutorrent import Servers
from amutorrent.testing import open_session

STALLS = 4


class Network:
    """A server, a peer that shares and one that downloads."""

    def __init__(self, server, sharer, downloader):
        self.server, self.sharer, self.downloader = server, sharer, downloader


@pytest.fixture
def settings_of():
    """Give the function that makes the settings of a client of a daemon."""

    def settings(daemon, **other):
        keys = {key: value for key, value in daemon.settings.items() if key != "type"}
        return AMule.Settings.model_validate({**keys, **other})

    return settings


@pytest.fixture
async def session(amule, settings_of):
    """Open a client, and poll it once."""
    async with open_session(AMule, settings_of(amule)) as session:
        await session.poll()
        yield session


@contextmanager
def fresh_network(root):
    """Run a network in a new folder: its peers are not joined to the server yet."""
    port = lab_amule.free_port_with_udp(4)
    with (
        ed2k.server(port, high="peer-b") as server,
        lab_amule.daemon(root / "a", nick="peer-a") as sharer,
        lab_amule.daemon(root / "b", nick="peer-b") as downloader,
    ):
        assert sharer.user_hash != downloader.user_hash
        yield Network(server, sharer, downloader)
        assert sharer.alive, sharer.tail()
        assert downloader.alive, downloader.tail()


@pytest.fixture
def network(tmp_path):
    """Run a fresh network."""
    with fresh_network(tmp_path) as network:
        yield network


@pytest.fixture
def play(tmp_path, settings_of, join):
    """Give the function that plays a scene on a fresh network, and on another one where a transfer stalls.

    2.3.3 may stop reading a socket, and nothing but a restart helps then. It does so about once in ten transfers,
    more often on a busy machine.
    """

    async def play(scene):
        for number in range(STALLS):
            with suppress(Stalled), fresh_network(tmp_path / f"stalled {number}") as network:
                return await scene(network, settings_of, join)
        with fresh_network(tmp_path / "last") as network:
            return await scene(network, settings_of, join)

    return play


@pytest.fixture
def join():
    """Give the function that connects a peer to the server, again where a login was lost (it may be)."""

    async def join(session, server):
        part = session.part(Servers)
        await part.add_server("localhost", server.port, "TestServer")
        for _ in range(4):
            (listed,) = await part.servers()
            await part.connect_server(listed.ip, listed.port)
            with trio.move_on_after(5):
                while True:
                    await session.poll()
                    if session.last.network_status["ed2k"].server_address:
                        return
                    await trio.sleep(0.1)
            await part.disconnect_server()
            await trio.sleep(0.2)
        raise AssertionError("no login to the server")

    return join
