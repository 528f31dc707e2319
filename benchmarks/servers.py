"""The servers that are measured, each in a process of its own: ours, and stock quart-trio on stock hypercorn."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING

import psutil
import trio

from .holds import tell_holds

if TYPE_CHECKING:
    from amutorrent import Instances

TINY = b'{"status":"ok"}'


@contextmanager
def running(
    what: str, *args: object, module: str = "benchmarks.servers", errors: IO[bytes] | None = None
) -> Iterator[tuple[int, psutil.Process]]:
    """Run `python -m MODULE WHAT PORT ARGS` until the context ends; gives its port and process.

    What it says on its standard error goes to `errors`, if that is given.
    """
    port = free_port()
    command = [sys.executable, "-m", module, what, str(port), *map(str, args)]
    with subprocess.Popen(command, cwd=Path(__file__).parent.parent, stderr=errors) as process:
        try:
            wait_for(port)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing came up on port {port}")


async def ours(port: int, items: int, poll_s: float, renewed: int = 0) -> None:
    """Run the real daemon with one synthetic client, polled as often as the measurement wants it."""
    client: dict[str, object] = {"type": "synthetic", "items": items, "changing": items // 100, "renewed": renewed}
    plugin = metadata.EntryPoint("synthetic", "benchmarks.synthetic", "amutorrent")
    await serve(port, [client], poll_s, [plugin])


async def serve(
    port: int,
    clients: list[dict[str, object]],
    poll_s: float | None = None,
    entry_points: list[metadata.EntryPoint] | None = None,
    log_level: str = "error",
    plugins: dict[str, object] | None = None,
    data_dir: str = "",
    database_url: str = "",
) -> None:
    """Run the real daemon as `amutorrent serve` does, with every plugin that is installed unless some are named.

    Its clients are polled as they are in life, or as often as `poll_s` says. It begins with nothing, unless there is
    something in `data_dir` or at `database_url`.
    """
    from amutorrent.cli.process import give_back_large_blocks, spare_the_collector
    from amutorrent.daemon import Daemon
    from amutorrent.settings import Settings

    with nullcontext(data_dir) if data_dir else tempfile.TemporaryDirectory() as folder:
        server = {"port": port, "logLevel": log_level, "auth": {"enabled": False}}
        config = {"version": "1.0", "server": server, "clients": clients, "plugins": plugins or {}}
        config["database"] = {"url": database_url}
        (Path(folder) / "config.json").write_text(json.dumps(config))
        daemon = Daemon(Settings(Path(folder)), entry_points=entry_points)
        spare_the_collector()
        give_back_large_blocks()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(daemon.run, trio.Event())
            if poll_s is not None:
                nursery.start_soon(poll_every, poll_s, daemon.instances)
            await tell_holds(begin=poll_s is None)
            longest_s = daemon.watchdog.statistics().longest_s
            print(f"longest hold of the loop from start to end: {longest_s * 1000:.1f} ms", flush=True)
            nursery.cancel_scope.cancel()


async def poll_every(seconds: float, instances: "Instances") -> None:
    """Poll as often as the measurement wants it; each poll changes 1 % of the items."""
    while True:
        await trio.sleep(seconds)
        instances.poke([each.id for each in instances.all()])


async def stock(port: int) -> None:
    """Answer the tiny JSON from an untouched quart-trio on an untouched hypercorn."""
    from hypercorn.config import Config
    from hypercorn.trio import serve
    from quart import Response
    from quart_trio import QuartTrio

    app = QuartTrio("stock")

    @app.get("/health/live")
    async def live() -> Response:
        return Response(TINY, content_type="application/json")

    config = Config()
    config.bind, config.accesslog = [f"127.0.0.1:{port}"], None
    await serve(app, config)


if __name__ == "__main__":
    os.environ.pop("AMUTORRENT_DATA_DIR", None)
    which, listen_on = sys.argv[1], int(sys.argv[2])
    if which == "ours":
        trio.run(ours, listen_on, int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else 0)
    elif which == "clients":
        trio.run(serve, listen_on, json.loads(sys.argv[3]))
    else:
        trio.run(stock, listen_on)
