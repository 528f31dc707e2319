"""gzip: who takes it, and that it is made once."""

import gzip

import pytest
import trio

from amutorrent.web import packing
from amutorrent.web.packing import PackedBodies, accepts_gzip


@pytest.mark.parametrize(
    ("header", "welcome"),
    [
        (b"gzip", True),
        (b"GZIP", True),
        (b"x-gzip", True),
        (b"*", True),
        (b"br;q=1.0, gzip; q=0.5", True),
        (b"*;q=0, gzip", True),
        (b"gzip;q=0.001", True),
        (b"", False),
        (b"identity", False),
        (b"deflate, br", False),
        (b"gzip;q=0", False),
        (b"gzip;q=0.0", False),
        (b"gzip; q=0.000, *", False),
        (b"*;q=0", False),
    ],
)
def test_who_accepts_gzip(header, welcome):
    assert accepts_gzip(header) is welcome


@pytest.mark.parametrize("size", [2000, 200_000])
async def test_a_body_is_packed_once_for_all_who_wait(monkeypatch, size):
    made = []

    async def pack(body):
        made.append(len(body))
        await trio.lowlevel.checkpoint()
        return gzip.compress(body)

    monkeypatch.setattr(packing, "pack", pack)
    bodies, found = PackedBodies(), []

    async def ask():
        found.append(await bodies.get("a", b"x" * size))

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(ask)
    await ask()
    assert made == [size]
    assert {gzip.decompress(each) for each in found} == {b"x" * size}


async def test_who_waits_for_a_packing_that_is_cancelled_packs_it(monkeypatch, autojump_clock):
    bodies, found = PackedBodies(), []
    slow = iter([3600, 0])

    async def pack(body):
        await trio.sleep(next(slow))
        return body

    monkeypatch.setattr(packing, "pack", pack)

    async def ask(patience):
        with trio.move_on_after(patience):
            found.append(await bodies.get("a", b"x"))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask, 1)
        await trio.lowlevel.checkpoint()
        nursery.start_soon(ask, 10)
    assert found == [b"x"]


async def test_only_the_last_few_are_kept():
    bodies = PackedBodies(capacity=2)
    for name in "abcad":
        await bodies.get(name, b"x")
    assert list(bodies._packed) == ["a", "d"]


async def test_a_big_body_is_packed_off_the_loop():
    assert gzip.decompress(await packing.pack(b"x" * (packing.BIG + 1))) == b"x" * (packing.BIG + 1)
