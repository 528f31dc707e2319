"""However slowly a socket takes it, and whatever comes and goes, in the end it has all there is for it."""

import json
import random

import pytest
import trio
import trio.testing
from operations.channels import FIRST, OWNER, SEGMENTS, STRANGER, polled, write
from operations.ed2k import PARTIAL, item

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.replay import Replay
from amutorrent.web import outbox

KINDS = ("connected", "connection-status", "search-lock", "batch-update", "subscribed", "categories-update")


async def test_of_each_topic_one_message_waits_and_the_sum_comes_later(live, autojump_clock, monkeypatch):
    taking = trio.Event()
    original = outbox.Outbox.next

    async def slow(self):
        if self is slow_outbox[0]:
            await taking.wait()
        return await original(self)

    slow_outbox = [None]
    live.script.answers["segments"] = SEGMENTS
    async with live.wire.socket() as reader:
        for channel in ("segmentData", "log", "downloads", "stats"):
            await reader.ask("subscribe", channel=channel)
        await trio.sleep(5)
        (socket,) = live.wire.app._hub._readers
        monkeypatch.setattr(outbox.Outbox, "next", slow)
        slow_outbox[0] = socket._outbox
        async with live.wire.socket() as quick:
            for channel in ("segmentData", "log", "downloads", "stats"):
                await quick.ask("subscribe", channel=channel)
            for number in range(30):
                write(live, f"record {number}")
                live.script.answers["segments"] = {PARTIAL: am.Segments(gap_status=(0, number))}
                await polled(live, live.script, item(PARTIAL, complete=False, upload_speed=number))
                await trio.sleep(3)
            assert [kind for _, kind, _ in socket._outbox._queue].count("topic") <= 4
            await quick.ask("getStats")
            assert records(quick)[-1] == "record 29"
        taking.set()
        await trio.sleep(10)
        await reader.send("getStats")
        while "requestId" not in await reader.get(*KINDS, "app-log-append", "downloads-update", "stats-update"):
            pass
        assert [each for each in records(reader) if each.startswith("record")] == [f"record {n}" for n in range(30)]
        gaps = [change["gapStatus"] for change in said(reader, PARTIAL) if "gapStatus" in change]
        assert gaps[-1] == [0, 29]
        assert len(gaps) < 6


def records(reader):
    return [record["message"] for each in reader.all if each["type"] == "app-log-append" for record in each["data"]]


def said(reader, hash):
    return [
        change
        for each in reader.all
        if each["type"] == "batch-update" and "delta" in each["data"]
        for change in each["data"]["delta"]["changed"]
        if change["hash"] == hash
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_replaying_gives_the_list_with_the_fields(live, autojump_clock, seed):
    """Items come, change and go, with their ranges; in the end every reader has what there is for it."""
    dice = random.Random(seed)
    readers = {}
    async with trio.open_nursery() as nursery:

        async def listen(user, *, task_status):
            live.wire.user = user
            replay = readers[user.name] = Replay()
            async with live.wire.socket(greeting=None) as reader:
                await reader.send("subscribe", channel="segmentData")
                task_status.started()
                while True:
                    assert replay.apply(await reader.get(*KINDS))

        for user in (LOCAL_ADMIN, OWNER, STRANGER):
            await nursery.start(listen, user)
        for _ in range(25):
            there = [number for number in range(12) if dice.random() < 0.7]
            own = [item(PARTIAL, complete=False)] if dice.random() < 0.7 else []
            live.script.answers["segments"] = {
                each: am.Segments(gap_status=(0, dice.randint(1, 3)))
                for each in [PARTIAL, *(f"{number:032x}" for number in there)]
                if dice.random() < 0.6
            }
            await polled(live, live.script, *own, *(item(f"{n:032x}", complete=False) for n in there))
            await trio.sleep(dice.choice([0, 0.2, 3]))
        await polled(
            live, live.script, item(PARTIAL, complete=False), *(item(f"{n:032x}", complete=False) for n in range(9))
        )
        await trio.sleep(10)
        expected = {f"{FIRST}:{hash}": each for hash, each in live.script.answers["segments"].items()}
        for user in (LOCAL_ADMIN, OWNER, STRANGER):
            replay = readers[user.name]
            full = json.loads(live.catalogue.view(user).full())["data"]
            await trio.testing.wait_all_tasks_blocked()
            items = {f"{each['instanceId']}:{each['hash']}": each for each in full["items"]}
            for key, each in items.items():
                if key in expected:
                    each |= {"gapStatus": list(expected[key].gap_status), "reqStatus": []}
            different = {key for key in items.keys() | replay.items if items.get(key) != replay.items.get(key)}
            assert different == set(), [(replay.items.get(key), items.get(key)) for key in different]
        nursery.cancel_scope.cancel()
