"""What is measured meanwhile: how long requests for well daemons take while others are sick, and what ours needs."""

import random
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import psutil
import trio

from ..amutorrent import AmutorrentDaemon
from .caller import Caller
from .ledger import Ledger
from .patient import Patient
from .traffic import LASTING_BYTES

ASK_EVERY_S = 0.4
LOOK_EVERY_S = 1.0
OF_OURS_S = 5.0
"""What a request may take beside the daemon's own answer: the machine may have other work, but who waits for a sick
daemon waits ten seconds and more."""
REFRESH_S = 1.0
"""A snapshot waits so long, at most, for what is older than the interval (design 5)."""


@dataclass(frozen=True)
class Sample:
    """A request for a well daemon: what it took, and what the daemon's own answer took at that time; in seconds.

    `code` is that of its error, "" if it went well.
    """

    what: str
    id: str
    took: float
    own: float
    code: str

    @property
    def late(self) -> bool:
        """Whether it waited for something else than its daemon, or failed."""
        return bool(self.code) or self.took > self.own + OF_OURS_S


class Latency:
    """Asks for something of a daemon that is well, while at least one other is sick."""

    def __init__(self, caller: Caller, ledger: Ledger, patients: Mapping[str, Patient], seed: str) -> None:
        self.samples: list[Sample] = []
        self._caller, self._ledger, self._patients = caller, ledger, patients
        self._rng = random.Random(f"{seed} latency")

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await trio.sleep(ASK_EVERY_S)
            well = [each for each in self._patients.values() if each.well]
            if well and any(each.sick for each in self._patients.values()):
                await self._sample(self._rng.choice(well))

    async def _sample(self, one: Patient) -> None:
        held = [hash for id, hash in self._ledger.settled() if id == one.id]
        hash = self._rng.choice(held or [""])
        if hash and (await self._caller.states()).get(one.id) == "online":
            await self._take("detail", one, "GET", f"/api/item/detail/{hash}?instanceId={one.id}")
            await self._take("snapshot", one, "GET", "/api/v1/data/snapshot")
            if self._ledger.promises[one.id, hash].sample.size == LASTING_BYTES:
                body = {"items": [{"fileHash": hash, "instanceId": one.id}], "categoryName": "measured"}
                await self._take("change", one, "POST", "/api/v1/downloads/category", body)

    async def _take(self, what: str, one: Patient, method: str, path: str, body: object = None) -> None:
        """Time a request between two answers of the daemon itself, and keep it if that was well all the time."""
        before = await own_answer(one)
        began = time.monotonic()
        reply = await self._caller.reply(method, path, body)
        took = time.monotonic() - began
        after = await own_answer(one)
        if reply is None or before is None or after is None or not one.well:  # it fell ill, or ours did
            return
        told = reply.json()
        code = str(told["results"][0].get("code", "") if "results" in told else told.get("code", ""))
        if code != "item_not_found":  # it has just been deleted
            own = max(before, after) + (REFRESH_S if what == "snapshot" else 0)
            self.samples.append(Sample(what, one.id, took, own, code))

    def late(self) -> list[Sample]:
        """List the requests that waited for something else than their own daemon."""
        return [each for each in self.samples if each.late]

    def __str__(self) -> str:
        parts = []
        for what in sorted({each.what for each in self.samples}):
            found = [each for each in self.samples if each.what == what]
            took = sorted(each.took for each in found)
            own = statistics.median(each.own for each in found)
            parts.append(
                f"{len(found)} x {what}: median {statistics.median(took) * 1000:.0f} ms,"
                f" 99 % below {took[len(took) * 99 // 100 - 1] * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms,"
                f" the daemons' own median {own * 1000:.0f} ms"
            )
        return "; ".join(parts)


async def own_answer(one: Patient) -> float | None:
    """Time how long the daemon takes to list what it has, without us; None: it is ill, or hangs by itself."""
    began = time.monotonic()
    try:
        await one.rows()
    except (TimeoutError, httpx.TimeoutException):
        return None
    except Exception:
        if one.well:
            raise
        return None
    return time.monotonic() - began


@dataclass
class Needs:
    """Memory in MiB and open files of our daemon, once a second."""

    ours: AmutorrentDaemon
    memory: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            await trio.sleep(LOOK_EVERY_S)
            process = psutil.Process(self.ours.pid)
            self.memory.append(process.memory_info().rss / (1 << 20))
            self.files.append(process.num_fds())

    def quarters(self) -> list[tuple[float, float]]:
        """Give the medians of memory and open files in each quarter of the time."""
        size = max(1, len(self.memory) // 4)
        return [
            (statistics.median(self.memory[at : at + size]), statistics.median(self.files[at : at + size]))
            for at in range(0, 4 * size, size)
        ]

    def __str__(self) -> str:
        return ", ".join(f"{memory:.1f} MiB and {files:.0f} files" for memory, files in self.quarters())
