"""One search that the indexer makes for whoever asks for the same: what was found so far, and how it ended."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import trio

from amutorrent import AmutorrentError, SearchResult, SearchType, User

from .query import Wanted

MOST_ROWS = 1000
"""Rows of one search that are offered: the apps page through no more."""


class Key(NamedTuple):
    """Two requests with equal keys are answered by one search."""

    instance_id: str
    function: str
    wanted: Wanted


class Job:
    """A search. `deadline` (by trio's clock): after it nobody waits any more, so nothing new is begun."""

    def __init__(self, key: Key, user: User, deadline: float) -> None:
        self.key, self.user, self.deadline = key, user, deadline
        self.answered = False
        """Whether a network has been searched to its end."""
        self.whole = True
        """Whether all networks have been: else it is worth asking again soon."""
        self.error: AmutorrentError | None = None
        self.done = trio.Event()
        self.finished_at = float("inf")
        self._found: dict[SearchType, Sequence[SearchResult]] = {}
        self._rows: list[SearchResult] | None = None

    def take(self, network: SearchType, rows: Sequence[SearchResult]) -> None:
        """Take over what a network has found so far."""
        self._found[network] = rows

    def finish(self) -> None:
        """Say that it has ended."""
        self._rows, self._found = self.rows(), {}
        self.finished_at = trio.current_time()
        self.done.set()

    def rows(self) -> list[SearchResult]:
        """Give what was found so far, once for each hash and name, most sources first."""
        if self._rows is not None:
            return self._rows
        merged: dict[tuple[str, str], SearchResult] = {}
        for rows in self._found.values():
            for row in rows:
                known = merged.get((row.file_hash, row.file_name))
                if known is None or row.source_count > known.source_count:
                    merged[row.file_hash, row.file_name] = row
        ranked = sorted(merged.values(), key=lambda row: (-row.source_count, row.file_name, row.file_hash))
        return ranked[:MOST_ROWS]

    async def in_time(self, wait: Callable[[], Awaitable[object]]) -> bool:
        """Wait for something, at most until the deadline, which may be moved on meanwhile. False: it was too late."""
        while trio.current_time() < self.deadline:
            with trio.move_on_at(self.deadline):
                await wait()
                return True
        return False
