"""The whole of it: weather, traffic and measurements over a land, and what has to be true afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import trio

from amutorrent.testing import make_ed2k_file, make_torrent

from ..amutorrent import AmutorrentDaemon, amutorrent
from ..land import LEECHER, RTORRENT, Land
from ..peers import DOWNLOADER, World
from ..reader import Reader
from ..rows import shown
from .caller import HANGS_S, Caller
from .ledger import Ledger
from .measure import Latency, Needs
from .own_deaths import OwnDeaths
from .patient import Patient, configured, patients
from .traffic import Traffic
from .weather import Weather

TRANSFERS = 4
MOVING_BYTES, ED2K_BYTES = 6 << 20, 300_000
RATE = 512 << 10
RECOVERED_S = 100
"""The longest wait of the back-off is a minute; a connection and its first poll follow."""
EQUAL_S = 60


class Chaos:
    """A run over a land. After `run` and `settle` everything is at rest and can be looked at."""

    def __init__(
        self, lab: Land, ours: AmutorrentDaemon, patients: dict[str, Patient], caller: Caller, seed: str, root: Path
    ) -> None:
        self.lab, self.ours, self.patients, self.caller = lab, ours, patients, caller
        self.ledger = Ledger()
        self.traffic = Traffic(caller, self.ledger, list(patients), seed)
        self.weather = Weather(patients, caller, lab.server.port, seed)
        self.latency = Latency(caller, self.ledger, patients, seed)
        self.needs = Needs(ours)
        self.own_deaths = OwnDeaths(ours, caller, root, seed)
        self.excused = 0

    async def prepare(self) -> None:
        """Wait until all are online, join the ED2K server, and let there be data to transfer."""
        await self._all_online(30)
        mules = World(self.lab.server, self.lab.sharer, self.lab.downloader, self.ours)
        await trio.to_thread.run_sync(mules.join_both)
        for number in range(TRANSFERS):
            file = make_ed2k_file(f"moving {number}.bin", ED2K_BYTES)
            await trio.to_thread.run_sync(mules.share, file)
            self.traffic.moving.append((DOWNLOADER, file))
            torrent = make_torrent(f"moving {number}.bin", MOVING_BYTES, self.lab.tracker.url)
            await trio.to_thread.run_sync(self.lab.seeder.seed, torrent)
            self.traffic.moving += [(RTORRENT, torrent), (LEECHER, torrent)]
        for each in (RTORRENT, LEECHER):
            await self.caller.ask("PUT", f"/api/v1/clients/instances/{each}/speed-limits", {"download": RATE})

    async def run(self, seconds: float, *sockets: Reader, own_deaths: bool = False) -> None:
        """Let it all happen for so long; sockets that are given are read meanwhile."""
        tasks = [self.weather.run, self.traffic.run, self.latency.run]
        tasks += [self.own_deaths.run] if own_deaths else [self.needs.run]
        with trio.move_on_after(seconds):
            async with trio.open_nursery() as nursery:
                for task in tasks:
                    nursery.start_soon(task)
                for each in sockets:
                    nursery.start_soon(read_on, each)

    async def settle(self, *sockets: Reader) -> None:
        """Let all be well, and wait until every instance is online by itself and shows its daemon's own list."""
        for each in self.patients.values():
            await each.heal()
            await each.rouse()
        self.excused = self.ledger.excuse({id: each.deaths for id, each in self.patients.items()})
        async with trio.open_nursery() as nursery:
            for each in sockets:
                nursery.start_soon(read_on, each)
            await self._all_online(RECOVERED_S)
            await self._all_equal(EQUAL_S)
            nursery.cancel_scope.cancel()

    async def _all_online(self, within_s: float) -> None:
        states: dict[str, str] = {}
        with trio.move_on_after(within_s):
            while not states or set(states.values()) != {"online"}:
                await trio.sleep(0.2)
                states = await self.caller.states()
            return
        raise AssertionError(f"stuck after {within_s} s: {states}")

    async def _all_equal(self, within_s: float) -> None:
        different: list[str] = []
        with trio.move_on_after(within_s):
            while True:
                different = await self._different()
                if not different:
                    return
                await trio.sleep(0.5)
        raise AssertionError("these lists are not their daemons' own:\n" + "\n".join(different))

    async def _different(self) -> list[str]:
        items = await self.caller.items()
        found = []
        for id, each in self.patients.items():
            ours = set(shown(item for (owner, _), item in items.items() if owner == id))
            own = set(await each.rows())
            if ours != own:
                found.append(f"{id}: only ours says {sorted(ours - own)}; only the daemon says {sorted(own - ours)}")
        return found + [f"{key} is stale" for key, item in items.items() if item.get("stale")]

    async def broken(self) -> list[str]:
        """Say in words which promises the daemons' own lists do not keep."""
        lists = {id: await each.rows() for id, each in self.patients.items()}
        return list(self.ledger.broken(lists))

    def __str__(self) -> str:
        traffic, happened = self.traffic, self.weather.happened
        alone = {id: each.died_alone for id, each in self.patients.items() if each.died_alone}
        hung = {id: each.hung for id, each in self.patients.items() if each.hung}
        lines = [
            f"faults: {happened.total()}, {dict(happened)}; died by themselves: {alone}; hung: {hung}",
            f"adds: {traffic.added}; batches: {traffic.batches}; deleted items: {traffic.deleted}",
            f"promises: {dict(self.ledger.count())}, of which {self.excused} a killed daemon had no time to keep",
            f"errors: {self.caller.codes}; requests without any reply: {self.caller.silent}",
            f"latency at well daemons: {self.latency}",
        ]
        if self.needs.memory:
            lines.append(f"our daemon, by quarters: {self.needs}")
        if self.own_deaths.count:
            lines.append(f"our daemon was killed {self.own_deaths.count} times, in {self.own_deaths.changes} changes")
        return "\n".join(lines)


async def read_on(socket: Reader) -> None:
    """Read until cancelled."""
    while True:
        await socket.read()


@asynccontextmanager
async def chaos(lab: Land, root: Path, seed: str) -> AsyncIterator[Chaos]:
    """Start our daemon over a land, behind proxies, and prepare a run."""
    async with patients(lab) as ill:
        running = amutorrent(root / "ours", configured(lab, ill))
        ours = await trio.to_thread.run_sync(running.__enter__)
        try:
            limits = httpx.Limits(max_connections=100)
            async with httpx.AsyncClient(base_url=ours.url, timeout=HANGS_S, limits=limits, trust_env=False) as http:
                playing = Chaos(lab, ours, ill, Caller(http), seed, root)
                await playing.prepare()
                yield playing
        finally:
            await trio.to_thread.run_sync(running.__exit__, None, None, None)
