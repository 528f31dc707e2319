"""Keeps every connected instance in line with the app's categories, whenever either of them changes."""

from collections.abc import Collection

import trio

from ..catalogue import Catalogue
from ..events import Events
from ..instances import Instance, Instances
from .line import Line

ANSWER_S = 20.0
"""So long a caller waits to hear what became of it; the work goes on."""


class CategorySync:
    """Carries the app's categories to the clients. `run` does it; `bring_in_line` waits for it."""

    def __init__(self, catalogue: Catalogue, instances: Instances, events: Events) -> None:
        self._catalogue = catalogue
        self._instances = instances
        self._events = events
        self._lines: dict[Instance, Line] = {}
        self._nursery: trio.Nursery | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Go on until cancelled."""
        async with trio.open_nursery() as self._nursery:
            self._nursery.start_soon(self._follow_instances)
            task_status.started()
            while True:
                version = self._catalogue.categories.version
                self._look()
                await self._catalogue.categories.wait_version(version)

    async def bring_in_line(self, names: Collection[str]) -> list[str]:
        """Carry what has changed to every connected instance now.

        Gives a text for each that could not be brought in line with one of these categories.
        """
        lines = self._look()
        late = set(lines)

        async def one(line: Line) -> None:
            await line.wait_served(line.asked)
            late.discard(line)

        with trio.move_on_after(ANSWER_S):
            async with trio.open_nursery() as nursery:
                for line in lines:
                    nursery.start_soon(one, line)
        lost = [each for each in self._instances.all() if each.connected and not each.open]
        return [
            *(f"{each.config.name}: it does not answer now, and will be asked when it does" for each in lost),
            *(f"{each.instance.config.name}: it has not answered yet" for each in lines if each in late),
            *(text for each in lines if each not in late for name in names if (text := each.failed.get(name))),
        ]

    async def _follow_instances(self) -> None:
        with self._events.subscribe() as happened:
            while True:
                event = await happened.get()
                if event.name == "instances_changed":
                    self._look()

    def _look(self) -> list[Line]:
        """See that somebody is at work for every instance whose client is open; gives these."""
        assert self._nursery is not None, "run() comes first"
        known = self._instances.all()
        for gone in self._lines.keys() - set(known):
            del self._lines[gone]
        lines = [self._line(each) for each in known if each.open]
        for line in lines:
            line.asked += 1
            if not line.running:
                self._nursery.start_soon(self._work, line)
        return lines

    def _line(self, instance: Instance) -> Line:
        if instance not in self._lines:
            self._lines[instance] = Line(instance, self._catalogue)
        return self._lines[instance]

    async def _work(self, line: Line) -> None:
        if line.running:
            return
        await line.run()
        if not line.settling:
            await line.settle()
