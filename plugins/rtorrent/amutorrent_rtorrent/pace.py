"""How fast one torrent may be started and stopped: 0.9.8 dies of ten tracker requests in ten seconds. rtorrent 1."""

from collections.abc import Collection

import trio

APART_S = 3.0


class Pace:
    """Remembers when each torrent may next talk to its trackers because of us."""

    def __init__(self) -> None:
        self._turns: dict[str, float] = {}

    async def wait(self, hashes: Collection[str]) -> None:
        """Take the next turn of all of these, and wait for it."""
        now = trio.current_time()
        turn = max((self._turns.get(hash, now) for hash in hashes), default=now)
        self._turns = {hash: at for hash, at in self._turns.items() if at > now}
        self._turns.update(dict.fromkeys(hashes, turn + APART_S))
        await trio.sleep_until(turn)
