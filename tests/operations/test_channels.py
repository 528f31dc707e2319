"""Channels: what comes, to whom, in which order, and when it ends."""

import json
import logging
import random

import pytest
import trio
import trio.testing
from operations.ed2k import PARTIAL, SHARED, item
from operations.wire import Reader

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN
from amutorrent.errors import InvalidRequest
from amutorrent.replay import Replay
from amutorrent.web import outbox

FIRST, SECOND = "ed2k-0", "ed2k-1"
RIGHTS = frozenset({"view_shared", "view_uploads", "view_logs"})
OWNER = am.User(id=1, name="owner", is_admin=False, permissions=RIGHTS)
STRANGER = am.User(id=2, name="stranger", is_admin=False, permissions=RIGHTS)
NOBODY = am.User(id=3, name="nobody", is_admin=False)
SEGMENTS = {PARTIAL: am.Segments(gap_status=(0, 99, 500, 999), req_status=(0, 9))}
UPLOADER = am.Peer(id="up", role="upload", upload_rate=5)


@pytest.fixture
async def live(ed2k, nursery):
    """Let the list be published, and channels be supplied; the client whose items change all the time is left out."""
    await ed2k.instances.configure([each.config for each in ed2k.instances.all() if each.id != "example-one"])
    nursery.start_soon(ed2k.catalogue.run)
    nursery.start_soon(ed2k.wire.app.run)
    await ed2k.catalogue.owners.claim(OWNER, [(FIRST, PARTIAL)])
    ed2k.catalogue.publish()
    return ed2k


async def supplement(reader):
    """Take the next delta that is outside the sequence; gives what it says of each item."""
    with trio.fail_after(300):
        while "seq" in (found := (await reader.get("batch-update"))["data"]).get("delta", found):
            pass
    assert set(found) == {"stats", "delta"}
    assert (found["delta"]["added"], found["delta"]["removed"]) == ([], [])
    return {(each.pop("instanceId"), each.pop("hash")): each for each in found["delta"]["changed"]}


async def polled(live, script, *items):
    """Let a client report these items now."""
    script.items = list(items)
    live.instances.poke([FIRST, SECOND])
    await trio.sleep(1)


# -- asking


@pytest.mark.parametrize(
    ("fields", "code", "details"),
    [
        ({}, "validation_error", {"field": "channel"}),
        ({"channel": 7}, "validation_error", {"field": "channel"}),
        ({"channel": "stats", "fileHash": SHARED}, "validation_error", {"field": "fileHash"}),
        ({"channel": "peers", "fileHash": "x"}, "validation_error", {"field": "fileHash"}),
        ({"channel": "peers", "fileHash": SHARED}, "ambiguous_hash", {"instanceIds": [FIRST, SECOND]}),
        ({"channel": "peers", "fileHash": "c" * 32}, "item_not_found", {"fileHash": "c" * 32}),
        ({"channel": "peers", "fileHash": SHARED, "instanceId": "x"}, "instance_not_found", {"instanceId": "x"}),
    ],
)
async def test_a_wrong_request_follows_nothing(live, autojump_clock, fields, code, details):
    async with live.wire.socket() as reader:
        reply = await reader.ask("subscribe", **fields)
        assert (reply["code"], reply["details"]) == (code, details)
        (socket,) = live.wire.app._hub._readers
        assert socket.topics == {}


async def test_an_unknown_channel_is_not_found_and_says_which_there_are(live, autojump_clock):
    async with live.wire.socket() as reader:
        for action in ("subscribe", "unsubscribe"):
            reply = await reader.ask(action, channel="nothing")
            assert (reply["type"], reply["code"]) == ("error", "not_found")
            assert "segmentData" in reply["details"]["channels"]


