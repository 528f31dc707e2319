"""One move that the host makes: its phases one after the other, and back again if one of them fails."""

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

import trio

from ..capabilities import MovedByHost
from ..catalogue import Catalogue
from ..client import RunSync
from ..disk import on_disk
from ..errors import AmutorrentError, DeadlineExceeded, NotFound, ProtocolError, Unreachable
from ..instances import Instances
from ..model import percent
from . import faults
from .journal import Begun, Journal
from .plan import NEXT, UNDO, Phase, Plan
from .steps import STEPS

AGAIN_S = 2.0
"""So long it waits before it asks a client again that does not answer."""
UNDO_AGAIN_S = 60.0
SHOW_S = 0.5
SETTLE_S = 120.0
SETTLE_BYTES_PER_S = 4 << 20
"""A client may read what lies at its new place, before it names it."""
LOST = (Unreachable, DeadlineExceeded, ProtocolError)

T = TypeVar("T")
log = logging.getLogger("amutorrent.moving")


@dataclass(frozen=True)
class Around:
    """What all moves share. `turns`: one copies at a time from one file system to another."""

    instances: Instances
    catalogue: Catalogue
    journal: Journal
    run_sync: RunSync
    turns: dict[tuple[int, int], trio.Lock] = field(default_factory=dict)


