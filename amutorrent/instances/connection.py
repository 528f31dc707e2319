"""An open client, and the calls that are made on it. Source: design 3."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from math import inf
from pathlib import Path
from typing import TypeVar

import trio

from ..capabilities import Capability, capabilities_of
from ..client import Changes, Client, ClientSettings, Probe, RunSync, Services
from ..errors import DeadlineExceeded, Unreachable, Unsupported
from ..trackers import load_suffixes
from .facts import checked_changes, checked_probe

OPEN_S = 20.0
PROBE_S = 10.0
FIRST_POLL_S = 120.0
"""For a client's first answer, which tells everything: a small machine with many files needs its time."""
POLL_S = 30.0
CLOSE_S = 5.0
COMMAND_S = 30.0
READ_S = 10.0

Log = logging.LoggerAdapter[logging.Logger]
C = TypeVar("C", bound=Capability)
T = TypeVar("T")


class Connection:
    """A client that is open. Commands run beside the poll; they end when it closes."""

    def __init__(self, client: Client, probe: Probe) -> None:
        self.client = client
        self.version = probe.version
        self._parts = {
            name: part
            for part in client.parts
            for name, kind in capabilities_of(part).items()
            if kind not in probe.missing
        }
        self._calls: set[trio.CancelScope] = set()
        self._polled = False
        self._closed = False
        self._quiet = trio.Event()

    @property
    def capabilities(self) -> frozenset[str]:
        """Their names on the wire."""
        return frozenset(self._parts)

    async def poll(self) -> Changes:
        """Ask for changes, within the deadline for polls; the first one has a longer one."""
        with within(POLL_S if self._polled else FIRST_POLL_S, "a poll"):
            changes = await self.client.poll()
        self._polled = True
        return checked_changes(changes)

    async def call(self, kind: type[C], method: Callable[[C], Awaitable[T]], deadline_s: float = COMMAND_S) -> T:
        """Call a capability. Raises `Unsupported`, `DeadlineExceeded`, or `Unreachable` if the client closes."""
        part = self._parts.get(kind.capability)
        if not isinstance(part, kind):
            raise Unsupported(kind.capability)
        return await self.during(lambda: method(part), deadline_s)

    async def during(self, work: Callable[[], Awaitable[T]], deadline_s: float) -> T:
        """Run something for as long as the client is open, and within a deadline."""
        if self._closed:
            raise Unreachable("The client was disconnected")
        with trio.CancelScope(deadline=trio.current_time() + deadline_s) as scope:
            self._calls.add(scope)
            try:
                return await work()
            finally:
                self._calls.discard(scope)
                if self._closed and not self._calls:
                    self._quiet.set()
        if self._closed:
            raise Unreachable("The client was disconnected")
        raise DeadlineExceeded(f"The client did not answer within {deadline_s:.0f} s")

    async def end_calls(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
        self._closed = True
        for scope in self._calls:
            scope.cancel()
        if self._calls:
            await self._quiet.wait()


@contextmanager
def within(seconds: float, what: str) -> Iterator[None]:
    """Raise `DeadlineExceeded`, naming what was too slow, if the body takes longer."""
    with trio.move_on_after(seconds) as scope:
        yield
    if scope.cancelled_caught:
        raise DeadlineExceeded(f"No answer to {what} within {seconds:.0f} s")


@asynccontextmanager
async def connect(
    kind: type[Client],
    settings: ClientSettings | None,
    instance_id: str,
    log: Log,
    run_sync: RunSync,
    local_path: Callable[[str], str] = str,
    folder: Path | None = None,
) -> AsyncIterator[Connection]:
    """Open a client, ask it what it is, and close it again within deadlines of their own.

    The deadline lies around all of it and is put off while the client is open: a cancel scope may not end inside
    the scopes that the plugin opened after it.
    """
    with trio.CancelScope(deadline=trio.current_time() + OPEN_S) as scope:
        async with trio.open_nursery() as nursery:
            await run_sync(load_suffixes)  # here, since the first item would hold the loop for it
            services = Services(
                instance_id=instance_id,
                log=log,
                nursery=nursery,
                run_sync=run_sync,
                local_path=local_path,
                folder=folder,
            )
            async with kind.open(settings, services) as client:
                scope.deadline = inf
                with within(PROBE_S, "the question for its version"):
                    probe = await client.probe()
                connection = Connection(client, checked_probe(probe))
                try:
                    yield connection
                finally:
                    scope.deadline = trio.current_time() + CLOSE_S
                    await connection.end_calls()
            nursery.cancel_scope.cancel()
    if scope.cancelled_caught:
        raise DeadlineExceeded(f"No connection within {OPEN_S:.0f} s")
