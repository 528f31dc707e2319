"""Shared frames: what any reader's library gets out of them."""

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage
from wsproto.extensions import PerMessageDeflate

from amutorrent.web import frame
from amutorrent.web.frame import BIG, WORTH_DEFLATING, Frame


def read(data, *, deflate):
    extensions = []
    if deflate:
        extension = PerMessageDeflate(server_no_context_takeover=True)
        extension.finalize("permessage-deflate; server_no_context_takeover")
        extensions = [extension]
    reader = Connection(ConnectionType.CLIENT, extensions)
    reader.receive_data(data)
    return "".join(event.data for event in reader.events() if isinstance(event, TextMessage))


@given(st.text(), st.booleans(), st.integers(1, 3))
def test_a_frame_reads_as_its_text(text, deflate, times):
    one = Frame((text * 200).encode())
    assert read(one.wire(deflate) * times, deflate=deflate) == text * 200 * times


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536, WORTH_DEFLATING, WORTH_DEFLATING + 1])
def test_every_length_has_its_head(size):
    for deflate in (False, True):
        assert read(Frame(b"x" * size).wire(deflate), deflate=deflate) == "x" * size


async def test_a_big_frame_is_deflated_once_however_many_wait(monkeypatch):
    made = []

    def deflate(text):
        made.append(len(text))
        return whole(text)

    whole = frame._deflate
    monkeypatch.setattr(frame, "_deflate", deflate)
    big = Frame(b"x" * (BIG + 1))
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(big.prepare)
    await big.prepare()
    assert read(big.wire(True), deflate=True) == "x" * (BIG + 1)
    assert made == [BIG + 1]
