"""What can be done to torrents that are there, their data aside. Source: rtorrent 5."""

from collections.abc import Callable, Sequence

from amutorrent import (
    AmutorrentError,
    Outcome,
    Pause,
    Priority,
    PriorityLevel,
    Reannounce,
    Recheck,
    Remove,
    Rename,
    SetCategory,
    Stop,
)

from .calls import call
from .daemon import Daemon, Step
from .methods import STATE
from .pace import Pace
from .rows import ADDED_KEY, NAME_KEY, Row
from .states import WRITE_PRIORITY
from .text import packed


class State:
    """How a torrent stands: whether it is wanted to run (`started`), has its files open, does run (`active`)."""

    def __init__(self, started: int, opened: int, active: int, hashing: int) -> None:
        self.started, self.open, self.active, self.hashing = bool(started), bool(opened), bool(active), bool(hashing)

    def to_pause(self) -> tuple[Step, ...]:
        """Hold it with its files open."""
        return (step("d.pause"),) if self.active else ()

    def to_resume(self) -> tuple[Step, ...]:
        """Let it run. `d.start` does nothing to one that was started and then paused, or closed."""
        if self.active or (self.started and self.hashing):
            return ()
        return (step("d.open"), step("d.resume")) if self.started else (step("d.start"),)

    def to_stop(self) -> tuple[Step, ...]:
        """Close it. Only that surely ends one that was resumed while it was stopped."""
        return (step("d.stop"), step("d.close")) if self.started or self.open or self.active else ()


class Downloads(Pause, Stop, Remove, Rename, Priority, Recheck, Reannounce, SetCategory):
    """Start, pause, stop, remove, rename, rank, check, announce, label. One request, whatever the number of items."""

    def __init__(self, daemon: Daemon, pace: Pace) -> None:
        self._daemon = daemon
        self._pace = pace

    async def pause(self, hashes: Sequence[str]) -> Outcome:
        """Pause them; one that is stopped already stays so."""
        return await self._daemon.when_checked(hashes, lambda free: self._change(free, State.to_pause))

    async def resume(self, hashes: Sequence[str]) -> Outcome:
        """Start them, or let them go on."""
        return await self._change(hashes, State.to_resume)

    async def stop(self, hashes: Sequence[str]) -> Outcome:
        """Stop and close them."""
        return await self._daemon.when_checked(hashes, lambda free: self._change(free, State.to_stop))

    async def remove(self, hashes: Sequence[str]) -> Outcome:
        """Take them off the list; their data stays."""
        return await self._daemon.when_checked(hashes, lambda free: self._daemon.act(free, step("d.erase")))

    async def rename(self, hash: str, name: str) -> None:
        """Set the name that is shown, kept in the daemon as a custom value; torrent and files keep theirs."""
        await self._daemon.ask(hash, call("d.custom.set", hash.upper(), NAME_KEY, packed(name)))

    async def set_priority(self, hashes: Sequence[str], priority: PriorityLevel) -> Outcome:
        """Set it: off, low, normal or high, or the nearest of these."""
        return await self._daemon.act(hashes, step("d.priority.set", WRITE_PRIORITY[priority]))

    async def recheck(self, hashes: Sequence[str]) -> Outcome:
        """Start checking their data; one that runs goes on by itself afterwards."""
        return await self._daemon.act(hashes, step("d.check_hash"))

    async def reannounce(self, hashes: Sequence[str]) -> Outcome:
        """Announce them to their trackers now, one that was announced a moment ago a little later."""
        await self._pace.wait(set(hashes))
        return await self._daemon.act(hashes, step("d.tracker_announce"))

    async def set_category(self, hashes: Sequence[str], category: str | None) -> Outcome:
        """Set the label, percent-encoded as other programs do it, too."""
        return await self._daemon.act(hashes, step("d.custom1.set", packed(category or "")))

    async def _change(self, hashes: Sequence[str], steps_of: Callable[[State], tuple[Step, ...]]) -> Outcome:
        outcome, steps = await self._steps(hashes, steps_of)
        if any(steps.values()):
            await self._pace.wait([hash for hash, those in steps.items() if those])
            # what they were may not be what they are, after a wait
            outcome, steps = await self._steps(hashes, steps_of)
        return {**outcome, **await self._daemon.act_each(steps)}

    async def _steps(
        self, hashes: Sequence[str], steps_of: Callable[[State], tuple[Step, ...]]
    ) -> tuple[dict[str, AmutorrentError | None], dict[str, tuple[Step, ...]]]:
        outcome: dict[str, AmutorrentError | None] = {}
        steps: dict[str, tuple[Step, ...]] = {}
        for hash, found in (await self._daemon.fields_of(hashes, *STATE)).items():
            if isinstance(found, AmutorrentError):
                outcome[hash] = found
            else:
                outcome[hash], steps[hash] = None, steps_of(State(*found))
        return outcome, steps


def carried_over(magnet: Row, torrent: Row) -> list[Step]:
    """Give what a torrent lacks of what its magnet had: the daemon makes it anew, as it was when it was added."""
    steps = []
    if magnet.label != torrent.label:
        steps.append(step("d.custom1.set", magnet.label))
    for key, old, new in ((NAME_KEY, magnet.shown_name, torrent.shown_name), (ADDED_KEY, magnet.added, torrent.added)):
        if old and old != new:
            steps.append(step("d.custom.set", key, old))
    if magnet.priority != torrent.priority:
        steps.append(step("d.priority.set", magnet.priority))
    if magnet.state and not torrent.state and not torrent.is_open:
        steps.append(step("d.start"))
    return steps


def step(method: str, *params: str | int) -> Step:
    """Make the call of a method for any torrent."""
    return lambda target: call(method, target, *params)
