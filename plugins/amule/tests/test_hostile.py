"""A server that answers with anything: an error of ours, or values that fit; never a hang, a crash or a leak."""

import os
import random
import tracemalloc
import zlib
from contextlib import suppress

import pytest
import trio
from amutorrent_amule import AMule
from amutorrent_amule.codec import ALWAYS, UTF8_NUMBERS, ZLIB, decode, encode
from amutorrent_amule.codes import Op
from lab.ec_replay import answers, capture, replaying

from amutorrent import AmutorrentError, Logs, Peers, PieceMap, Search, ServerInfo, Servers, StatsTree
from amutorrent.testing import open_session

pytestmark = pytest.mark.slow
CAPTURED = [
    "update_midtransfer_fresh_conn", "update_first", "update_midtransfer_a_uploader", "update_delta_midtransfer",
    "stats_cmd_lowid", "statstree_cap", "prefs_categories", "prefs_dirs", "search_results_full", "server_list_full",
    "log", "err_hash", "auth_ok", "dload_queue_full", "uload_queue_inc",
]  # fmt: skip


def mutated(rng, data):
    """Spoil an answer: bytes changed, cut, of another kind, or whole and out of place; sometimes not at all."""
    kind = rng.randrange(7)
    if kind == 0:
        return data
    if kind == 1:
        return data[: rng.randrange(len(data))]
    if kind == 2:
        return rng.randbytes(rng.randrange(1, 400))
    if kind == 3:
        return capture(rng.choice(CAPTURED))
    if kind == 4:
        length = rng.randrange(2, 300)
        flags = ALWAYS | rng.choice([0, ZLIB, UTF8_NUMBERS])
        return flags.to_bytes(4, "big") + length.to_bytes(4, "big") + rng.randbytes(length)
    packet = encode(decode(data), ALWAYS)  # the wrong bytes lie in the tags, not in what is packed
    spoilt = bytearray(packet)
    for _ in range(rng.randrange(1, 8)):
        spoilt[rng.randrange(8, len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def hostile(seed):
    """Make the answers of a server, of which those to a login are right."""
    rng = random.Random(seed)
    replay = answers(3)
    updates = [capture(each) for each in CAPTURED[:4]]
    replay[Op.GET_UPDATE] = lambda number: mutated(rng, updates[number % len(updates)])
    for op, name in (
        (Op.STAT_REQ, "stats_cmd_lowid"), (Op.GET_STATSTREE, "statstree_cap"), (Op.GET_LOG, "log"),
        (Op.GET_PREFERENCES, "prefs_categories"), (Op.GET_SERVERINFO, "serverinfo"),
        (Op.SEARCH_RESULTS, "search_results_full"), (Op.GET_SERVER_LIST, "server_list_full"),
        (Op.SEARCH_PROGRESS, "search_progress"),
    ):  # fmt: skip
        replay[op] = spoiling(rng, capture(name))
    return replay


def spoiling(rng, data):
    """Answer with these bytes, spoilt anew each time."""
    return lambda _: mutated(rng, data)


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
            settings = AMule.Settings(host="127.0.0.1", port=port_of(hostile(seed)), password="secret")
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
        settings = AMule.Settings(host="127.0.0.1", port=port_of(replay), password="secret")
        with trio.move_on_after(0.4), suppress(AmutorrentError):
            async with open_session(AMule, settings) as session:
                await session.poll()


async def test_an_answer_that_unpacks_without_end_is_given_up():
    """64 MiB of zeros pack into 64 kB; what is announced beyond the limit is not read at all."""
    body = zlib.compress(bytes(300 << 20), 9)
    replay = answers(1)
    replay[Op.GET_UPDATE] = lambda _: (ALWAYS | ZLIB).to_bytes(4, "big") + len(body).to_bytes(4, "big") + body
    with replaying() as port_of:
        settings = AMule.Settings(host="127.0.0.1", port=port_of(replay), password="secret")
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
            settings = AMule.Settings(host="127.0.0.1", port=port_of(hostile(seed)), password="secret")
            with trio.move_on_after(0.3), suppress(AmutorrentError):
                async with open_session(AMule, settings) as session:
                    await ask_everything(session)
    for _ in range(50):
        if len(os.listdir("/dev/fd")) <= before:
            break
        await trio.sleep(0.05)
    assert len(os.listdir("/dev/fd")) <= before
