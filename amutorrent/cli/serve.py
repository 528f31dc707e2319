"""`amutorrent serve`: the daemon."""

import logging
import os
import signal
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import click
import trio

from ..datadir import DataDirectory
from ..log_ring import LogRing
from ..logs import Redaction, logging_to
from ..settings import Settings
from .options import data_dir_option, plugin_options, read_settings
from .process import give_back_large_blocks, spare_the_collector
from .running import run

STOP_S = 4.0
"""Seconds for an orderly end; then what still runs is cancelled."""
CANCEL_S = 0.5
"""Seconds for what was cancelled; a worker thread that hangs cannot be, and goes with the process."""
SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = logging.getLogger("amutorrent.daemon")


@click.command()
@data_dir_option
@click.option("--host", metavar="H", help="Address to listen on.")
@click.option("--port", metavar="N", help="Port to listen on.")
@click.option("--log-level", metavar="L", help="error, warn, info or debug.")
@click.option(
    "--first-client",
    metavar="TYPE",
    help="Begin with a client of this type, if there is no config.json yet and no variable names a client.",
)
@plugin_options
def serve(
    data_dir: Path | None,
    host: str | None,
    port: str | None,
    log_level: str | None,
    first_client: str | None,
    no_plugins: bool,
    without: tuple[str, ...],
) -> None:
    """Run the daemon until Ctrl-C or SIGTERM; a second one ends it at once."""
    for number in SIGNALS:
        signal.signal(number, _not_up_yet)
    flags: dict[str, str | int | None] = {"--host": host, "--port": port, "--log-level": log_level}
    settings = read_settings(data_dir, flags, plugins=not no_plugins, without=frozenset(without))
    directory = DataDirectory(settings.data_dir)
    directory.create()
    logs = Path(settings.directories.logs) if settings.directories.logs else directory.logs_path
    redaction = Redaction(settings.secrets)
    ring = LogRing(redaction)
    with directory.lock(), logging_to(logs, settings.server.log_level, redaction, ring):
        run(_serve, settings, not no_plugins, frozenset(without), ring, first_client)


def _not_up_yet(number: int, frame: object) -> NoReturn:
    """End a daemon that has not begun: there is nothing to close."""
    raise SystemExit(0)


async def _serve(
    settings: Settings, plugins: bool, without: frozenset[str], ring: LogRing, first_client: str | None
) -> None:
    """Run the daemon in a scope that the signals can end."""
    from ..daemon import Daemon

    stop = trio.Event()
    with trio.open_signal_receiver(*SIGNALS) as signals:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_stop_on_signal, signals, stop, nursery.cancel_scope)
            daemon = Daemon(settings, plugins=plugins, without=without, log_ring=ring, first_client=first_client)
            spare_the_collector()
            give_back_large_blocks()
            await daemon.run(stop)
            nursery.cancel_scope.cancel()


async def _stop_on_signal(signals: AsyncIterator[int], stop: trio.Event, everything: trio.CancelScope) -> None:
    """Ask for an orderly end on the first signal; end at once on the second, or when it takes too long."""
    await anext(signals)
    log.info("Stopping")
    threading.Thread(target=_end_late, name="end", daemon=True).start()
    stop.set()
    with trio.move_on_after(STOP_S):
        await anext(signals)
        _end_now(1)
    everything.cancel()


def _end_late() -> None:
    time.sleep(STOP_S + CANCEL_S)
    _end_now(0)


def _end_now(code: int) -> NoReturn:
    """Leave without waiting for anything, such as a worker thread that hangs; the data is safe at every moment."""
    os._exit(code)
