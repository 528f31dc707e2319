"""Measures how long single steps hold the event loop, and names who did it. Source: design 5, stack-notes 12.

A step may last 50 ms. One that was longer is logged with the task and the worker threads that were busy at that
moment (a thread can hold the interpreter as well); one that still blocks after a second is named while it blocks,
with the line that it stands at. Blocking code cannot be interrupted, only named.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import TypeVar

import trio

from .client import RunSync

THRESHOLD_S = 0.05
STILL_BLOCKED_S = 1.0
QUIET_S = 60.0
"""The same task is named at most once in so many seconds."""

T = TypeVar("T")
log = logging.getLogger("amutorrent.watchdog")


class Workers:
    """Runs blocking code in threads, and knows what runs."""

    def __init__(self) -> None:
        self._busy: dict[object, str] = {}

    def busy(self) -> list[str]:
        """Name what runs in threads now, as `plugin: function`."""
        return list(self._busy.values())

    def runner(self, name: str, limiter: trio.CapacityLimiter, *, abandon: bool = False) -> RunSync:
        """Give the `run_sync` of one plugin; its limiter keeps it from taking the threads of others.

        With `abandon` a call that is cancelled leaves its thread behind, which holds its place until it ends.
        """

        async def run_sync(function: Callable[..., T], *args: object) -> T:
            def work() -> T:
                key = object()
                self._busy[key] = f"{name}: {getattr(function, '__qualname__', function)}"
                try:
                    return function(*args)
                finally:
                    del self._busy[key]

            return await trio.to_thread.run_sync(work, limiter=limiter, abandon_on_cancel=abandon)

        return run_sync


@dataclass(frozen=True)
class WatchdogStatistics:
    """Seconds of the longest step so far, and how many passed the threshold."""

    longest_s: float
    over: int


class Watchdog(trio.abc.Instrument):
    """A context manager, entered inside trio: watches every task step until it is left. About 1 µs per step."""

    def __init__(self, workers: Workers | None = None, threshold_s: float = THRESHOLD_S) -> None:
        self._workers = workers or Workers()
        self._threshold = threshold_s
        self._longest, self._over = 0.0, 0
        self._task: trio.lowlevel.Task | None = None
        self._began = 0.0
        self._told: dict[str, float] = {}
        self._end = threading.Event()
        self._loop_thread = 0

    def statistics(self) -> WatchdogStatistics:
        """Say what was seen."""
        return WatchdogStatistics(self._longest, self._over)

    def __enter__(self) -> "Watchdog":
        self._loop_thread = threading.get_ident()
        trio.lowlevel.add_instrument(self)
        threading.Thread(target=self._look, name="watchdog", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        trio.lowlevel.remove_instrument(self)

    # -- the instrument

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """Start the watch."""
        self._began = time.perf_counter()
        self._task = task

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """Stop it. The step that added the instrument comes here without a start."""
        if self._task is None:
            return
        self._task = None
        spent = time.perf_counter() - self._began
        if spent > self._longest:
            self._longest = spent
        if spent > self._threshold:
            self._over += 1
            self._tell(task.name, f"held the loop for {spent * 1000:.0f} ms{self._threads()}")

    # -- the thread

    def _look(self) -> None:
        """Name a step that still blocks; only once per step."""
        named = 0.0
        while not self._end.wait(STILL_BLOCKED_S / 2):
            task, began = self._task, self._began
            if task is not None and began != named and time.perf_counter() - began > STILL_BLOCKED_S:
                named = began
                frame = sys._current_frames().get(self._loop_thread)
                log.error("%s blocks the loop at %s%s", task.name, place(frame), self._threads())

    def _tell(self, name: str, what: str) -> None:
        now = time.monotonic()
        if now - self._told.get(name, -QUIET_S) >= QUIET_S:
            if len(self._told) > 1000:
                self._told.clear()
            self._told[name] = now
            log.warning("%s %s", name, what)

    def _threads(self) -> str:
        busy = self._workers.busy()
        return f"; busy threads: {', '.join(busy)}" if busy else ""


def place(frame: FrameType | None) -> str:
    """Name the line that a frame stands at, and who called it: `file:line function`, innermost first."""
    lines: list[str] = []
    while frame is not None and len(lines) < 3:
        code = frame.f_code
        lines.append(f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return " < ".join(lines) or "an unknown place"
