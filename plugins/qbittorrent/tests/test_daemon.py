"""The daemon's version, what it can do, its log and its speed limits are told as they are."""

import pytest

import amutorrent as am

pytestmark = [pytest.mark.daemon, pytest.mark.slow]


async def test_probe_and_capabilities(watched):
    assert (await watched.client.probe()) == am.Probe(version="4.5.2")
    assert set(am.capabilities_of(*watched.client.parts)) == {
        "addMagnet",
        "addTorrentFile",
        "apiDeletesFiles",
        "categories",
        "customSavePath",
        "filePriority",
        "files",
        "logs",
        "moveActiveDownloads",
        "moveData",
        "nativeMove",
        "peers",
        "pieceMap",
        "reannounce",
        "recheck",
        "remove",
        "removeWithFiles",
        "rename",
        "setCategory",
        "speedLimits",
        "stop",
        "tags",
        "trackers",
    }


async def test_the_log(watched):
    lines = await watched.part(am.Logs).log_lines()
    assert any(line.endswith(": qBittorrent v4.5.2 started") for line in lines)
    assert list(await watched.part(am.Logs).log_lines())[: len(lines)] == list(lines)


async def test_limits_both_ordinary_ones_also_while_the_alternative_ones_are_in_force(watched):
    part = watched.part(am.SpeedLimits)
    assert await part.set_speed_limits(download=1_500_000) == am.Limits(download=1_499_136, upload=0, alternative=False)
    assert (await part.set_speed_limits(alternative=True)).alternative
    now = await part.set_speed_limits(upload=1, alternative=True)
    assert now == am.Limits(download=1_499_136, upload=1024, alternative=True)
    await watched.until(lambda: watched.seen[-1].speed_limits == now)
    none = await part.set_speed_limits(download=0, upload=0, alternative=False)
    assert none == am.Limits(download=0, upload=0, alternative=False)
    await watched.until(lambda: watched.seen[-1].speed_limits == none)