async def test_a_channel_needs_the_permission_of_its_action(live, autojump_clock):
    live.wire.user = NOBODY
    async with live.wire.socket(greeting=3) as reader:
        found = {
            channel: (await reader.ask("subscribe", channel=channel)).get("code")
            for channel in ("segmentData", "peers", "log", "downloads", "uploads", "shared", "stats")
        }
        refused = {channel for channel, code in found.items() if code}
        assert refused == {"log", "uploads", "shared"}
        assert {found[channel] for channel in refused} == {"forbidden"}
        reply = await reader.ask("subscribe", channel="peers", fileHash=PARTIAL, instanceId=FIRST)
        assert reply["code"] == "item_not_found"


async def test_only_a_socket_follows_and_not_without_bound(live, autojump_clock):
    with pytest.raises(InvalidRequest):
        await live.call("subscribe", channel="stats")
    live.script.items = [item(f"{number:032x}", complete=True) for number in range(70)]
    live.instances.poke([FIRST])
    await trio.sleep(1)
    async with live.wire.socket() as reader:
        codes = [
            (await reader.ask("subscribe", channel="peers", fileHash=f"{number:032x}", instanceId=FIRST)).get("code")
            for number in range(66)
        ]
        assert codes == [None] * 64 + ["already_exists"] * 2


# -- lists


async def test_a_list_comes_after_the_reply_and_then_only_when_it_changed(live, autojump_clock):
    async with live.wire.socket() as reader:
        assert await reader.ask("subscribe", channel="downloads") == {"type": "subscribed", "channel": "downloads"}
        assert reader.before == []
        first = await reader.get("downloads-update")
        assert first == await reader.ask("getDownloads")
        reader.all = []
        await polled(live, live.script, item(PARTIAL, complete=False), item(SHARED, complete=True, upload_speed=7))
        await trio.sleep(20)
        assert "downloads-update" not in {each["type"] for each in await everything(reader)}
        await polled(live, live.script, item(SHARED, complete=True))
        while PARTIAL in hashes(await reader.get("downloads-update"), FIRST):
            pass
        assert (await reader.ask("unsubscribe", channel="downloads"))["type"] == "unsubscribed"
        reader.all = []
        await polled(live, live.script, item(PARTIAL, complete=False), item(SHARED, complete=True))
        await trio.sleep(10)
        assert "downloads-update" not in {each["type"] for each in await everything(reader)}


def hashes(message, instance):
    return {each["hash"] for each in message["data"] if each["instanceId"] == instance}


async def everything(reader):
    """Take all that was sent so far."""
    await reader.ask("getStats")
    found, reader.all = reader.all, []
    return found


@pytest.fixture(autouse=True)
def _remember(monkeypatch):
    """Let readers remember every message that `ask` passed over."""
    get = Reader.get

    async def remembering(self, *kinds):
        found = await get(self, *kinds)
        self.all = [*getattr(self, "all", ()), found]
        return found

    monkeypatch.setattr(Reader, "get", remembering)


async def test_shared_uploads_and_stats_come_to_who_may_see_them(live, autojump_clock):
    live.script.answers["peers"] = [UPLOADER]
    await polled(live, live.script, item(PARTIAL, complete=False, upload_speed=5), item(SHARED, complete=True))
    for user, count in ((LOCAL_ADMIN, 1), (OWNER, 1), (STRANGER, 0)):
        live.wire.user = user
        async with live.wire.socket(greeting=None) as reader:
            for channel in ("shared", "uploads", "stats"):
                await reader.ask("subscribe", channel=channel)
            await trio.sleep(5)
            assert await reader.ask("getShared") == last(reader, "shared-update")
            uploads = last(reader, "uploads-update")
            assert [each["parentHash"] for each in uploads["data"]] == [PARTIAL] * count
            assert last(reader, "stats-update") == await reader.ask("getStats")
            live.script.answers["peers"] = [UPLOADER, am.Peer(id="other", role="upload")]
            await trio.sleep(30)
            await reader.ask("getStats")
            assert len(last(reader, "uploads-update")["data"]) == 2 * count
            live.script.answers["peers"] = [UPLOADER]
            await trio.sleep(30)


