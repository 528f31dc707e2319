"""What waits for one socket: bounded in number and in bytes, replies never dropped, updates made up for."""

import pytest

from amutorrent.web import outbox
from amutorrent.web.frame import Frame
from amutorrent.web.outbox import MAX_REPLIES, MAX_UPDATES, Outbox, Overflow

FULL = Frame(b"full")


@pytest.fixture
def box():
    return Outbox(lambda: FULL)


async def taken(box):
    return [(await box.next()).text for _ in range(len(box))]


async def test_messages_leave_in_the_order_in_which_they_came(box):
    box.put_update(Frame(b"1"))
    box.put_reply(Frame(b"2"))
    box.put_update(Frame(b"3"))
    assert await taken(box) == [b"1", b"2", b"3"]


async def test_too_many_updates_are_dropped_and_one_full_form_follows(box):
    box.put_reply(Frame(b"reply"))
    for number in range(MAX_UPDATES + 50):
        box.put_update(Frame(b"%d" % number))
        assert len(box) <= MAX_UPDATES + 1
    box.put_reply(Frame(b"later"))
    assert await taken(box) == [b"reply", b"later"]
    assert await box.next() is FULL
    assert box.drops == 1
    box.put_update(Frame(b"after"))
    assert await taken(box) == [b"after"]


async def test_updates_are_bounded_in_bytes_too(box, monkeypatch):
    monkeypatch.setattr(outbox, "MAX_UPDATE_BYTES", 100)
    box.put_update(Frame(b"x" * 500))  # one may be longer
    assert len(box) == 1
    box.put_update(Frame(b"y"))
    assert len(box) == 0
    assert await box.next() is FULL
    for _ in range(3):
        box.put_update(Frame(b"x" * 50))
        assert await taken(box) == [b"x" * 50]


async def test_what_comes_while_the_full_form_is_made_is_in_it_already():
    frames = []

    def full():
        box.put_update(Frame(b"published by the full form"))
        frames.append(Frame(b"full"))
        return frames[-1]

    box = Outbox(full)
    for _ in range(MAX_UPDATES + 1):
        box.put_update(Frame(b"x"))
    assert await box.next() is frames[0]
    assert len(box) == 0


def test_too_many_replies_overflow(box):
    for _ in range(MAX_REPLIES):
        box.put_reply(Frame(b"x"))
    with pytest.raises(Overflow):
        box.put_reply(Frame(b"x"))


def test_too_long_replies_overflow_but_never_a_single_one(box, monkeypatch):
    monkeypatch.setattr(outbox, "MAX_REPLY_BYTES", 100)
    box.put_reply(Frame(b"x" * 500))
    with pytest.raises(Overflow):
        box.put_reply(Frame(b"x"))


async def test_of_a_topic_one_message_waits_and_it_is_said_when_it_left():
    freed = []
    box = Outbox(lambda: Frame(b"full"), lambda: freed.append(1))
    assert box.room("log")
    box.put_topic("log", Frame(b"one"))
    assert not box.room("log")
    assert box.room("stats")
    box.put_reply(Frame(b"reply"))
    assert (await box.next()).text == b"one"
    assert freed == [1]
    assert box.room("log")
    assert (await box.next()).text == b"reply"
    assert freed == [1]


def test_topics_wait_when_much_of_them_does_or_a_full_form(monkeypatch):
    monkeypatch.setattr(outbox, "MAX_UPDATE_BYTES", 100)
    box = Outbox(lambda: Frame(b"full"))
    box.put_topic("shared", Frame(b"x" * 500))
    assert not box.room("log")
    box = Outbox(lambda: Frame(b"full"))
    for _ in range(MAX_UPDATES + 1):
        box.put_update(Frame(b"x"))
    assert not box.room("log")


def test_dropped_updates_take_no_topic_with_them():
    box = Outbox(lambda: Frame(b"full"))
    box.put_topic("log", Frame(b"kept"))
    for _ in range(MAX_UPDATES + 1):
        box.put_update(Frame(b"x"))
    assert len(box) == 1
