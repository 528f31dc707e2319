"""What was seen while a daemon was under load, and what of it must not be."""

import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from .reading import Reader

GROWTH_MB = 30


@dataclass
class Report:
    """What was seen."""

    answers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Kind of request -> seconds until each answer."""
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)
    """Answers that were not right, and requests that got none."""
    readers: list[Reader] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Sockets that did not come to the list of the snapshot, or were ended though they read."""
    revisions: int = 0
    memory_mb: list[float] = field(default_factory=list)
    """Resident before the load, after the warm-up, and at the end, all sockets being open."""
    left_open: int = 0
    """Descriptors that the daemon still holds when all have gone."""

    @property
    def growth_mb(self) -> float:
        """How much memory more there is at the end than before the load."""
        *before, after = self.memory_mb
        return after - min(before)

    def lines(self) -> Iterator[str]:
        """Put it into words."""
        for kind, times in sorted(self.answers.items()):
            middle, worst = statistics.median(times) * 1000, max(times) * 1000
            statuses = ", ".join(map(str, sorted(self.statuses[kind])))
            yield f"{kind:16} {len(times):6} answers, median {middle:6.1f} ms, worst {worst:6.0f} ms, status {statuses}"
        readers = self.readers
        yield (
            f"{len(readers)} sockets: {sum(each.connections for each in readers)} connections, {self.revisions} "
            f"revisions, {sum(len(each.heard) for each in readers)} messages, of which "
            f"{sum(message.full for each in readers for message in each.heard)} whole lists, "
            f"{sum(each.asked for each in readers)} requests, {sum(each.dropped for each in readers)} dropped by us"
        )
        yield "resident {:.0f} MB at first, {:.0f} MB after the warm-up, {:.0f} MB at the end".format(*self.memory_mb)
        yield from self.problems()

    def problems(self) -> Iterator[str]:
        """Name everything that must not be."""
        yield from self.wrong
        yield from self.lost
        unanswered = sum(len(each.unanswered) for each in self.readers)
        if unanswered:
            yield f"{unanswered} requests on sockets got no answer"
        if self.left_open > 0:
            yield f"{self.left_open} connections were left open"
        if self.growth_mb > GROWTH_MB:
            yield f"the memory grew by {self.growth_mb:.0f} MB"
