"""`amutorrent watch`: the list of a running daemon, live in the terminal."""

import signal
import sys

import click
import trio

from ..replay import Replay
from .options import daemon_options
from .running import run

REDRAW_S = 0.25


@click.command()
@daemon_options
def watch(url: str, api_key: str | None) -> None:
    """Watch the list of a running daemon until Ctrl-C.

    A table in a terminal; elsewhere a line for every change of status and every five per cent.
    """
    run(_watch, url, api_key, sys.stdout.isatty())


async def _watch(url: str, api_key: str | None, terminal: bool) -> None:
    from .feed import follow  # late: only this command needs the library

    shown = _Screen() if terminal else _Lines()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(shown.run)
        nursery.start_soon(follow, url, api_key, shown.replay, shown.tell)
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            await anext(signals)
        nursery.cancel_scope.cancel()
    shown.end()


class _Lines:
    """Prints line by line."""

    def __init__(self) -> None:
        from .plain import PlainLines

        self.replay = Replay()
        self._plain = PlainLines()

    async def run(self) -> None:
        """There is nothing to do between two messages."""

    def tell(self, problem: str | None) -> None:
        """Print what has changed."""
        for line in self._plain.lines(self.replay):
            click.echo(line)
        if problem:
            click.echo(problem, err=True)

    def end(self) -> None:
        """Print the last summary."""
        from .plain import summary

        click.echo(summary(self.replay))


class _Screen:
    """Redraws a table, at most a few times a second."""

    def __init__(self) -> None:
        self.replay = Replay()
        self._problem: str | None = None
        self._changed = trio.Event()

    async def run(self) -> None:
        """Draw until cancelled; the terminal is as before then."""
        from rich.console import Console
        from rich.live import Live

        from .screen import picture

        console = Console()
        with Live(console=console, screen=True, auto_refresh=False) as live:
            while True:
                live.update(picture(self.replay, console, self._problem), refresh=True)
                await trio.sleep(REDRAW_S)
                with trio.move_on_after(1):  # also when the window has another size
                    await self._changed.wait()
                self._changed = trio.Event()

    def tell(self, problem: str | None) -> None:
        """Note that something has changed."""
        self._problem = problem
        self._changed.set()

    def end(self) -> None:
        """Leave nothing behind."""
