"""The reader's side of the socket, fed by a real catalogue."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from amutorrent import Changes, Events, InstanceInfo, Item
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.catalogue import Catalogue
from amutorrent.categories import Categories
from amutorrent.replay import Replay

A = "example-a"
INFO = {
    "type": "example",
    "connected": True,
    "name": "A",
    "network_type": "bittorrent",
    "order": 0,
    "color": None,
    "state": "online",
    "error": None,
    "error_time": None,
    "stale_since": None,
    "retry_at": None,
    "version": "1",
    "last_poll_ms": 1,
    "capabilities": {},
    "network_status": None,
    "speed_limits": None,
}
ITEM = {
    "status": "active",
    "progress": 0.0,
    "size": 1000,
    "download_speed": 0,
    "upload_speed": 0,
    "complete": False,
}
FACTS = st.fixed_dictionaries(
    {"progress": st.sampled_from([0.0, 12.5])},
    optional={"message": st.sampled_from(["Missing files"]), "eta": st.just(60), "tags": st.just(("a",))},
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["full", "some"]), st.dictionaries(st.integers(0, 20), FACTS, max_size=20))
    | st.tuples(st.sampled_from(["missed", "reconnect"]), st.just({})),
    max_size=20,
)


def connected(session):
    return {"type": "connected", "message": "Connected", "session": session}


class Sender:
    """A catalogue and the messages of its ticks."""

    def __init__(self) -> None:
        self.catalogue = Catalogue(Categories(), Events())
        self.catalogue.put_instance(A, InstanceInfo(**INFO))
        self.view = self.catalogue.view(LOCAL_ADMIN)
        self.catalogue.on_tick.append(lambda tick: self.sent.append(json.loads(tick.message(self.view))))
        self.sent: list[dict] = []

    async def change(self, facts, *, full=False):
        items = [Item(hash=f"{n:040x}", name=f"item {n}", **{**ITEM, **each}) for n, each in facts.items()]
        await self.catalogue.apply(A, Changes(full=full, items=items))

    def tick(self):
        self.catalogue.publish()
        sent, self.sent = self.sent, []
        return sent

    def full(self):
        message = json.loads(self.view.full())
        self.sent.clear()
        return message

    def since(self, seq):
        self.tick()
        missed = self.view.since(seq)
        return self.full() if missed is None else json.loads(missed)


@settings(deadline=None, max_examples=60)
@given(STEPS)
async def test_what_is_replayed_is_what_the_daemon_holds(steps):
    sender, replay = Sender(), Replay()
    replay.apply(connected("s"))
    assert replay.apply(sender.full())
    for step, facts in steps:
        if step == "reconnect":
            assert replay.apply(connected("s"))
            assert replay.apply(sender.since(replay.seq))
            continue
        await sender.change(facts, full=step == "full")
        messages = sender.tick()
        if step != "missed":
            assert all(replay.apply(each) for each in messages)
        await sender.change({0: {}})
        for each in sender.tick():
            if not replay.apply(each):
                assert replay.seq is None
                assert replay.apply(sender.full())
    truth = Replay()
    truth.apply(sender.full())
    assert replay.items == truth.items
    assert replay.seq == truth.seq
    assert replay.instances == truth.instances


async def test_a_gap_is_noticed_and_mended_by_the_next_full_form():
    sender, replay = Sender(), Replay()
    await sender.change({n: {} for n in range(20)}, full=True)
    replay.apply(connected("s"))
    replay.apply(sender.full())
    for _ in range(2):
        await sender.change({1: {"progress": 5.0 + sender.catalogue.seq}})
        missed = sender.tick()
    (last,) = missed
    assert "delta" in last["data"]
    assert replay.apply(last) is False
    assert replay.resume == ""
    await sender.change({1: {"progress": 50.0}})
    assert replay.apply(sender.tick()[0]) is False
    assert replay.apply(sender.full()) is True
    assert replay.items[f"{A}:{1:040x}"]["progress"] == 50.0


def delta(seq, **more):
    return {"type": "batch-update", "data": {"stats": {}, "delta": {"seq": seq, "added": [], **more}}}


FULL = {
    "type": "batch-update",
    "data": {"stats": {}, "items": [{"instanceId": "a", "hash": "1", "eta": 5}], "seq": 7},
}


def test_it_resumes_where_it_was_and_only_in_the_same_run_of_the_daemon():
    replay = Replay()
    assert replay.resume == ""
    replay.apply(connected("one"))
    replay.apply(FULL)
    assert replay.resume == "?since=7&session=one"
    replay.apply(connected("one"))
    assert replay.apply(delta(12))  # everything that was missed, in one
    assert not replay.apply(delta(14))
    replay.apply(connected("two"))
    assert replay.resume == ""
    assert not replay.apply(delta(8))


def test_a_null_takes_a_field_away_and_supplements_stand_outside_the_sequence():
    replay = Replay()
    replay.apply(FULL)
    assert replay.apply(delta(8, changed=[{"instanceId": "a", "hash": "1", "eta": None, "name": "x"}]))
    assert replay.items == {"a:1": {"instanceId": "a", "hash": "1", "name": "x"}}
    assert replay.apply(delta(None, changed=[{"instanceId": "a", "hash": "1", "peers": []}]))
    assert replay.seq == 8
    assert replay.apply(delta(9, removed=["a:1"]))
    assert replay.items == {}


def test_a_change_of_an_unknown_item_is_a_gap():
    replay = Replay()
    replay.apply(FULL)
    assert not replay.apply(delta(8, changed=[{"instanceId": "a", "hash": "2"}]))


def test_other_messages_change_nothing():
    replay = Replay()
    assert replay.apply({"type": "search-lock", "locked": False})
    assert (replay.items, replay.seq) == ({}, None)
