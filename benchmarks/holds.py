"""The longest holds of the loop in a process that is measured: by the clock, and by the processor time of its thread.

On a machine that does other things as well, the clock also counts while nobody ran; the processor time does not.
"""

import signal
import time

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


async def tell_holds() -> None:
    """Print the longest hold of the loop on SIGUSR1, each time since the last one, and on SIGTERM, which ends it."""
    number = None
    with trio.open_signal_receiver(signal.SIGUSR1, signal.SIGTERM) as signals:
        while number != signal.SIGTERM:
            holds = Holds()
            trio.lowlevel.add_instrument(holds)
            number = await anext(signals)
            trio.lowlevel.remove_instrument(holds)
            print(f"longest hold of the loop: {holds}", flush=True)
