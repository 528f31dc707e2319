"""Measure the rTorrent plugin: a first full poll, and steady polls with 1 % changed: wall time, CPU, holds of the loop.

Answers are generated in the shape that 0.9.8 sends and replayed over SCGI by a process of their own: this is scale,
not behaviour. Run `python -m benchmarks.rtorrent`; with `HOST PORT` it polls the rTorrent whose SCGI is there instead.
"""

import socketserver
import statistics
import sys
import time
from dataclasses import dataclass
from typing import Any, cast
from xml.parsers.expat import ExpatError
from xmlrpc.client import loads

import trio

from amutorrent import Catalogue, Events
from amutorrent.categories import Categories
from amutorrent.instances import connect
from amutorrent.watchdog import Watchdog, Workers

from .qbittorrent import logger
from .servers import running

STEADY_POLLS = 20
ROUNDS = 4
MOVES = 100
"""Every so many-th torrent changes from poll to poll."""
FACTS: dict[str, str | int] = {
    "system.client_version": "0.9.8",
    "system.pid": 4242,
    "directory.default": "/downloads",
    "session.path": "/nowhere/session/",
    "network.listen.port": 6881,
}
UNKNOWN = "0" * 40
Value = Any  # str, int, or a list of the same


def field(command: str, number: int, round: int) -> str | int:
    """Give one field of one torrent. Some of them move from round to round."""
    name = f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}.mkv"
    moved = round * 65_536 if number % MOVES == 0 else 0
    texts = {
        "d.hash=": f"{number:040X}", "d.name=": name, "d.connection_current=": "leech", "d.custom1=": "tv%20shows",
        "d.custom=amt_name": "", "d.custom=addtime": "1795509319", "d.message=": "", "d.directory=": "/downloads/tv",
    }  # fmt: skip
    numbers = {
        "d.size_bytes=": 1_500_000_000, "d.completed_bytes=": number * 1_000_003 % 1_400_000_000 + moved, "d.state=": 1,
        "d.is_open=": 1, "d.is_active=": 1, "d.size_chunks=": 1431, "d.chunks_hashed=": 1431, "d.priority=": 2,
        "d.down.total=": number * 1000 + moved, "d.load_date=": 1_795_509_319, "d.tracker_size=": 1,
    }  # fmt: skip
    return texts[command] if command in texts else numbers.get(command, 0)


def xml(value: Value) -> str:
    """Write a value as xmlrpc-c does."""
    if isinstance(value, int):
        return f"<value><i8>{value}</i8></value>\r\n"
    if isinstance(value, str):
        return f"<value><string>{value}</string></value>\r\n"
    return f"<value><array><data>\r\n{''.join(map(xml, value))}</data></array></value>\r\n"


def fault(number: int, text: str) -> str:
    """Write a fault."""
    return (
        f"<value><struct>\r\n<member><name>faultCode</name>\r\n<value><i4>{number}</i4></value></member>\r\n"
        f"<member><name>faultString</name>\r\n<value><string>{text}</string></value></member>\r\n</struct></value>\r\n"
    )


