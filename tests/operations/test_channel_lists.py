"""Lists, statistics and new records of the log come to those who follow them and may see them."""

import trio
from operations.channels import FIRST, OWNER, STRANGER, UPLOADER, everything, hashes, polled, write
from operations.ed2k import PARTIAL, SHARED, item

import amutorrent as am
from amutorrent.accounts import LOCAL_ADMIN


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
