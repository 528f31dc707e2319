"""The longest holds of the loop in a process that is measured: by the clock, and by the processor time of its thread.

On a machine that does other things as well, the clock also counts while nobody ran; the processor time does not.
"""

import signal
import time
from collections.abc import AsyncIterator

import trio


class Holds(trio.abc.Instrument):
    """Remembers the longest step of any task, both ways, in seconds and with the name of the task."""

    def __init__(self) -> None:
        self.by_clock = (0.0, "nothing")
        self.by_processor = (0.0, "nothing")
        self._began: tuple[float, float] | None = None

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """Start."""
        self._began = time.perf_counter(), time.thread_time()

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """Stop. The step that added the instrument comes here without a start."""
        if self._began is None:
            return
        clock, processor = self._began
        self._began = None
        self.by_clock = max(self.by_clock, (time.perf_counter() - clock, task.name))
        self.by_processor = max(self.by_processor, (time.thread_time() - processor, task.name))

    def __str__(self) -> str:
        (clock, who), (processor, whose) = self.by_clock, self.by_processor
        return f"{clock * 1000:.1f} ms ({who}), by processor time {processor * 1000:.1f} ms ({whose})"


async def tell_holds(*, begin: bool) -> None:
    """Watch from the beginning, or from SIGUSR1 on, until SIGUSR1 or SIGTERM, which ends it; print what was seen.

    Watching costs two system calls a step: it is not done while the processor time of a process is measured.
    """
    number = None
    with trio.open_signal_receiver(signal.SIGUSR1, signal.SIGTERM) as signals:
        while number != signal.SIGTERM:
            number = signal.SIGUSR1 if begin else await anext(signals)
            begin = False
            if number == signal.SIGUSR1:
                number = await _watch(signals)


async def _watch(signals: AsyncIterator[int]) -> int:
    holds = Holds()
    trio.lowlevel.add_instrument(holds)
    number = await anext(signals)
    trio.lowlevel.remove_instrument(holds)
    print(f"longest hold of the loop: {holds}", flush=True)
    return number
