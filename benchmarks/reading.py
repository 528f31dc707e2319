"""Sockets that read: quick and slow, with deflate and without, for good or coming and going, asking or silent."""

import itertools
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import trio
from wsproto import ConnectionType, WSConnection
from wsproto.events import CloseConnection, Event, Ping, Request, TextMessage
from wsproto.extensions import PerMessageDeflate

from .heard import Library, Message

CHUNK = 1 << 18
SLOW_CHUNK = 1 << 14
ASK_S = 0.5
BREAK_S = 0.2
"""Seconds at most before a socket that left comes back."""


@dataclass(frozen=True)
class Habit:
    """How a reader behaves until the load ends; from then on every one stays, and reads at once what it is sent."""

    name: str
    deflate: bool = False
    stays_s: float = inf
    """Seconds at most before it hangs up."""
    asks: bool = False
    bytes_per_s: float = inf
    """0: it does not read at all."""

    @property
    def quick(self) -> bool:
        """Whether it takes what it is sent."""
        return self.bytes_per_s == inf


HABITS = (
    Habit("idle", bytes_per_s=0),
    Habit("slow", bytes_per_s=1 << 20),
    Habit("slow, deflate", deflate=True, bytes_per_s=1 << 17),
    *(Habit("comes and goes", deflate=number % 2 == 0, stays_s=5) for number in range(17)),
    *(Habit("asks", deflate=number % 2 == 0, asks=True) for number in range(10)),
)


def habits() -> Iterator[Habit]:
    """Give those that there have to be, and then those who simply read, half of them with deflate."""
    yield from HABITS
    for number in itertools.count():
        yield Habit("reads", deflate=number % 2 == 0)


class Reader:
    """One socket. It comes back after every end, telling the last revision that it has."""

    def __init__(self, port: int, habit: Habit, library: Library, rng: random.Random, hashes: list[str]) -> None:
        self.habit = habit
        self.heard: list[Message] = []
        self.seq: int | None = None
        self.connections = 0
        self.dropped = 0
        """Connections that the server ended."""
        self.asked = 0
        self.unanswered: set[int] = set()
        self._port = port
        self._library = library
        self._rng = rng
        self._hashes = hashes
        self._session: str | None = None
        self._ask_at = time.perf_counter() + rng.uniform(0, ASK_S)

    def has(self, seq: int) -> bool:
        """Say whether it has come to a revision, and has got all its answers."""
        return self.seq is not None and self.seq >= seq and not self.unanswered

    async def run(self, load_ends: trio.Event) -> None:
        """Read for ever."""
        while True:
            stays = inf if load_ends.is_set() else self._rng.uniform(0, self.habit.stays_s)
            with trio.move_on_after(stays) as stay:
                await self._connect_and_read(load_ends)
            self.dropped += not stay.cancelled_caught
            await trio.sleep(self._rng.uniform(0, BREAK_S))

    async def _connect_and_read(self, load_ends: trio.Event) -> None:
        try:
            stream = await self._connect()
        except OSError:
            return
        self.connections += 1
        connection = WSConnection(ConnectionType.CLIENT)
        try:
            await stream.send_all(connection.send(self._upgrade()))
            await self._read(stream, connection, load_ends)
        except trio.BrokenResourceError:
            pass
        finally:
            await trio.aclose_forcefully(stream)

    async def _connect(self) -> trio.SocketStream:
        peer = trio.socket.socket()
        if not self.habit.quick:  # the kernel is not to take in its place what it does not read
            peer.setsockopt(trio.socket.SOL_SOCKET, trio.socket.SO_RCVBUF, SLOW_CHUNK)
        await peer.connect(("127.0.0.1", self._port))
        return trio.SocketStream(peer)

    def _upgrade(self) -> Request:
        since = "" if self.seq is None else f"?since={self.seq}&session={self._session}"
        deflate = [PerMessageDeflate()] if self.habit.deflate else []
        return Request(host=f"127.0.0.1:{self._port}", target=f"/ws{since}", extensions=list(deflate))

    async def _read(self, stream: trio.SocketStream, connection: WSConnection, load_ends: trio.Event) -> None:
        parts: list[str] = []
        while data := await self._received(stream, load_ends):
            connection.receive_data(data)
            for event in connection.events():
                if isinstance(event, TextMessage):
                    parts.append(event.data)
                    if event.message_finished:
                        self._take("".join(parts))
                        parts.clear()
                elif reply := _reply(event):
                    await stream.send_all(connection.send(reply))
            if self.habit.asks and not load_ends.is_set() and time.perf_counter() > self._ask_at:
                await stream.send_all(connection.send(TextMessage(self._request())))

    async def _received(self, stream: trio.SocketStream, load_ends: trio.Event) -> bytes:
        rate = self.habit.bytes_per_s
        if rate == 0:
            await load_ends.wait()
        if rate == inf or load_ends.is_set():
            return bytes(await stream.receive_some(CHUNK))
        data = bytes(await stream.receive_some(SLOW_CHUNK))
        with trio.move_on_after(len(data) / rate):
            await load_ends.wait()
        return data

    def _take(self, text: str) -> None:
        message = self._library.message(text)
        self.heard.append(message)
        if message.seq is not None:
            self.seq = message.seq
        self._session = message.session or self._session
        if message.request_id is not None:
            self.unanswered.remove(message.request_id)

    def _request(self) -> str:
        """Make a request; every kind of answer has to come, also that to nonsense."""
        self._ask_at = time.perf_counter() + ASK_S
        self.asked += 1
        self.unanswered.add(self.asked)
        items = [{"fileHash": hash} for hash in self._rng.sample(self._hashes, 5)]
        requests: list[dict[str, object]] = [
            {"action": "batchPause", "items": items},
            {"action": "batchResume", "items": items},
            {"action": "pauseDownload", "fileHash": self._hashes[0]},
            {"action": "batchPause", "items": []},
            {"action": "getServers"},
            {"action": "noSuchAction"},
            {"action": 7},
        ]
        if self.asked % 10 == 0:
            requests = [{"action": "requestFullSnapshot"}]
        return json.dumps({**self._rng.choice(requests), "requestId": self.asked})


def _reply(event: Event) -> Event | None:
    return event.response() if isinstance(event, Ping | CloseConnection) else None
