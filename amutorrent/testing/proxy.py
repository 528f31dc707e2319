"""A proxy in front of a real daemon that makes the faults of a real network. Source: design 8.

The fault is set while the proxy runs, and holds for the connections that are open as well as for new ones.
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import trio

from .faults import PASS, Fault, Garbler

CHUNK = 65536
REMEMBERED = 1 << 20

Upstream = tuple[str, int] | str
"""(host, port), or the path of a Unix socket."""


@dataclass(frozen=True)
class ProxyStatistics:
    """Connections that were accepted and that are open, and the bytes that came through each way."""

    accepted: int
    open: int
    to_daemon: int
    from_daemon: int


class FaultProxy:
    """Listens on `host`:`port` and passes bytes on to a daemon, as far as `fault` lets it."""

    def __init__(self, upstream: Upstream, host: str, port: int) -> None:
        self._upstream = upstream
        self._listener = _listen(host, port)
        self._address: tuple[str, int] = self._listener.getsockname()
        self._fault = PASS
        self._changed = trio.Event()
        self._open: set[trio.CancelScope] = set()
        self._accepted = self._to_daemon = self._from_daemon = 0
        self._sent = bytearray()

    @classmethod
    @asynccontextmanager
    async def open(cls, upstream: Upstream, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator["FaultProxy"]:
        """Run a proxy in front of `upstream` until the context ends. `port` 0: a free one."""
        proxy = cls(upstream, host, port)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(proxy._accept)
                yield proxy
                nursery.cancel_scope.cancel()
        finally:
            proxy._listener.close()

    @property
    def host(self) -> str:
        """The address to connect to."""
        return self._address[0]

    @property
    def port(self) -> int:
        """The port to connect to. It stays the same, also after `REFUSE`."""
        return self._address[1]

    @property
    def fault(self) -> Fault:
        """The fault that holds now; assign another to change it, at once and for all connections."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault) -> None:
        refused_before, self._fault = self._fault.kind == "refuse", fault
        if fault.kind == "refuse":
            self._listener.close()
            self.drop()
        elif refused_before:
            self._listener = _listen(*self._address)
        self._changed.set()
        self._changed = trio.Event()

    def drop(self) -> None:
        """End every open connection now."""
        for scope in self._open:
            scope.cancel()

    def statistics(self) -> ProxyStatistics:
        """Count."""
        return ProxyStatistics(self._accepted, len(self._open), self._to_daemon, self._from_daemon)

    def sent(self) -> bytes:
        """Give what clients have sent to the daemon so far (the last MiB of it)."""
        return bytes(self._sent)

    async def _accept(self) -> None:
        async with trio.open_nursery() as nursery:
            while True:
                await self._until_not("refuse")
                try:
                    client, _ = await self._listener.accept()
                except OSError:  # a connection that was gone before it was accepted, or `REFUSE`
                    await trio.lowlevel.checkpoint()
                except trio.ClosedResourceError:
                    continue
                else:
                    self._accepted += 1
                    nursery.start_soon(self._serve, trio.SocketStream(client))

    async def _serve(self, client: trio.SocketStream) -> None:
        with trio.CancelScope() as scope:
            self._open.add(scope)
            try:
                async with client:
                    await self._until_not("half_open")
                    await self._join(client)
            finally:
                self._open.discard(scope)

    async def _join(self, client: trio.SocketStream) -> None:
        try:
            daemon = await self._connect()
        except OSError:
            return  # the daemon is not there: the connection ends, as it would without us
        async with daemon, trio.open_nursery() as nursery:
            nursery.start_soon(self._pump, client, daemon, False, nursery.cancel_scope)
            nursery.start_soon(self._pump, daemon, client, True, nursery.cancel_scope)

    async def _connect(self) -> trio.SocketStream:
        if isinstance(self._upstream, str):
            return await trio.open_unix_socket(self._upstream)
        return await trio.open_tcp_stream(*self._upstream)

    async def _pump(
        self, source: trio.SocketStream, sink: trio.SocketStream, answers: bool, scope: trio.CancelScope
    ) -> None:
        stream = _Stream(answers)
        try:
            while True:
                await self._until_not("half_open")
                data = await source.receive_some(CHUNK)
                await self._until_not("stall", "half_open")
                if self._fault.kind == "delay":
                    await trio.sleep(self._fault.seconds)
                if not data:
                    await sink.send_eof()
                    return
                spoilt = stream.through(self._fault, bytes(data))
                self._count(spoilt, answers)
                await sink.send_all(spoilt)
                if stream.ended:
                    scope.cancel()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            scope.cancel()  # one side is gone, so the other one is to go too

    def _count(self, data: bytes, answers: bool) -> None:
        if answers:
            self._from_daemon += len(data)
        else:
            self._to_daemon += len(data)
            self._sent += data
            del self._sent[:-REMEMBERED]

    async def _until_not(self, *kinds: str) -> None:
        while self._fault.kind in kinds:
            await self._changed.wait()


class _Stream:
    """What a fault has done to one direction of one connection so far. It begins anew with each fault."""

    def __init__(self, answers: bool) -> None:
        self.ended = False
        self._answers = answers
        self._fault = PASS
        self._left = 0
        self._garbler = Garbler(0)

    def through(self, fault: Fault, data: bytes) -> bytes:
        """Give what comes through of some bytes."""
        if fault is not self._fault:
            self._fault, self._left, self._garbler = fault, fault.after, Garbler(fault.seed)
        if not self._answers:
            return data
        if fault.kind == "garble":
            return self._garbler.spoil(data)
        if fault.kind == "cut":
            data = data[: self._left]
            self._left -= len(data)
            self.ended = self._left == 0
        return data


def _listen(host: str, port: int) -> trio.socket.SocketType:
    """Listen at once, so that a change of the fault is true as soon as it is made."""
    return trio.socket.from_stdlib_socket(socket.create_server((host, port), backlog=64))
