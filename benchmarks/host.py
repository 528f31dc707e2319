"""Measure the host: ticks, snapshots, small answers, memory. Run `python -m benchmarks.host`."""

import argparse
import json
import statistics
import time
import urllib.request
from typing import Any

import psutil

from .load import Sockets, requests_per_second
from .servers import running

ROUNDS = 5
OFTEN_S = 0.5
"""Seconds between polls where ticks are counted: oftener than in life, so that a short run has many."""
IN_LIFE_S = 2.0


def snapshot(port: int) -> dict[str, Any]:  # Any: JSON values
    """Read the snapshot."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/data/snapshot") as answer:
        data: dict[str, Any] = json.load(answer)["data"]
        return data


def seq(port: int) -> int:
    """Read the revision."""
    return int(snapshot(port)["seq"])


def cpu(process: psutil.Process) -> float:
    """Give the CPU seconds that a process has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def ticks(items: int, sockets: int, seconds: float) -> None:
    """CPU per tick and bytes per socket, while 1 % of the items change with every tick."""
    with running("ours", items, OFTEN_S) as (port, process):
        time.sleep(1)
        readers = Sockets(port, sockets)
        readers.open()
        readers.read(2)
        before, first = cpu(process), seq(port)
        received = readers.read(seconds)
        spent, count = cpu(process) - before, seq(port) - first
        memory = process.memory_info().rss / 2**20
        readers.close()
        print(
            f"{items:6} items, {sockets:3} sockets: {count} ticks, CPU per tick {spent / count * 1000:.2f} ms, "
            f"{received / count / sockets:,.0f} bytes per tick and socket, resident {memory:.0f} MB",
            flush=True,
        )


def interleaved(one: tuple[int, str], other: tuple[int, str], seconds: float) -> tuple[float, float, float]:
    """Measure two paths in turn; gives both medians of requests per second, and the median of the ratios."""
    pairs = [(requests_per_second(*one, seconds), requests_per_second(*other, seconds)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def snapshots(items: int, seconds: float) -> None:
    """Snapshot requests per second, against the same server answering fixed bytes of the same length."""
    with running("ours", items, IN_LIFE_S) as (port, _):
        time.sleep(1)
        snapshot(port)
        mine, fixed, ratio = interleaved((port, "/api/v1/data/snapshot"), (port, "/api/v1/bench/fixed"), seconds)
        print(f"{items:6} items: {mine:.0f} snapshots/s, {fixed:.0f} fixed answers/s, ratio {ratio:.2f}", flush=True)


def tiny(seconds: float) -> None:
    """The smallest JSON answer, against the same bytes from stock quart-trio on stock hypercorn."""
    with running("ours", 0, IN_LIFE_S) as (port, _), running("stock") as (stock_port, _):
        time.sleep(1)
        mine, stock, ratio = interleaved((port, "/health/live"), (stock_port, "/health/live"), seconds)
        print(f"smallest answer: {mine:.0f}/s, stock {stock:.0f}/s, ratio {ratio:.2f}", flush=True)


def main() -> None:
    """Run everything, or the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["ticks", "snapshots", "tiny"])
    parser.add_argument("--seconds", type=float, default=5)
    chosen = parser.parse_args()
    if "ticks" in chosen.parts:
        for items in (1000, 10_000):
            for sockets in (1, 100):
                ticks(items, sockets, chosen.seconds * 2)
    if "snapshots" in chosen.parts:
        for items in (1000, 10_000):
            snapshots(items, chosen.seconds)
    if "tiny" in chosen.parts:
        tiny(chosen.seconds)


if __name__ == "__main__":
    main()
