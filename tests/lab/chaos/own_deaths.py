"""Our own daemon is killed at any moment and started again, while its settings are changed again and again."""

import json
import random
from pathlib import Path
from typing import Any

import trio

from ..amutorrent import AmutorrentDaemon
from ..peers import SHARER
from .caller import Caller

LIVES_S = (3.0, 12.0)
CHANGE_EVERY_S = 0.3
ROUTE = "/api/amule/shared-dirs/config"


class OwnDeaths:
    """Goes on until it is cancelled. `wrong` says in words what a restart found that nobody had asked for."""

    def __init__(self, ours: AmutorrentDaemon, caller: Caller, root: Path, seed: str) -> None:
        self.count = self.changes = 0
        self.wrong: list[str] = []
        self._ours, self._caller = ours, caller
        self._seed = seed
        self._choices = [str(root / f"shareddir-{number}.dat") for number in range(5)]
        for each in self._choices:
            Path(each).touch()
        self._before = self._written()
        self._possible: set[str | None] = {path_in(self._before)}

    async def run(self) -> None:
        """Kill it, look at its settings, start it."""
        rng = random.Random(f"{self._seed} deaths")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._change)
            while True:
                await trio.sleep(rng.uniform(*LIVES_S))
                with trio.CancelScope(shield=True):
                    self._ours.kill9()
                    self.count += 1
                    self._look()
                    await trio.to_thread.run_sync(self._ours.start)

    async def _change(self) -> None:
        rng = random.Random(f"{self._seed} settings")
        while True:
            await trio.sleep(CHANGE_EVERY_S * rng.random())
            await self._change_to(rng.choice(self._choices))

    async def _change_to(self, path: str) -> None:
        self._possible.add(path)
        reply = await self._caller.ask("PUT", ROUTE, {"sharedDirDatPath": path, "instanceId": SHARER})
        if reply is not None:
            self._possible = {path}
            self.changes += 1

    def _written(self) -> dict[str, Any]:
        return json.loads((self._ours.data_dir / "config.json").read_text())

    def _look(self) -> None:
        """See that the file is whole, that it says what was accepted last, and that nothing else of it has changed."""
        now = self._written()
        if path_in(now) not in self._possible:
            self.wrong.append(f"the setting is {path_in(now)}, and not of {self._possible}")
        if without_path(now) != without_path(self._before):
            self.wrong.append(f"{now} was {self._before}")

    async def end(self) -> None:
        """Look once more, when all is over: one more change is made, and nothing half written is left of any."""
        self._look()
        await self._change_to(self._choices[0])
        if self._possible != {self._choices[0]}:
            self.wrong.append("the last change was refused")
        self._look()
        self.wrong += [f"{each.name} is left" for each in self._ours.data_dir.glob(".config.json*")]


def sharer(config: dict[str, Any]) -> dict[str, Any]:
    """Find the instance whose setting is changed."""
    return next(each for each in config["clients"] if each["id"] == SHARER)


def path_in(config: dict[str, Any]) -> str | None:
    """Give the setting that is changed."""
    return sharer(config).get("sharedDirDatPath")


def without_path(config: dict[str, Any]) -> dict[str, Any]:
    """Give everything else."""
    clients = [{key: value for key, value in each.items() if key != "sharedDirDatPath"} for each in config["clients"]]
    return {**config, "clients": clients}
