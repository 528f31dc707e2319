"""Whether a torrent has one file or several: told by the daemon where it can, else asked for once.

An item needs it for its folder. 4.x says it nowhere but in the list of files, so one short question per torrent it
is, a few at a time and for a limited part of each poll; what is left over is asked in the polls that follow.
"""

from collections import deque
from collections.abc import Iterable

import trio

from amutorrent import AmutorrentError

from .failures import Refusal
from .mapping import has_metadata, told_multi_file
from .mirror import STEP, Mirror
from .transport import Transport

AT_ONCE = 2
PER_POLL_S = 0.5


class Layouts:
    """Knows of each torrent whether it has several files."""

    def __init__(self, transport: Transport, mirror: Mirror) -> None:
        self._transport = transport
        self._mirror = mirror
        self._known: dict[str, bool] = {}
        self._wanted: dict[str, None] = {}

    def get(self, id: str) -> bool | None:
        """Say if this torrent has several files; None while that is not known."""
        return self._known.get(id)

    async def settle(self, changed: Iterable[str]) -> set[str]:
        """Learn about these, and what was left over before, and give the ids that were learnt about."""
        learnt = set()
        for number, id in enumerate(changed):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            if id not in self._known and self._told(id):
                learnt.add(id)
        asked = await self._ask()
        self._known = self._known if len(self._known) <= 2 * len(self._mirror.torrents) + 1000 else self._kept()
        return learnt | asked

    def _told(self, id: str) -> bool:
        torrent = self._mirror.torrents.get(id)
        if torrent is None or not has_metadata(torrent):
            return False
        several = told_multi_file(torrent)
        if several is None:
            self._wanted[id] = None
            return False
        self._known[id] = several
        return True

    def _kept(self) -> dict[str, bool]:
        return {id: several for id, several in self._known.items() if id in self._mirror.torrents}

    async def _ask(self) -> set[str]:
        queue = deque(id for id in self._wanted if id in self._mirror.torrents)
        self._wanted = dict.fromkeys(queue)
        learnt: set[str] = set()
        failures: list[AmutorrentError] = []
        if queue:
            end = trio.current_time() + PER_POLL_S
            async with trio.open_nursery() as nursery:
                for _ in range(AT_ONCE):
                    nursery.start_soon(self._work, queue, end, learnt, failures)
        if failures:
            raise failures[0]
        return learnt

    async def _work(self, queue: deque[str], end: float, learnt: set[str], failures: list[AmutorrentError]) -> None:
        while queue and not failures and trio.current_time() < end:
            id = queue.popleft()
            try:
                self._known[id] = await self._several(id)
            except Refusal as error:
                if error.http_status != 404:  # it has been removed in the meantime
                    failures.append(error)
            except AmutorrentError as error:
                failures.append(error)
            else:
                learnt.add(id)
            self._wanted.pop(id, None)

    async def _several(self, id: str) -> bool:
        try:
            await self._transport.get("torrents/files", hash=id, indexes=1)
        except Refusal as error:
            if error.http_status == 409:  # there is no second file
                return False
            raise
        return True
