"""Ranges and peers of items come to those who follow them as fields of items they may see, and go with null."""

import json

import pytest
import trio
from operations.channels import FIRST, OWNER, SECOND, SEGMENTS, STRANGER, UPLOADER, everything, polled, supplement
from operations.ed2k import PARTIAL, SHARED, item

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN


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