class Failed(Exception):
    """The move has ended at the old place again; `error` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Carrier:
    """Carries the data of one item, and shows in the item how far it is."""

    def __init__(self, begun: Begun, plan: Plan, around: Around) -> None:
        self._begun, self._plan, self._around = begun, plan, around
        self._ends = list(accumulate(file.size for file in plan.files))
        self._done = 0
        self._shown_at = float("-inf")

    async def run(self) -> str | None:
        """Go on from the phase that is written down; returns when the data lies at the new place.

        Gives a text if something is left at the old one. Raises `Failed`. The journal holds it no longer then.
        """
        self._show(verifying=False, waiting=True)
        left = None
        if self._begun.phase in STEPS_FORWARD:
            try:
                await self._forward()
            except (AmutorrentError, OSError) as error:
                left = await self._failed(said(error, self._plan.source_folder))
        if self._begun.phase is not Phase.LEAVING:
            await self._back()
            await self._around.journal.drop(self._begun)
            raise Failed((self._begun.error or "It was cut off") + await self._kept())
        await self._around.journal.drop(self._begun)
        return left

    async def _kept(self) -> str:
        """Say where something is that somebody took away from its old place meanwhile."""
        kept = await self._around.run_sync(os.path.isdir, self._plan.staging)
        return f"; what is gone from {self._plan.source_folder} is kept in {self._plan.staging}" if kept else ""

    async def _forward(self) -> None:
        faults.reached("planned")
        if self._begun.phase is not Phase.LEAVING:
            await self._ask(lambda client: client.release(self._hash))
        while True:
            phase = self._begun.phase
            if phase is Phase.COPYING:
                async with await self._turn():
                    await self._do(phase)
            elif phase is Phase.TELLING:
                await self._tell()
            elif phase is not None:
                await self._do(phase)
            if phase is None or phase is Phase.LEAVING:
                return
            await self._enter(NEXT[phase])

    async def _tell(self) -> None:
        plan = self._plan
        seconds = SETTLE_S + plan.size / SETTLE_BYTES_PER_S
        await self._ask(lambda client: client.settle(self._hash, plan.destination, plan.running), seconds)
        faults.reached("told")

    async def _failed(self, message: str) -> str | None:
        phase = self._begun.phase
        if phase is None or phase is Phase.LEAVING:
            return f"what is left at the old place could not be deleted: {message}"
        log.warning("%s of %s could not be moved (%s): %s", self._hash, self._begun.key[0], phase, message)
        await self._enter(UNDO[phase], message)
        return None

    async def _back(self) -> None:
        """Undo what was done. What cannot be undone now is tried again: nothing else may happen to the data."""
        while (phase := self._begun.phase) is not None:
            try:
                await self._do(phase)
            except (AmutorrentError, OSError) as error:
                message = said(error, self._plan.source_folder)
                log.error("the move of %s could not be undone yet (%s): %s", self._hash, phase, message)
                await trio.sleep(UNDO_AGAIN_S)
                continue
            if phase not in NEXT:
                break
            await self._enter(NEXT[phase], self._begun.error)
        try:
            await self._ask(lambda client: client.settle(self._hash, None, self._plan.running), SETTLE_S)
        except AmutorrentError as error:
            log.warning("%s was not taken up again where it was: %s", self._hash, error.message)

    async def _enter(self, phase: Phase, error: str | None = None) -> None:
        self._begun = await self._around.journal.step(self._begun, phase, error)

    @property
    def _hash(self) -> str:
        return self._begun.key[1]

    async def _turn(self) -> trio.Lock:
        """Wait for nobody where nothing is copied; else one at a time from one disk to another."""
        pair = await self._around.run_sync(_file_systems, self._plan)
        return trio.Lock() if pair is None else self._around.turns.setdefault(pair, trio.Lock())

    async def _do(self, phase: Phase) -> None:
        steps = STEPS[phase](self._plan)
        if phase is Phase.COPYING:
            self._done = 0
        try:
            while (size := await self._around.run_sync(next, steps, None)) is not None:
                if phase is Phase.COPYING:
                    self._done += size
                self._show(verifying=phase is Phase.COPYING and not size)
        finally:
            await self._around.run_sync(steps.close)

    async def _ask(self, method: Callable[[MovedByHost], Awaitable[T]], deadline_s: float = 60.0) -> T:
        """Ask the client, as soon as it answers. Raises `NotFound` if it is none of ours any more."""
        while True:
            instance = self._around.instances.get(self._begun.key[0])
            if instance.state == "disabled":
                raise NotFound(f"{instance.config.name} is disabled", code="instance_not_found")
            try:
                return await instance.call(MovedByHost, method, deadline_s)
            except LOST:
                await trio.sleep(AGAIN_S)

    # -- how far it is

    def _show(self, *, verifying: bool, waiting: bool = False) -> None:
        if trio.current_time() - self._shown_at < SHOW_S:
            return
        self._shown_at = trio.current_time()
        self._around.catalogue.overlay(self._begun.key, self._facts(verifying=verifying, waiting=waiting))

    def _facts(self, *, verifying: bool, waiting: bool) -> dict[str, object]:
        files, done = self._plan.files, self._done
        moved = sum(end <= done for end in self._ends) - (verifying and done > 0)
        current = files[min(max(0, moved), len(files) - 1)]
        return {
            "status": "moving",
            "move_status": "pending" if waiting else "verifying" if verifying else "moving",
            "move_progress": percent(min(done, self._plan.size), self._plan.size),
            "move_error": None,
            "move_files_total": len(files),
            "move_files_moved": max(0, moved),
            "move_current_file": b"/".join(current.names).decode("utf-8", "replace"),
        }


STEPS_FORWARD = frozenset({*UNDO, Phase.LEAVING})


def _file_systems(plan: Plan) -> tuple[int, int] | None:
    """Give the two file systems of a move; None if it is one."""
    source, target = os.stat(plan.source_folder).st_dev, os.stat(existing_above(plan.target_folder)).st_dev
    return None if source == target else (source, target)


def existing_above(path: str) -> str:
    """Give the nearest folder above a path that is there."""
    while not os.path.isdir(path) and path not in ("/", ""):
        path = os.path.dirname(path)
    return path or "/"


def said(error: AmutorrentError | OSError, where: str) -> str:
    """Give the words for what went wrong."""
    if isinstance(error, OSError):
        error = on_disk(error, str(error.filename) if error.filename else where)
    return error.message
