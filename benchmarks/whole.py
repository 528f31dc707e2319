"""Whole requests: the daemon over a database that another benchmark has filled, asked over HTTP."""

import http.client
import statistics
import sys
import time
from collections.abc import Sequence
from importlib import metadata

import trio

from .servers import running, serve

TIMES = 9


def ask(data_dir: str, database_url: str, ids: Sequence[str], paths: Sequence[str]) -> None:
    """Ask each path a few times over one connection, and print how long that took.

    The daemon has a client of each id, without items.
    """
    with running("serve", data_dir, database_url or "-", ",".join(ids), module="benchmarks.whole") as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=100)
        while _get(connection, "/health/ready")[0] != 200:
            time.sleep(0.2)
        for path in paths:
            took, length = [], 0
            for _ in range(TIMES):
                began = time.perf_counter()
                status, length = _get(connection, path)
                took.append((time.perf_counter() - began) * 1000)
                assert status == 200, f"{path}: {status}"
            middle, longest = statistics.median(took), max(took)
            print(f"GET {path:72} {middle:7.1f} ms, longest {longest:7.1f} ms, {length / 1000:7.1f} kB", flush=True)


def _get(connection: http.client.HTTPConnection, path: str) -> tuple[int, int]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, len(answer.read())


async def daemon(port: int, data_dir: str, database_url: str, ids: str) -> None:
    """Run the daemon over a database."""
    clients: list[dict[str, object]] = [
        {"type": "synthetic", "id": each, "items": number, "changing": 0} for number, each in enumerate(ids.split(","))
    ]
    plugin = metadata.EntryPoint("synthetic", "benchmarks.synthetic", "amutorrent")
    await serve(port, clients, 600, [plugin], data_dir=data_dir, database_url=database_url.strip("-"))


if __name__ == "__main__":
    trio.run(daemon, int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5])
