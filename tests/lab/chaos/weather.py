"""Every few seconds something happens to one of the daemons. The seed decides what, to whom, and for how long."""

import random
from collections import Counter
from collections.abc import Mapping

import trio

from ..peers import DOWNLOADER, SERVERS, SHARER
from .caller import Caller
from .patient import HARM, Patient

EVERY_S = (2.0, 5.0)
LASTS_S = (1.0, 12.0)
AT_ONCE = 3
"""So many are sick at most: two of the five are left to be asked for things."""
REJOIN_AFTER_S = 6.0


class Weather:
    """Goes on until it is cancelled, which ends what lasts. `happened` counts what was done."""

    def __init__(self, patients: Mapping[str, Patient], caller: Caller, server_port: int, seed: str) -> None:
        self.happened: Counter[str] = Counter()
        self._patients, self._caller, self._server_port = patients, caller, server_port
        self._rng = random.Random(f"{seed} weather")

    async def run(self) -> None:
        """Let things happen."""
        rng = self._rng
        async with trio.open_nursery() as nursery:
            while True:
                await trio.sleep(rng.uniform(*EVERY_S))
                # what the seed gives does not depend on how things go: always so many numbers are drawn
                kind, order = rng.choice(HARM), rng.sample(sorted(self._patients), len(self._patients))
                seconds, spoiler = rng.uniform(*LASTS_S), random.Random(rng.random())
                for each in self._patients.values():
                    await each.revive()
                healthy = [self._patients[id] for id in order if not self._patients[id].sick]
                if len(healthy) > len(order) - AT_ONCE:
                    self.happened[kind] += 1
                    nursery.start_soon(self._episode, healthy[0], kind, seconds, spoiler)

    async def _episode(self, one: Patient, kind: str, seconds: float, rng: random.Random) -> None:
        await one.suffer(kind, seconds, rng)
        if one.id in (SHARER, DOWNLOADER) and kind in ("kill", "restart"):
            await trio.sleep(REJOIN_AFTER_S)
            await self._rejoin(one.id)

    async def _rejoin(self, id: str) -> None:
        """Connect an amuled that has started anew to the server, as far as that works now."""
        server = {"ip": "localhost", "port": self._server_port, "name": "TestServer", "instanceId": id}
        await self._caller.ask("POST", SERVERS, server)
        listed = await self._caller.ask("GET", SERVERS, instanceId=id)
        for each in listed["data"] if listed else ():
            where = {"ip": each["ip"], "port": each["port"], "instanceId": id}
            await self._caller.ask("POST", f"{SERVERS}/action", {"action": "connect", **where})
