"""Our daemon under load: 16 connections of mixed requests and 100 sockets of every habit over 10,000 items.

Run `python -m benchmarks.mixed`: two minutes. Every request has to get the answer that is right for it, every socket
has to come to the list that the snapshot shows, and the memory has to stay.
"""

import argparse
import gzip
import itertools
import random
import time
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

import msgspec
import psutil
import trio

from .calling import Mixture, Request
from .connection import Answer, Connection, NoAnswer
from .heard import Library, Message, last_part, replayed
from .reading import Reader, habits
from .report import Report
from .servers import running

CONNECTIONS = 16
SOCKETS = 100
POLL_S = 0.5
RENEWED = 3
"""Items that are replaced by new ones with every poll."""
REST_S = 1.0
LONGEST_REST_S = 30.0
UNPACKED = 0.1
"""The share of gzip answers that are unpacked and looked at."""
CATCH_UP_S = 60.0
LEFTOVERS_S = 10.0
SNAPSHOT = Request("snapshot", "GET", "/api/v1/data/snapshot", (200,))


class Load:
    """One run of it."""

    def __init__(self, port: int, process: psutil.Process, sockets: int, seed: int) -> None:
        self.report = Report()
        self._port = port
        self._process = process
        self._sockets = sockets
        self._rng = random.Random(seed)
        self._library = Library()
        self._ends = trio.Event()
        self._instance = ""

    async def run(self, warm_up_s: float, seconds: float) -> Report:
        """Load the daemon for so long, and look at what came of it."""
        report = self.report
        items = (await self._first_snapshot())["items"]
        hashes = [each["hash"] for each in items]
        self._instance = items[0]["instanceId"]
        stay = hashes[: len(hashes) // 2]  # the others are replaced, from the end
        descriptors = self._process.num_fds()
        async with trio.open_nursery() as nursery:
            for habit in itertools.islice(habits(), self._sockets):
                reader = Reader(self._port, habit, self._library, random.Random(self._rng.random()), stay)
                report.readers.append(reader)
                nursery.start_soon(reader.run, self._ends)
            await wait_for(lambda: all(each.has(0) for each in report.readers if each.habit.quick), CATCH_UP_S)
            await self._weigh()
            await self._call(stay, warm_up_s)
            report.answers.clear()
            await self._weigh()
            before = await self._seq()
            await self._call(stay, seconds)
            report.revisions = await self._seq() - before
            self._ends.set()
            await self._compare()
            await self._weigh()
            nursery.cancel_scope.cancel()
        await self._look_for_leftovers(descriptors)
        return report

    async def _first_snapshot(self) -> dict[str, Any]:  # Any: JSON values
        while not (snapshot := await self._snapshot())["items"]:  # noqa: ASYNC110  (it comes about in another process)
            await trio.sleep(0.05)
        await trio.sleep(0.2)  # the connections for that are gone
        return snapshot

    async def _snapshot(self) -> dict[str, Any]:  # Any: JSON values
        connection = Connection(self._port)
        answer = await connection.ask(SNAPSHOT.wire("127.0.0.1"))
        await connection.aclose()
        data: dict[str, Any] = msgspec.json.decode(answer.body)["data"]
        return data

    async def _seq(self) -> int:
        seq: int = (await self._snapshot())["seq"]
        return seq

    async def _weigh(self) -> None:
        """Weigh the daemon at rest: when what was under way has ended, its memory falls no further."""
        before, now = inf, 0.0
        with trio.move_on_after(LONGEST_REST_S):
            while now < before - 1:
                before = now or before
                await trio.sleep(REST_S)
                now = self._process.memory_info().rss / 2**20
        self.report.memory_mb.append(now)

    # -- calling

    async def _call(self, hashes: list[str], seconds: float) -> None:
        until = time.perf_counter() + seconds
        mixture = Mixture(self._rng, hashes, self._instance)
        async with trio.open_nursery() as nursery:
            for _ in range(CONNECTIONS):
                nursery.start_soon(self._call_until, until, mixture)

    async def _call_until(self, until: float, mixture: Mixture) -> None:
        connection = Connection(self._port)
        while (began := time.perf_counter()) < until:
            request = mixture.next()
            try:
                answer = await connection.ask(request.wire(f"127.0.0.1:{self._port}"))
            except NoAnswer as error:
                self.report.wrong.append(f"{request.kind} {request.path}: no answer: {error}")
                await connection.aclose()
                continue
            self.report.answers[request.kind].append(time.perf_counter() - began)
            self.report.statuses[request.kind].add(answer.status)
            if problem := problem_of(request, answer, unpack=self._rng.random() < UNPACKED):
                self.report.wrong.append(f"{request.kind} {request.path}: {problem}")
            mixture.etag = answer.headers.get("etag", mixture.etag)
        await connection.aclose()

    # -- looking at what the sockets have

    async def _compare(self) -> None:
        """Compare what every socket amounts to with one snapshot, at exactly its revision."""
        await self._wait_for_all(await self._seq())  # the slow ones too: from here on they get every revision
        snapshot = await self._snapshot()
        await self._wait_for_all(snapshot["seq"])
        right: dict[tuple[Message, ...], bool] = {}  # many sockets heard the same
        for number, reader in enumerate(self.report.readers):
            part = last_part(reader.heard, snapshot["seq"])
            if part not in right:
                right[part] = await trio.to_thread.run_sync(amounts_to, part, snapshot)
            if not right[part]:
                self.report.lost.append(f"socket {number} ({reader.habit.name}) has another list than the snapshot")
            if reader.dropped and reader.habit.quick:
                self.report.lost.append(f"socket {number} ({reader.habit.name}) was ended by the daemon")

    async def _wait_for_all(self, seq: int) -> None:
        await wait_for(lambda: all(each.has(seq) for each in self.report.readers), CATCH_UP_S)

    async def _look_for_leftovers(self, descriptors: int) -> None:
        await wait_for(lambda: self._process.num_fds() <= descriptors, LEFTOVERS_S)
        self.report.left_open = self._process.num_fds() - descriptors


def amounts_to(part: Sequence[Message], snapshot: dict[str, Any]) -> bool:  # Any: JSON values
    """Say if what a socket heard is the list that a snapshot shows."""
    replay = replayed(part, snapshot["seq"])
    stats = snapshot["stats"]
    return (
        replay is not None
        and replay.items == {f"{each['instanceId']}:{each['hash']}": each for each in snapshot["items"]}
        and (replay.instances, replay.speeds) == (stats["instances"], stats["instanceSpeeds"])
        and replay.categories == snapshot["categories"]
    )


async def wait_for(condition: Callable[[], bool], within_s: float) -> None:
    """Look again and again until something is so, or the time is over."""
    with trio.move_on_after(within_s):
        while not condition():  # noqa: ASYNC110  (it comes about in another process)
            await trio.sleep(0.05)


def problem_of(request: Request, answer: Answer, *, unpack: bool) -> str | None:
    """Say what is wrong with an answer."""
    if answer.status not in request.right:
        return f"status {answer.status}: {answer.body[:200]!r}"
    if answer.status == 304:
        return None if not answer.body else "a body behind 304"
    body, packed = answer.body, answer.headers.get("content-encoding") == "gzip"
    if packed and not unpack:
        return None
    try:
        body = gzip.decompress(body) if packed else body
        if body.startswith(b"{") and body.endswith(b"}") and (answer.status < 400 or b'"code":' in body):
            return None
    except (OSError, EOFError) as error:
        return f"{error!r}"
    return f"this is no answer: {body[:200]!r}"


def main() -> None:
    """Run it; ends with 1 if anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=12)
    chosen = parser.parse_args()
    with running("ours", chosen.items, POLL_S, RENEWED) as (port, process):
        load = Load(port, process, SOCKETS, chosen.seed)
        report = trio.run(load.run, chosen.seconds / 6, chosen.seconds)
    print(*report.lines(), sep="\n", flush=True)
    if any(report.problems()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