def last(reader, kind):
    return [each for each in reader.all if each["type"] == kind][-1]


# -- fields of items


async def test_ranges_come_to_who_follows_them_and_go_with_null(live, autojump_clock):
    live.script.answers["segments"] = SEGMENTS
    async with live.wire.socket() as reader, live.wire.socket() as other:
        await reader.ask("subscribe", channel="segmentData")
        assert await supplement(reader) == {(FIRST, PARTIAL): {"gapStatus": [0, 99, 500, 999], "reqStatus": [0, 9]}}
        asked = live.script.asked.count(("segments",))
        live.script.answers["segments"] = {PARTIAL: am.Segments(gap_status=(0, 99))}
        await polled(live, live.script, item(PARTIAL, complete=False, upload_speed=1))
        assert await supplement(reader) == {(FIRST, PARTIAL): {"gapStatus": [0, 99], "reqStatus": []}}
        live.script.answers["segments"] = {}
        assert await supplement(reader) == {(FIRST, PARTIAL): {"gapStatus": None, "reqStatus": None}}
        assert asked < live.script.asked.count(("segments",)) < 20
        await other.ask("getStats")
        assert not [each for each in other.all if each["type"] == "batch-update" and "seq" not in str(each)]
        await reader.ask("unsubscribe", channel="segmentData")
        await trio.sleep(3)
        before = live.script.asked.count(("segments",))
        await trio.sleep(60)
        assert live.script.asked.count(("segments",)) == before


async def test_ranges_of_items_that_do_not_exist_for_somebody_do_not_come(live, autojump_clock):
    live.script.answers["segments"] = {**SEGMENTS, SHARED: am.Segments(gap_status=(1, 2)), "f" * 32: am.Segments()}
    for user, expected in ((LOCAL_ADMIN, {PARTIAL, SHARED}), (OWNER, {PARTIAL})):
        live.wire.user = user
        async with live.wire.socket(greeting=None) as reader:
            await reader.ask("subscribe", channel="segmentData")
            assert {hash for _, hash in await supplement(reader)} == expected
    live.wire.user = STRANGER
    async with live.wire.socket(greeting=None) as reader:
        await reader.ask("subscribe", channel="segmentData")
        await trio.sleep(30)
        assert PARTIAL not in json.dumps(await everything(reader))


async def test_a_full_form_is_followed_by_the_fields_again(live, autojump_clock):
    live.script.answers["segments"] = SEGMENTS
    async with live.wire.socket() as reader:
        await reader.ask("subscribe", channel="segmentData")
        first = await supplement(reader)
        await reader.send("requestFullSnapshot")
        assert await supplement(reader) == first
        many = [item(f"{number:032x}", complete=False) for number in range(30)]
        await polled(live, live.script, item(PARTIAL, complete=False), *many)
        assert await supplement(reader) == first
        await polled(live, live.script, *many)
        await polled(live, live.script, item(PARTIAL, complete=False), *many)
        assert await supplement(reader) == first


@pytest.mark.parametrize(
    "answer", ["for ever", am.Unreachable("gone"), am.ClientFailed("No"), 7, KeyError("x"), {PARTIAL: 7}]
)
async def test_a_client_that_fails_to_tell_costs_its_own_ranges_alone(live, autojump_clock, answer):
    live.script.answers["segments"] = answer
    live.other.answers["segments"] = SEGMENTS
    async with live.wire.socket() as reader:
        await reader.ask("subscribe", channel="segmentData")
        assert set(await supplement(reader)) == {(SECOND, PARTIAL)}
        live.script.answers["segments"] = SEGMENTS
        assert set(await supplement(reader)) == {(FIRST, PARTIAL)}


