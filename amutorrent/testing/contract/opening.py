"""Contract: opening and closing, and what a client says of itself."""

import math
import os
import threading

import pytest
import trio

from ...capabilities import capabilities_of
from ...client import ClientSettings
from ...errors import AuthRejected
from ..session import Session, open_session, skip, ungrouped
from .supplies import Supplies

RUNS = 60


class OpeningTests(Supplies):
    """What holds for every client, whatever it can do."""

    async def test_the_class_says_what_it_is(self) -> None:
        """Type, label, network and capabilities are known before anything is connected."""
        assert self.client.type.isalnum()
        assert self.client.type == self.client.type.lower()
        assert self.client.label
        assert self.client.network
        assert capabilities_of(self.client, *self.client.part_types), "a client that can do nothing is of no use"

    async def test_what_is_open_has_what_the_class_declares(self, session: Session) -> None:
        """`parts` have the capabilities of `part_types`, and `probe` finds only such ones missing."""
        declared = capabilities_of(self.client, *self.client.part_types)
        assert capabilities_of(*session.client.parts) == declared
        probe = await session.client.probe()
        assert probe.version
        assert probe.missing <= set(declared.values())

    async def test_several_can_be_open_and_close_in_any_order(self, settings: ClientSettings) -> None:
        """They share nothing: each has a first poll of its own, and outlives the others."""
        async with trio.open_nursery() as nursery:
            first_may_close, first_closed = trio.Event(), trio.Event()

            async def first() -> None:
                async with open_session(self.client, settings) as session:
                    await session.poll()
                    await first_may_close.wait()
                first_closed.set()

            nursery.start_soon(first)
            async with open_session(self.client, settings) as second:
                await second.poll()
                assert second.last.full
                first_may_close.set()
                await first_closed.wait()
                await second.poll()
        async with open_session(self.client, settings) as again:
            await again.poll()
            assert again.last.full

    async def test_cancelled_at_any_checkpoint_it_leaves_nothing_behind(self, settings: ClientSettings) -> None:
        """No task, socket or thread stays, wherever the cancellation strikes while it opens, polls and closes."""
        steps = await self._open_and_poll(settings, math.inf)
        before = _Residue()
        for run in range(min(RUNS, steps)):
            await self._open_and_poll(settings, steps * run // min(RUNS, steps))
        for _ in range(100):
            if _Residue().fits(before):
                break
            await trio.sleep(0.02)
        assert _Residue().fits(before), f"{_Residue()} is left over; at first there was {before}"

    async def _open_and_poll(self, settings: ClientSettings, steps: float) -> int:
        """Do it until so many steps of its tasks are done, and give how many it were."""
        counter = _Steps()
        done = False

        async def story() -> None:
            nonlocal done
            with ungrouped():
                async with open_session(self.client, settings) as session:
                    await session.poll()
                    await session.poll()
            done = True

        trio.lowlevel.add_instrument(counter)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(story)
                while not done and counter.steps < steps:
                    await trio.lowlevel.checkpoint()
                nursery.cancel_scope.cancel()
        finally:
            trio.lowlevel.remove_instrument(counter)
        return counter.steps

    async def test_wrong_credentials_are_refused_on_the_first_try(
        self, settings: ClientSettings, wrong_settings: ClientSettings | None
    ) -> None:
        """`AuthRejected` after one attempt: daemons ban addresses that try again."""
        if wrong_settings is None:
            skip("no `wrong_settings` were supplied")
        proxy = self.open_proxy(settings)
        if proxy is None:
            return await self._refused(wrong_settings)
        async with proxy as running:
            await self._refused(self.through(wrong_settings, running))
            if self.login is not None:
                assert running.sent().count(self.login) == 1
        return None

    async def _refused(self, wrong_settings: ClientSettings) -> None:
        with pytest.raises(AuthRejected) as caught:
            async with open_session(self.client, wrong_settings) as session:
                await session.poll()
        assert caught.value.message


class _Steps(trio.abc.Instrument):
    """Counts the steps of all tasks but the one that made it."""

    def __init__(self) -> None:
        self.steps = 0
        self._mine = trio.lowlevel.current_task()

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """Count."""
        self.steps += task is not self._mine


class _Residue:
    """How many files and sockets, tasks, and threads there are. Trio keeps worker threads for a while: not those."""

    def __init__(self) -> None:
        self.files = len(os.listdir("/dev/fd"))
        self.tasks = trio.lowlevel.current_statistics().tasks_living
        self.threads = sum(not thread.name.startswith("Trio thread") for thread in threading.enumerate())

    def fits(self, before: "_Residue") -> bool:
        """Say if nothing was added."""
        return self.files <= before.files and self.tasks <= before.tasks and self.threads <= before.threads

    def __repr__(self) -> str:
        return f"{self.files} files, {self.tasks} tasks, {self.threads} threads"
