"""The routes of the metrics: their shape, empty ranges, and wrong queries."""

import msgspec
import pytest
from amutorrent_example.client import Example
from history.measuring import MULE, A, Stage
from operations.conftest import example
from operations.test_history import _store

from amutorrent.errors import InvalidRequest, NotFound

ACTIONS = ("getSpeedHistory", "getTransferHistory", "getTransferStats", "getDashboard")
ZERO = {
    "totalUploaded": 0,
    "totalDownloaded": 0,
    "avgUploadSpeed": 0,
    "avgDownloadSpeed": 0,
    "peakUploadSpeed": 0,
    "peakDownloadSpeed": 0,
}


@pytest.fixture
async def measured(nursery, tmp_path, wire_parts):
    """Run the operations over metrics whose polls a test makes."""
    stage = Stage(await _store(nursery, tmp_path))
    await stage.saved()
    rig = await wire_parts(nursery, {"example": Example}, [example("one")], metrics_for=lambda catalogue: stage.metrics)

    async def ask(action, **query):
        return msgspec.to_builtins(await rig.call(action, **query))

    stage.ask = ask
    return stage


async def test_what_was_measured(measured):
    await measured.poll(A, 0, 100, 10, moved=(1000, 0))
    await measured.poll(MULE, 2, 30, 30, moved=(0, 0))
    await measured.poll(A, 16, 200, 10, moved=(1600, 8))
    await measured.saved(40)
    start = int(measured.now * 1000) - 40_000
    speeds = await measured.ask("getSpeedHistory")
    assert speeds["range"] == "24h"
    assert speeds["data"][1] == {
        "timestamp": start + 15_000,
        "uploadSpeed": 230,
        "downloadSpeed": 40,
        "networks": {"bittorrent": {"uploadSpeed": 200, "downloadSpeed": 10}},
    }
    history = await measured.ask("getTransferHistory", range="30d")
    (only,) = history["data"]
    assert only["networks"].keys() == {"bittorrent", "ed2k"}
    assert (only["uploadedDelta"], only["downloadedDelta"], only["timestamp"]) == (600, 8, start)
    stats = await measured.ask("getTransferStats")
    assert stats.pop("networks")["ed2k"] == {**ZERO, "peakUploadSpeed": 30, "peakDownloadSpeed": 30}
    assert stats == {
        "range": "24h",
        "totalUploaded": 600,
        "totalDownloaded": 8,
        "avgUploadSpeed": 38,
        "avgDownloadSpeed": 0,
        "peakUploadSpeed": 230,
        "peakDownloadSpeed": 40,
    }
    assert await measured.ask("getDashboard") == {
        "speedData": speeds,
        "historicalData": await measured.ask("getTransferHistory"),
        "historicalStats": await measured.ask("getTransferStats"),
    }


@pytest.mark.parametrize("span", ["24h", "7d", "30d", "1y"])
async def test_nothing_yet(measured, span):
    assert await measured.ask("getSpeedHistory", range=span) == {"range": span, "data": []}
    assert await measured.ask("getTransferHistory", range=span) == {"range": span, "data": []}
    stats = await measured.ask("getTransferStats", range=span)
    assert stats == {"range": span, **ZERO, "networks": {"bittorrent": ZERO, "ed2k": ZERO}}
    assert (await measured.ask("getTransferStats", range=span, instanceIds="example-one"))["networks"] == {}


@pytest.mark.parametrize("action", ACTIONS)
async def test_wrong_queries(measured, action):
    with pytest.raises(InvalidRequest) as caught:
        await measured.ask(action, range="2h")
    assert caught.value.details["field"] == "range"
    with pytest.raises(NotFound) as unknown:
        await measured.ask(action, instanceIds="example-one,nonesuch")
    assert unknown.value.code == "instance_not_found"