async def test_peers_of_one_item_and_of_all_that_upload(live, autojump_clock):
    live.script.answers["peers"] = [UPLOADER, am.Peer(id="down", role="download")]
    live.wire.user = OWNER
    async with live.wire.socket(greeting=None) as reader:
        await reader.ask("subscribe", channel="peers", fileHash=PARTIAL)
        told = await supplement(reader)
        assert [each["id"] for each in told[FIRST, PARTIAL]["peers"]] == ["up", "down"]
        live.script.answers["peers"] = ()
        assert await supplement(reader) == {(FIRST, PARTIAL): {"peers": []}}
        await reader.ask("unsubscribe", channel="peers", fileHash=PARTIAL.upper())
        (socket,) = live.wire.app._hub._readers
        assert socket.topics == {}
        live.script.answers["peers"] = [UPLOADER]
        await reader.ask("subscribe", channel="peers")
        await polled(
            live,
            live.script,
            item(PARTIAL, complete=False, upload_speed=5),
            item(SHARED, complete=True, upload_speed=5),
        )
        assert [list(each) for each in (await supplement(reader)).values()] == [["peers"]]
        await polled(live, live.script, item(PARTIAL, complete=False), item(SHARED, complete=True))
        assert await supplement(reader) == {(FIRST, PARTIAL): {"peers": None}}


# -- the log


def write(live, message):
    live.parts.log_ring.handle(logging.LogRecord("amutorrent.web", logging.INFO, "", 0, message, (), None))


async def test_new_records_come_to_who_follows_the_log(live, autojump_clock):
    write(live, "before")
    live.wire.user = STRANGER
    async with live.wire.socket(greeting=None) as reader, live.wire.socket(greeting=None) as other:
        await reader.ask("subscribe", channel="log")
        await trio.to_thread.run_sync(write, live, "one")
        write(live, "two")
        told = await reader.get("app-log-append")
        assert list(told) == ["type", "data"]
        assert set(told["data"][0]) == {"ts", "level", "source", "message"}
        found = [each["message"] for each in told["data"]]
        while "two" not in found:
            found += [each["message"] for each in (await reader.get("app-log-append"))["data"]]
        assert found == ["one", "two"]
        for number in range(1000):
            write(live, str(number))
        told = await reader.get("app-log-append")
        assert [each["message"] for each in told["data"]] == [str(number) for number in range(500, 1000)]
        await other.ask("getStats")
        assert "app-log-append" not in [each["type"] for each in other.all]


async def test_what_somebody_may_no_longer_follow_ends_and_is_said(live, autojump_clock):
    live.wire.user = OWNER
    async with live.wire.socket(greeting=None) as reader:
        for channel in ("log", "shared", "uploads", "stats"):
            await reader.ask("subscribe", channel=channel)
        await trio.sleep(1)
        (socket,) = live.wire.app._hub._readers
        socket.become(am.User(id=1, name="owner", is_admin=False, permissions=frozenset({"view_shared"})))
        ended = [await reader.get("unsubscribed") for _ in range(2)]
        assert sorted(each["channel"] for each in ended) == ["log", "uploads"]
        write(live, "unseen")
        await trio.sleep(5)
        assert "app-log-append" not in [each["type"] for each in await everything(reader)]
        assert {topic.channel for topic in socket.topics} == {"shared", "stats"}
        socket.become(am.User(id=1, name="owner", is_admin=True))
        while len(hashes(await reader.get("shared-update"), FIRST)) != 2:  # another class: it is told anew
            pass


async def test_subscriptions_end_with_the_socket(live, autojump_clock):
    live.script.answers["segments"] = SEGMENTS
    async with live.wire.socket() as reader:
        await reader.ask("subscribe", channel="segmentData")
        await supplement(reader)
    await trio.sleep(5)
    before = list(live.script.asked)
    await trio.sleep(60)
    assert live.script.asked == before
    assert live.wire.app._hub.channels._facets == {}


# -- slow ones


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


# -- the property


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


KINDS = ("connected", "connection-status", "search-lock", "batch-update", "subscribed", "categories-update")
