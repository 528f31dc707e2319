"""Looks at disks, in threads: many at the same time, and never for longer than a deadline."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

import trio

T = TypeVar("T")
THREADS = 4
"""One that hangs on a dead disk keeps its thread; the others go on."""
SLICE = 50
"""So many paths are one piece of work for a thread."""
DEADLINE_S = 5.0


class Disks:
    """Looks at paths."""

    def __init__(self) -> None:
        self._threads = trio.CapacityLimiter(THREADS)

    async def look(
        self, paths: Iterable[str], work: Callable[[str], T], deadline_s: float = DEADLINE_S
    ) -> dict[str, T]:
        """Give what `work` finds at each path: nothing for those where it raises `OSError`, or that took too long."""
        found: dict[str, T] = {}
        todo = list(dict.fromkeys(paths))
        with trio.move_on_after(deadline_s):
            async with trio.open_nursery() as nursery:
                for at in range(0, len(todo), SLICE):
                    some = partial(_look, todo[at : at + SLICE], work, found)
                    run = partial(trio.to_thread.run_sync, some, abandon_on_cancel=True, limiter=self._threads)
                    nursery.start_soon(run)
        return dict(found)  # a thread that was given up may still write into the other


def _look(paths: list[str], work: Callable[[str], T], found: dict[str, T]) -> None:
    for path in paths:
        try:
            found[path] = work(path)
        except OSError:
            continue
