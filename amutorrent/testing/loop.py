"""Measures how long the event loop is held, whoever holds it. Source: stack-notes 12."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

NAP_S = 0.001


class LoopWatch:
    """A task that wakes every millisecond and remembers by how much it came late at most.

    It sees more than a look at the steps of tasks does: a thread that holds the interpreter, too.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        """The longest delay so far, in seconds."""
        self.busy_s = 0.0
        """The most of a delay in which this process really computed: what other programs took is not in it."""

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator["LoopWatch"]:
        """Watch for as long as the context lasts."""
        watch = cls()
        async with trio.open_nursery() as nursery:
            await nursery.start(watch._run)
            yield watch
            nursery.cancel_scope.cancel()
            watch._look()

    async def _run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        self._note()
        task_status.started()
        while True:
            self._note()
            await trio.sleep(NAP_S)
            self._look()

    def _note(self) -> None:
        self._slept, self._used = time.perf_counter(), time.process_time()

    def _look(self) -> None:
        """Also called at the end: a step that held the loop up to there has not let the task wake."""
        late = time.perf_counter() - self._slept - NAP_S
        self.longest_s = max(self.longest_s, late)
        self.busy_s = max(self.busy_s, min(late, time.process_time() - self._used))
