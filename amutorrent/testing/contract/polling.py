"""Contract: polling."""

import pytest
import trio
from msgspec.structs import replace

from ...capabilities import AddOptions, Remove, Rename, Tags
from ...client import ClientSettings
from ...model import NO_SOURCES, Item
from ..loop import LoopWatch
from ..samples import Sample
from ..session import Session, open_session, skip
from .supplies import Scale, Supplies

HOLD_S = 0.05
OTHERS_S = 0.5
"""What other programs of a busy machine may add, so that a step that blocks without computing is seen all the same."""
ATTEMPTS = 3


class PollingTests(Supplies):
    """What a poll tells, and what it costs."""

    async def test_the_first_poll_is_full_and_the_next_has_only_changes(self, session: Session) -> None:
        """The first poll reports everything; later ones mention no item that is as it was."""
        assert session.last.full
        for _ in range(5):
            before = dict(session.items)
            changes = await session.poll()
            if not changes.full:
                assert [item for item in changes.items if before.get(item.hash) == item] == []

    async def test_what_is_said_about_the_client_fits(self, session: Session) -> None:
        """Speeds and space are no negative numbers, and the folder is a path."""
        changes = session.last
        assert min(changes.download_speed, changes.upload_speed, changes.free_space or 0) >= 0
        assert changes.default_path is None or changes.default_path.strip()
        if changes.totals is not None:
            assert min(changes.totals.downloaded, changes.totals.uploaded) >= 0

    async def test_increments_amount_to_what_a_fresh_client_sees(
        self, session: Session, settings: ClientSettings
    ) -> None:
        """After the same history, all polls of one client together equal the first poll of another."""
        first, second, third = (self.make_sample(f"history {number}") for number in range(3))
        await self._make_history(session, first, second, third)
        for _ in range(40):
            await session.poll()
            async with open_session(self.client, settings) as fresh:
                await fresh.poll()
            mine, theirs = settled(session), settled(fresh)
            if mine == theirs:
                break
            await trio.sleep(0.2)
        await session.part(Remove).remove([second.hash, third.hash])
        assert mine == theirs
        assert {second.hash, third.hash} <= mine.keys()
        assert first.hash not in mine

    async def _make_history(self, session: Session, first: Sample, second: Sample, third: Sample) -> None:
        removing = session.part(Remove)
        await removing.remove([first.hash, second.hash, third.hash])
        for sample in (first, second, third):
            await sample.add_to(session, AddOptions(paused=True))
            await session.poll()
        await removing.remove([first.hash])
        if session.has(Rename):
            await session.part(Rename).rename(second.hash, "another name")
        await session.poll()
        if session.has(Tags):
            await session.part(Tags).change_tags([third.hash], ["one"], [])
        await session.gone(first.hash)

    @pytest.mark.parametrize("count", [0, 1, 5000, 10_000])
    async def test_lists_of_any_length_are_read_without_holding_the_loop(self, scale: Scale | None, count: int) -> None:
        """All items come, all fit, no step computes for over 50 ms, whichever thread does it, and none just waits."""
        if scale is None:
            skip("no `scale` was supplied")
        settings = scale(count)
        held = []
        for _ in range(ATTEMPTS):  # the machine has other things to do as well: the best of a few
            async with open_session(self.client, settings) as session:
                async with LoopWatch.running() as watch:
                    changes = await session.client.poll()
                assert changes.full
                assert len({item.hash for item in changes.items}) == count
                await session.poll()
            held.append(max(watch.busy_s, watch.longest_s - OTHERS_S))
            if held[-1] < HOLD_S:
                break
        assert min(held) < HOLD_S, f"the loop was held for {[f'{each * 1000:.0f} ms' for each in held]}"


def settled(session: Session) -> dict[str, Item]:
    """Give the items without what changes by itself from one moment to the next."""
    return {
        item.hash: replace(item, download_speed=0, upload_speed=0, eta=None, sources=NO_SOURCES, message=None, extra={})
        for item in session.items.values()
    }
