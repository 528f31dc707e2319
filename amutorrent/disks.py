"""Free space and load of the machine, looked at now and then. Source: data-model 5, http-api 13.

To ask for free space may hang for ever where a network share is away: each path has a thread of its own, and is not
asked again until that has ended. Nobody waits for it.
"""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import trio

from .catalogue import Catalogue
from .model.machine import CpuUsage, DiskSpace, Machine

PERIOD_S = 10.0
ANSWER_S = 3.0
THREADS = 8
FULL_BELOW = 1 << 20
"""With so few bytes left nothing can be saved reliably."""
SAME_DISK = 0.02
"""A client that says nearly what this machine says of the path means the same disk."""
PROC_STAT = Path("/proc/stat")

log = logging.getLogger("amutorrent.disks")


class Size(NamedTuple):
    """A disk, in bytes; `total` None: not known."""

    free: int
    total: int | None = None
    used: int | None = None


class Wanted:
    """One path whose disk is shown, and for whom."""

    def __init__(self) -> None:
        self.categories: list[str] = []
        self.instance_ids: list[str] = []
        self.said: int | None = None
        """What a client says is free there."""


class Disks:
    """Puts the free space of the paths of instances and categories into the stats; watches over the data directory."""

    def __init__(self, catalogue: Catalogue, data_dir: Path, warn_below: Callable[[], int]) -> None:
        self.problem: tuple[str, str] | None = None
        """What is wrong with the disk of the data directory: `disk_full` or `disk_low`, and a sentence."""
        self._catalogue = catalogue
        self._data_dir = str(data_dir)
        self._warn_below = warn_below
        self._sizes: dict[str, Size] = {}
        self._asked: set[str] = set()
        self._threads = trio.CapacityLimiter(THREADS)
        self._times: tuple[int, int] | None = None

    @property
    def free(self) -> int | None:
        """The free bytes of the disk of the data directory; None: it does not answer."""
        size = self._sizes.get(self._data_dir)
        return size.free if size is not None else None

    async def run(self) -> None:
        """Look every few seconds."""
        while True:
            await self.look()
            await trio.sleep(PERIOD_S)

    async def look(self) -> None:
        """Look once; a path that does not answer is left out until it does."""
        wanted = self._wanted()
        async with trio.open_nursery() as nursery:
            for path in {*wanted, self._data_dir}:
                nursery.start_soon(self._measure, path)
        self._judge(self._sizes.get(self._data_dir))
        self._sizes = {path: size for path, size in self._sizes.items() if path in wanted or path == self._data_dir}
        shown = [self._shown(path, each) for path, each in wanted.items()]
        cpu = await trio.to_thread.run_sync(self._cpu)
        self._catalogue.machine = Machine(disk_space=[each for each in shown if each], cpu_usage=cpu)

    def _wanted(self) -> dict[str, Wanted]:
        """List the default paths of instances, and the paths of categories as this machine sees them."""
        wanted: dict[str, Wanted] = {}
        for source in self._catalogue.sources.values():
            if source.default_path:
                one = wanted.setdefault(source.default_path, Wanted())
                one.instance_ids.append(source.instance_id)
                one.said = source.free_space if one.said is None else one.said
        for category in self._catalogue.categories.all():
            for path, ids in _paths(category.path, category.path_mappings or {}).items():
                one = wanted.setdefault(path, Wanted())
                one.categories.append(category.name)
                one.instance_ids += [id for id in ids if id not in one.instance_ids]
        return wanted

    async def _measure(self, path: str) -> None:
        if path in self._asked:
            return  # the last question hangs yet
        self._asked.add(path)
        self._sizes.pop(path, None)
        with trio.move_on_after(ANSWER_S):
            size = await trio.to_thread.run_sync(self._ask, path, limiter=self._threads, abandon_on_cancel=True)
            if size is not None:
                self._sizes[path] = size
            return
        log.debug("%s does not answer", path)

    def _ask(self, path: str) -> Size | None:
        try:
            return size_of(path)
        finally:
            self._asked.discard(path)

    def _shown(self, path: str, wanted: Wanted) -> DiskSpace | None:
        size = self._sizes.get(path)
        if wanted.said is not None and (size is None or abs(size.free - wanted.said) > SAME_DISK * (size.total or 0)):
            size = Size(wanted.said)  # the client's own machine is another one
        if size is None:
            return None
        percent = None if not size.total or size.used is None else round(100 * size.used / size.total, 1)
        return DiskSpace(
            path=path,
            categories=wanted.categories,
            instance_ids=wanted.instance_ids,
            total=size.total,
            used=size.used,
            free=size.free,
            percent_used=percent,
            low=size.free < self._warn_below(),
        )

    def _judge(self, size: Size | None) -> None:
        before, self.problem = self.problem, None
        if size is not None and size.free < FULL_BELOW:
            self.problem = ("disk_full", f"The disk of {self._data_dir} is full: make room, or nothing can be saved")
        elif size is not None and size.free < self._warn_below():
            self.problem = ("disk_low", f"The disk of {self._data_dir} is nearly full (disk.warnBelow)")
        if self.problem and (before is None or before[0] != self.problem[0]):
            log.warning("%s", self.problem[1])

    def _cpu(self) -> CpuUsage | None:
        """Say how busy the processors were since the last time."""
        try:
            now = cpu_times(PROC_STAT.read_text())
        except (OSError, ValueError):
            return None
        before, self._times = self._times, now
        if before is None or now[1] <= before[1]:
            return None
        busy = (now[0] - before[0]) / (now[1] - before[1])
        return CpuUsage(percent=round(min(100.0, max(0.0, 100 * busy)), 1))


def _paths(path: str, mappings: Mapping[str, str]) -> dict[str, list[str]]:
    """Give the paths by which this machine sees a category's path, each with the instances that it is for."""
    if not mappings:
        return {path: []} if path else {}
    found: dict[str, list[str]] = {}
    for instance_id, mapped in mappings.items():
        found.setdefault(mapped, []).append(instance_id)
    return found


def size_of(path: str) -> Size | None:
    """Ask for the disk below a path; blocks. None: this machine does not see it."""
    if not path.startswith("/") or "\0" in path:
        return None
    try:
        found = os.statvfs(path)
    except OSError:
        return None
    total, unused = found.f_blocks * found.f_frsize, found.f_bfree * found.f_frsize
    return Size(free=found.f_bavail * found.f_frsize, total=total, used=total - unused) if total else None


def cpu_times(text: str) -> tuple[int, int]:
    """Read the time that processors were busy, and all time, in ticks. Raises `ValueError`.

    **Source:** proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user time.
    """
    name, *values = text.partition("\n")[0].split()
    times = [int(each) for each in values[:8]]
    if name != "cpu" or len(times) < 4:
        raise ValueError("no times of processors")
    idle = sum(times[3:5])
    return sum(times) - idle, sum(times)
