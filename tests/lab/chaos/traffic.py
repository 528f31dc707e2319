"""The load: adds of every kind, batches over items of all instances, and deletes, each noted in the ledger."""

import random
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import trio

from amutorrent.testing import Ed2kFile, Torrent, make_ed2k_file, make_torrent

from ..peers import DOWNLOADER, SHARER
from .caller import Caller
from .ledger import Key, Ledger, Promise

ADD_EVERY_S, BATCH_EVERY_S, DELETE_EVERY_S = 0.8, 1.5, 2.0
LASTING_BYTES = 20_000
"""The size of what nobody has: it stays a download."""
KEPT = 60
"""So many items are left alone by deletes: with more of them, memory could not be told to be flat."""
AT_ONCE = 40
LEAST_APART_S = 3.5
"""rTorrent 0.9.8 may crash when one torrent is started and stopped within less."""
NOWHERE = "http://127.0.0.1:9/announce"
ACTIONS = ("pause", "resume", "stop", "category")
LABELS = ("", "tv", "films", "music ü")
MULES = (SHARER, DOWNLOADER)
Act = Callable[[random.Random], Awaitable[None]]


class Traffic:
    """Goes on until it is cancelled. `moving` are torrents and files that somebody has, by who is to download them."""

    def __init__(self, caller: Caller, ledger: Ledger, ids: Sequence[str], seed: str) -> None:
        self.ledger = ledger
        self.moving: list[tuple[str, Torrent | Ed2kFile]] = []
        self.added = self.batches = self.deleted = 0
        self.wrong: list[str] = []
        """Replies to batches that do not fit the request."""
        self._caller, self._ids, self._seed = caller, ids, seed
        self._touched: dict[Key, float] = {}
        self._slots = trio.CapacityLimiter(AT_ONCE)

    async def run(self) -> None:
        """Add, change and delete, each at its own pace; nobody waits for an answer before the next one is asked."""
        async with trio.open_nursery() as nursery:
            for act, every_s in (
                (self._add, ADD_EVERY_S),
                (self._batch, BATCH_EVERY_S),
                (self._delete, DELETE_EVERY_S),
            ):
                nursery.start_soon(self._again_and_again, act, every_s, nursery)

    async def _again_and_again(self, act: Act, every_s: float, nursery: trio.Nursery) -> None:
        rng = random.Random(f"{self._seed} {act.__name__}")
        while True:
            await trio.sleep(every_s * rng.uniform(0.3, 1.7))
            if self._slots.available_tokens:
                nursery.start_soon(self._in_slot, act, rng)

    async def _in_slot(self, act: Act, rng: random.Random) -> None:
        async with self._slots:
            await act(rng)

    # -- adds

    async def _add(self, rng: random.Random) -> None:
        unknown = [key for key, each in self.ledger.promises.items() if each.word == "unknown"]
        if unknown and rng.random() < 0.2:
            await self._add_again(rng.choice(unknown))
            return
        if self.moving and rng.random() < 0.2:
            id, sample = self.moving.pop()
        else:
            id = rng.choice(self._ids)
            sample = self._sample(id, f"chaos {self._seed} {len(self.ledger.promises)} {rng.randrange(1 << 30)}.bin")
        await self._add_to(id, sample, rng.random() < 0.5)

    def _sample(self, id: str, name: str) -> Torrent | Ed2kFile:
        return make_ed2k_file(name, LASTING_BYTES) if id in MULES else make_torrent(name, LASTING_BYTES, NOWHERE)

    async def _add_to(self, id: str, sample: Torrent | Ed2kFile, by_file: bool) -> None:
        self.added += 1
        await self._hand_over(id, self.ledger.ask(id, sample, by_file=by_file))

    async def _add_again(self, key: Key) -> None:
        """Ask once more for what nobody knows the fate of, as a person or an app would."""
        await self._hand_over(key[0], self.ledger.promises[key])

    async def _hand_over(self, id: str, promise: Promise) -> None:
        promise.now("asked")  # so that nobody asks for it a second time meanwhile
        sample = promise.sample
        if isinstance(sample, Torrent) and promise.by_file:
            body = {"data": b64encode(sample.file).decode(), "instanceId": id}
            accepted = await self._caller.ask("POST", "/api/v1/downloads/torrent", body) is not None
        else:
            route, link = ("ed2k", sample.uri) if isinstance(sample, Ed2kFile) else ("magnets", sample.magnet)
            reply = await self._caller.ask("POST", f"/api/v1/downloads/{route}", {"links": [link], "instanceId": id})
            accepted = reply is not None and reply["results"][0]["success"]
        self._touched[id, sample.hash] = time.monotonic()
        promise.now("accepted" if accepted else "unknown")

    # -- changes

    async def _batch(self, rng: random.Random) -> None:
        ready = [key for key in self.ledger.settled() if self._touched.get(key, 0) < time.monotonic() - LEAST_APART_S]
        keys = rng.sample(ready, min(len(ready), rng.randrange(2, 8)))
        if not keys:
            return
        self._touched.update(dict.fromkeys(keys, time.monotonic()))
        action = rng.choice(ACTIONS)
        body = {"items": refs(keys), **({"categoryName": rng.choice(LABELS)} if action == "category" else {})}
        await self._over(action, keys, body)
        self._touched.update(dict.fromkeys(keys, time.monotonic()))

    async def _delete(self, rng: random.Random) -> None:
        ready = self.ledger.settled(10)
        if len(ready) <= KEPT:
            return
        keys = rng.sample(ready, rng.randrange(1, 4))
        for key in keys:
            self.ledger.promises[key].now("asked")
        gone = await self._over("delete", keys, {"items": refs(keys)})
        for key in keys:
            self.ledger.promises[key].now("removed" if key in gone else "doubtful")
        self.deleted += len(gone)

    async def _over(self, action: str, keys: Sequence[Key], body: dict[str, Any]) -> list[Key]:
        """Make a request over items of all daemons, see that there is a result for each; gives those that went well."""
        answer = await self._caller.reply("POST", f"/api/v1/downloads/{action}", body)
        self.batches += 1
        if answer is None:
            return []
        results = answer.json().get("results", [])
        told = [(each["instanceId"], each["fileHash"]) for each in results]
        if told != list(keys) or any(each["success"] == ("code" in each) for each in results):
            self.wrong.append(f"{action} of {keys} was answered {answer.text}")
        return [key for key, each in zip(told, results, strict=True) if each["success"]]


def refs(keys: Sequence[Key]) -> list[dict[str, str]]:
    """Name items in a request."""
    return [{"fileHash": hash, "instanceId": id} for id, hash in keys]
