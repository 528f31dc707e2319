"""Kad."""

import pytest
from amutorrent_amule import AMule
from lab import amule as lab_amule

from amutorrent import InvalidRequest, Kad
from amutorrent.testing import FaultProxy, open_session

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_kad_starts_and_stops(tmp_path, settings_of):
    with lab_amule.daemon(tmp_path, kad=True) as daemon:
        async with open_session(AMule, settings_of(daemon)) as session:
            part = session.part(Kad)
            assert await part.start_kad()
            await session.until(lambda: session.last.network_status["kad"].text == "Connecting")
            assert await part.stop_kad()
            await session.until(lambda: session.last.network_status["kad"].text == "Off")
            assert await part.update_kad_nodes("http://127.0.0.1:9/nodes.dat")
        assert daemon.alive


async def test_where_it_is_switched_off_it_is_declined(session):
    assert not await session.part(Kad).start_kad()


async def test_the_address_of_a_node_travels_in_its_natural_order(amule, settings_of):
    """With the other order a real daemon was seen to send its packet to 9.0.77.10."""
    async with (
        FaultProxy.open((amule.host, amule.port)) as proxy,
        open_session(AMule, settings_of(amule, host=proxy.host, port=proxy.port)) as session,
    ):
        await session.part(Kad).bootstrap_kad("10.77.0.9", 5555)
        assert bytes.fromhex("0010 04 00000004 0a4d0009 0012 03 00000002 15b3") in proxy.sent()
        with pytest.raises(InvalidRequest):
            await session.part(Kad).bootstrap_kad("somewhere", 5555)
