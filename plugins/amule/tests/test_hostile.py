"""A server that answers with anything: an error of ours, or values that fit; never a hang, a crash or a leak."""

import os
import random
import tracemalloc
import zlib
from contextlib import suppress

import pytest
import trio
from amutorrent_amule import AMule
from amutorrent_amule.codec import ALWAYS, ZLIB
from amutorrent_amule.codes import Op
from lab.ec_replay import answers, capture, hostile_answers, replaying, spoiling

from amutorrent import AmutorrentError, Logs, Peers, PieceMap, Search, ServerInfo, Servers, StatsTree
from amutorrent.testing import open_session

pytestmark = pytest.mark.slow


def settings_for(port):
    return AMule.Settings(host="127.0.0.1", port=port, password="secret")


async def ask_everything(session):
    for _ in range(3):
        await session.poll()
    for hash in list(session.items)[:2]:
        await session.part(Peers).peers(hash)
        await session.part(PieceMap).pieces(hash)
    with suppress(AmutorrentError):
        await session.part(Logs).log_lines()
    with suppress(AmutorrentError):
        await session.part(ServerInfo).server_info()
    with suppress(AmutorrentError):
        await session.part(Servers).servers()
    with suppress(AmutorrentError):
        await session.part(StatsTree).stats_tree()
    with suppress(AmutorrentError):
        await session.part(Search).search_progress()


@pytest.mark.parametrize("block", range(8))
async def test_any_answers(block):
    """Every error is of our tree; every item fits the wire (the session looks); a silent one meets the deadline."""
    for seed in range(block * 40, block * 40 + 40):
        with replaying() as port_of:
            settings = settings_for(port_of(hostile_answers(random.Random(seed))))
            with trio.move_on_after(0.4), suppress(AmutorrentError):
                async with open_session(AMule, settings) as session:
                    await ask_everything(session)


@pytest.mark.parametrize("seed", range(20))
async def test_any_answers_to_a_login(seed):
    rng = random.Random(seed)
    replay = answers(1)
    for op, name in ((Op.AUTH_REQ, "auth_salt"), (Op.AUTH_PASSWD, "auth_ok")):
        replay[op] = spoiling(rng, capture(name))
    with replaying() as port_of:
        settings = settings_for(port_of(replay))
        with trio.move_on_after(0.4), suppress(AmutorrentError):
            async with open_session(AMule, settings) as session:
                await session.poll()


async def test_an_answer_that_unpacks_without_end_is_given_up():
    """64 MiB of zeros pack into 64 kB; what is announced beyond the limit is not read at all."""
    body = zlib.compress(bytes(300 << 20), 9)
    replay = answers(1)
    replay[Op.GET_UPDATE] = lambda _: (ALWAYS | ZLIB).to_bytes(4, "big") + len(body).to_bytes(4, "big") + body
    with replaying() as port_of:
        settings = settings_for(port_of(replay))
        async with open_session(AMule, settings) as session:
            tracemalloc.start()
            try:
                with pytest.raises(AmutorrentError):
                    await session.poll()
                assert tracemalloc.get_traced_memory()[1] < 600 << 20
            finally:
                tracemalloc.stop()


async def test_nothing_is_left_open():
    before = len(os.listdir("/dev/fd"))
    for seed in range(30):
        with replaying() as port_of:
            settings = settings_for(port_of(hostile_answers(random.Random(seed))))
            with trio.move_on_after(0.3), suppress(AmutorrentError):
                async with open_session(AMule, settings) as session:
                    await ask_everything(session)
    for _ in range(50):
        if len(os.listdir("/dev/fd")) <= before:
            break
        await trio.sleep(0.05)
    assert len(os.listdir("/dev/fd")) <= before
