"""Speeds and transferred bytes over time. Source: http-api 10."""

from typing import Annotated

from msgspec import Meta, Struct

from ..history.metrics import HISTORY_STEPS, SPEED_STEPS, Figures, Range, summed
from ..model import camel
from .call import Call
from .declare import operation

SEES_STATISTICS = "view_statistics"


class MetricsRequest(Struct, frozen=True, kw_only=True, rename=camel):
    """Which range, and of which instances: ids with commas between them; none: of all."""

    range: Range = "24h"
    instance_ids: Annotated[str, Meta(description="instance ids with commas between them")] = ""


class Speeds(Struct, frozen=True, kw_only=True, rename=camel):
    """Mean speeds in bytes/s."""

    upload_speed: int
    download_speed: int


class SpeedPoint(Speeds, frozen=True, kw_only=True, rename=camel):
    """Mean speeds of a bucket that begins at `timestamp`, in ms."""

    timestamp: int
    networks: dict[str, Speeds]


class SpeedHistory(Struct, frozen=True, kw_only=True, rename=camel):
    """Speeds, oldest first: buckets of 15 s (24h), 15 min (7d), 1 h (30d) or 1 day (1y); empty ones are left out."""

    range: Range
    data: list[SpeedPoint]


class Transfer(Speeds, frozen=True, kw_only=True, rename=camel):
    """Mean speeds in bytes/s, and the bytes that were moved."""

    uploaded_delta: int
    downloaded_delta: int


class TransferPoint(Transfer, frozen=True, kw_only=True, rename=camel):
    """What was moved in a bucket that begins at `timestamp`, in ms."""

    timestamp: int
    networks: dict[str, Transfer]


class TransferHistory(Struct, frozen=True, kw_only=True, rename=camel):
    """Bytes, oldest first: buckets of 15 min (24h), 2 h (7d), 6 h (30d) or 1 day (1y); empty ones are left out."""

    range: Range
    data: list[TransferPoint]


class Summary(Struct, frozen=True, kw_only=True, rename=camel):
    """What was moved in all, the averages between the first and the last sample, and the highest samples."""

    total_uploaded: int
    total_downloaded: int
    avg_upload_speed: int
    avg_download_speed: int
    peak_upload_speed: int
    peak_download_speed: int


class TransferStats(Summary, frozen=True, kw_only=True, rename=camel):
    """The same, and for each network."""

    range: Range
    networks: dict[str, Summary]


class Dashboard(Struct, frozen=True, kw_only=True, rename=camel):
    """All three at once."""

    speed_data: SpeedHistory
    historical_data: TransferHistory
    historical_stats: TransferStats


@operation("getSpeedHistory", http="GET /api/metrics/speed-history", needs=SEES_STATISTICS, socket=False)
async def speed_history(request: MetricsRequest, call: Call) -> SpeedHistory:
    """Read the speeds of a range. They are sampled with each poll, at most 15 s apart, whether anybody looks or not."""
    total, networks = await _read(request, call, SPEED_STEPS[request.range])
    points = [
        SpeedPoint(
            timestamp=each.start,
            upload_speed=each.upload_speed,
            download_speed=each.download_speed,
            networks={name: _speeds(found[each.start]) for name, found in networks.items() if each.start in found},
        )
        for each in total
    ]
    return SpeedHistory(range=request.range, data=points)


@operation("getTransferHistory", http="GET /api/metrics/history", needs=SEES_STATISTICS, socket=False)
async def transfer_history(request: MetricsRequest, call: Call) -> TransferHistory:
    """Read what was moved in a range."""
    total, networks = await _read(request, call, HISTORY_STEPS[request.range])
    points = [
        TransferPoint(
            timestamp=each.start,
            upload_speed=each.upload_speed,
            download_speed=each.download_speed,
            uploaded_delta=each.uploaded,
            downloaded_delta=each.downloaded,
            networks={name: _transfer(found[each.start]) for name, found in networks.items() if each.start in found},
        )
        for each in total
    ]
    return TransferHistory(range=request.range, data=points)


@operation("getTransferStats", http="GET /api/metrics/stats", needs=SEES_STATISTICS, socket=False)
async def transfer_stats(request: MetricsRequest, call: Call) -> TransferStats:
    """Read the totals, averages and peaks of a range; all zero without data."""
    total, networks = await _read(request, call, HISTORY_STEPS[request.range])
    summaries = {name: _summary(summed(list(found.values()))) for name, found in networks.items()}
    whole = summed(total)
    return TransferStats(
        range=request.range,
        networks=summaries,
        total_uploaded=whole.uploaded,
        total_downloaded=whole.downloaded,
        avg_upload_speed=whole.upload_speed,
        avg_download_speed=whole.download_speed,
        peak_upload_speed=whole.upload_peak,
        peak_download_speed=whole.download_peak,
    )


@operation("getDashboard", http="GET /api/metrics/dashboard", needs=SEES_STATISTICS, socket=False)
async def dashboard(request: MetricsRequest, call: Call) -> Dashboard:
    """Read all three at once."""
    return Dashboard(
        speed_data=await speed_history(request, call),
        historical_data=await transfer_history(request, call),
        historical_stats=await transfer_stats(request, call),
    )


async def _read(request: MetricsRequest, call: Call, step: int) -> tuple[list[Figures], dict[str, dict[int, Figures]]]:
    """Give the buckets, and those of each network by their start."""
    metrics = call.host.metrics
    ids = [each.strip() for each in request.instance_ids.split(",") if each.strip()]
    for id in ids:
        call.instances.get(id)
    total, networks = await metrics.read(request.range, step, metrics.choose(list(dict.fromkeys(ids))))
    return total, {name: {each.start: each for each in found} for name, found in networks.items()}


def _speeds(figures: Figures) -> Speeds:
    return Speeds(upload_speed=figures.upload_speed, download_speed=figures.download_speed)


def _transfer(figures: Figures) -> Transfer:
    return Transfer(
        upload_speed=figures.upload_speed,
        download_speed=figures.download_speed,
        uploaded_delta=figures.uploaded,
        downloaded_delta=figures.downloaded,
    )


def _summary(figures: Figures) -> Summary:
    return Summary(
        total_uploaded=figures.uploaded,
        total_downloaded=figures.downloaded,
        avg_upload_speed=figures.upload_speed,
        avg_download_speed=figures.download_speed,
        peak_upload_speed=figures.upload_peak,
        peak_download_speed=figures.download_peak,
    )
