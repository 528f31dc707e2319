"""All client plugins at once in one real daemon: qBittorrent and rTorrent with 5,000 torrents each, aMule with 20,000
shared files, 1 % of each changing from poll to poll, and ten sockets that read.

Run `python -m benchmarks.everything`: a minute of steady state after the first list. The answers of the clients are
replayed by processes of their own, as in the benchmarks of the plugins.
"""

import argparse
import json
import signal
import time
import urllib.request
from contextlib import ExitStack
from typing import Any

import psutil

from .host import cpu, snapshot
from .load import Sockets
from .servers import running

CLIENTS: dict[str, tuple[int, dict[str, object]]] = {
    "qbittorrent": (5000, {}),
    "rtorrent": (5000, {"mode": "scgi"}),
    "amule": (20_000, {"password": "secret"}),
}
SOCKETS = 10
SETTLE_S = 5.0
FIRST_POLLS_S = 60.0


def replayed(stack: ExitStack) -> list[dict[str, object]]:
    """Start what replays the clients; gives our daemon's settings of them."""
    clients: list[dict[str, object]] = []
    for type, (items, settings) in CLIENTS.items():
        port, _ = stack.enter_context(running("serve", items, module=f"benchmarks.{type}"))
        clients.append({"type": type, "name": type, "host": "127.0.0.1", "port": port, **settings})
    return clients


def instances(port: int) -> dict[str, Any]:  # Any: JSON values
    """List the instances by their type."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/clients/instances") as answer:
        return {each["type"]: each for each in json.load(answer)["data"]}


def wait_for_all(port: int) -> None:
    """Wait until the first poll of every client is in the list."""
    until = time.perf_counter() + FIRST_POLLS_S
    while any(each["state"] != "online" for each in instances(port).values()):
        if time.perf_counter() > until:
            raise SystemExit(f"not online within {FIRST_POLLS_S:.0f} s: {instances(port)}")
        time.sleep(0.1)


def steady(port: int, process: psutil.Process, seconds: float) -> None:
    """Print what a while of steady state costs."""
    sockets = Sockets(port, SOCKETS)
    sockets.open()
    sockets.read(SETTLE_S)
    process.send_signal(signal.SIGUSR1)  # so far the holds of the loop were watched
    before = cpu(process)
    received = sockets.read(seconds)
    spent, memory = cpu(process) - before, process.memory_info().rss / 2**20
    process.send_signal(signal.SIGUSR1)
    sockets.read(seconds / 2)
    polls = ", ".join(f"{type} {each['lastPollMs']} ms" for type, each in instances(port).items())
    sockets.close()
    print(
        f"steady state: CPU {spent / seconds * 1000:.0f} ms per second, resident {memory:.0f} MB, "
        f"{received / SOCKETS / seconds:,.0f} bytes per second and socket; "
        f"polls last {polls}",
        flush=True,
    )


def main() -> None:
    """Measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        clients = replayed(stack)
        began = time.perf_counter()
        port, process = stack.enter_context(running("clients", json.dumps(clients)))
        up = time.perf_counter() - began
        wait_for_all(port)
        first = time.perf_counter() - began
        spent, length = cpu(process), len(snapshot(port)["items"])
        print(f"start: listening after {up:.1f} s, {length} items after {first:.1f} s, CPU {spent:.1f} s", flush=True)
        steady(port, process, chosen.seconds)


if __name__ == "__main__":
    main()
