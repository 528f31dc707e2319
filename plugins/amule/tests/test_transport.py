"""Connections: what is cancelled, what is slow, and what never waits for what."""

import time

import pytest
import trio
from amutorrent_amule import AMule, daemon
from amutorrent_amule.codes import Op
from lab.ec_replay import answers, replaying

from amutorrent import AddEd2kLink, AddOptions, Pause, RefreshShared, Remove, ServerInfo
from amutorrent.testing import FaultProxy, delay, make_ed2k_file, open_session

pytestmark = pytest.mark.slow


@pytest.mark.daemon
async def test_a_caller_that_hangs_up_costs_nothing(amule, settings_of):
    """The request runs to its end, the connection stays, and the next answer is its own."""
    async with (
        FaultProxy.open((amule.host, amule.port)) as proxy,
        open_session(AMule, settings_of(amule, host=proxy.host, port=proxy.port)) as session,
    ):
        await session.poll()
        accepted = proxy.statistics().accepted
        file = make_ed2k_file("hangs up", 1000)
        await session.part(AddEd2kLink).add_ed2k_links([file.link], AddOptions())
        proxy.fault = delay(0.1)
        for _ in range(3):
            with trio.move_on_after(0.05):
                await session.part(ServerInfo).server_info()
            with trio.move_on_after(0.05):
                await session.client._daemon.refresh()
        assert await session.part(Pause).pause([file.hash]) == {file.hash: None}
        await session.poll()
        assert session.items[file.hash].status == "paused"
        await session.part(Remove).remove([file.hash])
        assert proxy.statistics().accepted == accepted


async def test_a_command_never_waits_for_the_answer_to_a_poll(settings_of):
    """Nor for what we make of it: it has a connection of its own. (The daemon does one thing at a time.)"""
    replay = answers(10)
    update = replay[Op.GET_UPDATE]

    def late(number):
        time.sleep(0.6 if number else 0)
        return update(number)

    replay[Op.GET_UPDATE] = late
    with replaying() as port_of:
        settings = AMule.Settings(host="127.0.0.1", port=port_of(replay), password="secret")
        async with open_session(AMule, settings) as session:
            await session.poll()
            async with trio.open_nursery() as nursery:
                nursery.start_soon(session.poll)
                await trio.sleep(0.05)
                began = trio.current_time()
                await session.part(RefreshShared).refresh_shared()
                assert trio.current_time() - began < 0.3


@pytest.mark.daemon
async def test_a_renewed_connection_disturbs_no_question(amule, settings_of, monkeypatch):
    monkeypatch.setattr(daemon, "RENEW_S", 0.0)
    async with open_session(AMule, settings_of(amule)) as session:
        links = set()
        for _ in range(300):
            await session.poll()
            links.add(session.client._daemon.state)
        assert len(links) > 20


@pytest.mark.daemon
async def test_shares_are_scanned_regularly(amule, settings_of, monkeypatch):
    from amutorrent_amule import shared

    monkeypatch.setattr(shared, "HOUR_S", 0.2)
    file = make_ed2k_file("found by itself", 1000)
    async with open_session(AMule, settings_of(amule, sharedFilesReloadIntervalHours=1)) as session:
        await session.poll()
        file.write(amule.incoming)
        await session.until(lambda: file.hash in session.items)
    (amule.incoming / file.name).unlink()