class Replay:
    """Answers for a daemon of so many torrents, the tables made beforehand."""

    def __init__(self, items: int) -> None:
        from amutorrent_rtorrent.rows import COMMANDS

        def row(number: int, round: int) -> str:
            return xml([field(each, number, round) for each in COMMANDS])

        still = [row(number, 0) for number in range(items)]
        self._tables = []
        for round in range(ROUNDS):
            rows = [row(number, round) if number % MOVES == 0 else each for number, each in enumerate(still)]
            self._tables.append(f"<value><array><data>\r\n{''.join(rows)}</data></array></value>\r\n")
        self._polls = 0

    def answer(self, body: bytes) -> bytes:
        """Answer one request."""
        try:
            params, method = cast("tuple[list[Value], str]", loads(body))
        except ExpatError:  # not XML: the daemon has no other encoding
            return self._document(f"<fault>\r\n{fault(-503, 'Call XML not a proper XML-RPC call.')}</fault>")
        if method == "system.multicall":
            entries = "".join(self._entry(each["methodName"], each["params"]) for each in params[0])
            found = f"<value><array><data>\r\n{entries}</data></array></value>"
        else:
            found = self._value(method, list(params))
        return self._document(f"<params>\r\n<param>{found}</param>\r\n</params>")

    def _entry(self, method: str, params: list[Value]) -> str:
        if params[:1] == [UNKNOWN]:
            return fault(-501, "Could not find info-hash.")
        return f"<value><array><data>\r\n{self._value(method, params)}</data></array></value>\r\n"

    def _value(self, method: str, params: list[Value]) -> str:
        if method == "d.multicall2":
            self._polls += 1
            return self._tables[self._polls % ROUNDS]
        if method == "t.multicall":
            return xml([["http://t.example/announce"]])
        if method == "system.listMethods":
            from amutorrent_rtorrent.methods import NEEDS, OPTIONAL, TABLE
            from amutorrent_rtorrent.rows import COMMANDS, method_of

            return xml(sorted({*OPTIONAL, *TABLE, *map(method_of, COMMANDS)}.union(*NEEDS.values())))
        return xml(FACTS.get(method, 0))

    def _document(self, content: str) -> bytes:
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\r\n<methodResponse>\r\n{content}\r\n</methodResponse>\r\n'.encode()
        )
        return b"Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def serve(port: int, items: int) -> None:
    """Replay answers for a daemon of so many torrents."""
    replay = Replay(items)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while (byte := self.rfile.read(1)) not in (b":", b""):
                head += byte
            if head:
                fields = self.rfile.read(int(head) + 1).split(b"\0")
                self.wfile.write(replay.answer(self.rfile.read(int(fields[1]))))

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True

    Server(("127.0.0.1", port), Handler).serve_forever()


@dataclass
class Measured:
    """One poll, in seconds: until it was there, until it was applied, and the CPU of both."""

    poll: float
    apply: float
    cpu: float


async def measure(host: str, port: int) -> None:
    """Poll the daemon that is there."""
    from amutorrent_rtorrent import RTorrent

    from .catalogue import INFO

    settings = RTorrent.Settings(mode="scgi", host=host, port=port)
    workers = Workers()
    run_sync = workers.runner("rtorrent", trio.CapacityLimiter(4))
    catalogue = Catalogue(Categories(), Events())
    catalogue.put_instance("a", INFO)
    polls: list[Measured] = []
    items = 0
    async with connect(RTorrent, settings, "a", logger(), run_sync) as connection:
        with Watchdog(workers) as watchdog:
            while len(polls) <= STEADY_POLLS:
                start, cpu = time.perf_counter(), time.process_time()
                changes = await connection.poll()
                polled = time.perf_counter()
                await catalogue.apply("a", changes)
                catalogue.publish()
                applied = time.perf_counter() - polled
                polls.append(Measured(polled - start, applied, time.process_time() - cpu))
                items = items or len(changes.items)
                await trio.sleep(0.2)
    report(items, polls, watchdog.statistics().longest_s)


def report(items: int, polls: list[Measured], longest_s: float) -> None:
    """Print one line."""
    first, steady = polls[0], polls[1:]
    middle = [statistics.median(getattr(each, name) for each in steady) * 1000 for name in ("poll", "apply", "cpu")]
    print(
        f"{items:6} torrents: first poll {first.poll * 1000:.0f} ms, apply {first.apply * 1000:.0f} ms, "
        f"CPU {first.cpu * 1000:.0f} ms; steady: poll {middle[0]:.1f} ms, apply {middle[1]:.1f} ms, "
        f"CPU {middle[2]:.1f} ms; longest hold of the loop {longest_s * 1000:.0f} ms",
        flush=True,
    )


async def main() -> None:
    """Measure both sizes, or the daemon that was named."""
    if len(sys.argv) > 2:
        await measure(sys.argv[1], int(sys.argv[2]))
        return
    for items in (5000, 20_000):
        with running("serve", items, module="benchmarks.rtorrent") as (port, _):
            await measure("127.0.0.1", port)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), int(sys.argv[3]))
    else:
        trio.run(main)
