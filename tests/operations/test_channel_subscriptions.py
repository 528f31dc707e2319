"""A channel is followed by a socket that may, not without bound, until it leaves, may no longer, or closes."""

import pytest
import trio
from operations.channels import FIRST, NOBODY, OWNER, SECOND, SEGMENTS, everything, hashes, supplement, write
from operations.ed2k import PARTIAL, SHARED, item

import amutorrent as am
from amutorrent.errors import InvalidRequest


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
