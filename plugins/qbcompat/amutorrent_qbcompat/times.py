"""The service that asks the history when downloads were added and complete, where neither we nor their client know."""

from collections.abc import Iterator
from contextlib import suppress

import trio

from amutorrent import Host, StorageUnavailable

from .desk import Desk
from .rows import Key
from .shown import SLICE, Shown, View

LOOK_S = 10.0
AGAIN_S = 600.0
"""So long after it knew nothing the history is asked again."""
AT_ONCE = 2000


class Times(Shown):
    """Runs as long as the daemon."""

    def __init__(self, host: Host, desk: Desk) -> None:
        super().__init__(host, desk)
        self._asked: dict[Key, tuple[bool, float]] = {}  # whether it was complete then, and when that was

    async def run(self) -> None:
        """Ask for what is not known yet, for ever."""
        while True:
            if self._desk.loaded:
                with suppress(StorageUnavailable):  # next time, maybe
                    await self.learn()
            await trio.sleep(LOOK_S)

    async def learn(self) -> None:
        """Ask once. Raises `StorageUnavailable`; what was learnt until then stays."""
        there: set[Key] = set()
        wanted: dict[Key, bool] = {}
        for number, (key, complete) in enumerate(self._undated()):
            if number % SLICE == SLICE - 1:
                await trio.lowlevel.checkpoint()
            there.add(key)
            if self._is_wanted(key, complete):
                wanted[key] = complete
        self._forget(there)
        keys = list(wanted)
        for at in range(0, len(keys), AT_ONCE):
            some = keys[at : at + AT_ONCE]
            self._desk.times.update(await self._host.download_times(some))
            now = trio.current_time()
            self._asked.update((key, (wanted[key], now)) for key in some)

    def _undated(self) -> Iterator[tuple[Key, bool]]:
        return ((key, view.entry.item.complete) for view in self.all() if view.entry and (key := _key(view)))

    def _is_wanted(self, key: Key, complete: bool) -> bool:
        known = self._desk.times.get(key)
        if known is not None and (known.completed_at is not None or not complete):
            return False
        was_complete, at = self._asked.get(key, (complete, -AGAIN_S))
        return complete != was_complete or trio.current_time() - at >= AGAIN_S

    def _forget(self, there: set[Key]) -> None:
        for kept in (self._desk.times, self._asked):
            for key in [key for key in kept if key not in there]:
                del kept[key]


def _key(view: View) -> Key | None:
    """Name an item whose times are nowhere else."""
    if view.entry is None or (view.record is not None and view.record.kind != "found"):
        return None
    record, item = view.record, view.entry.item
    added = item.added_at is not None or (record is not None and record.added_on > 0)
    completed = not item.complete or (record is not None and record.completed_on is not None)
    return None if added and completed else (view.entry.instance_id, view.hash)
