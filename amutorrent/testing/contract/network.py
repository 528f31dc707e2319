"""Contract: a network that stalls, cuts, garbles and refuses. The host closes and opens anew after any error."""

from contextlib import suppress

import pytest
import trio

from ...client import ClientSettings
from ...errors import AmutorrentError, DeadlineExceeded, Unreachable
from ...instances import connection as host
from ...model import Item
from ..faults import HALF_OPEN, PASS, REFUSE, STALL, Fault, cut, delay, garble
from ..proxy import FaultProxy
from ..session import Session, open_session
from .supplies import Supplies

PATIENCE_S = 0.5


class NetworkTests(Supplies):
    """What holds when the network, or the other end, is ill."""

    async def test_it_works_through_the_proxy(self, settings: ClientSettings, proxy: FaultProxy) -> None:
        """Without a fault, and with every piece arriving late."""
        async with open_session(self.client, self.through(settings, proxy)) as session:
            await session.poll()
            assert session.last.full
            assert proxy.statistics().from_daemon > 0
            proxy.fault = delay(0.02)
            await session.poll()

    async def test_nobody_there_is_unreachable(self, settings: ClientSettings, proxy: FaultProxy) -> None:
        """A connection that ended or is refused is told as such, while polling and while opening."""
        async with open_session(self.client, self.through(settings, proxy)) as session:
            await session.poll()
            proxy.fault = REFUSE
            with pytest.raises(Unreachable):
                await session.poll()
        with pytest.raises(Unreachable):
            async with open_session(self.client, self.through(settings, proxy)):
                pass

    @pytest.mark.parametrize("fault", [STALL, HALF_OPEN], ids=lambda fault: fault.kind)
    async def test_a_silent_daemon_meets_the_deadlines(
        self, settings: ClientSettings, proxy: FaultProxy, fault: Fault, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A poll and an opening that get no answer are given up in time, and closing does not hang either."""
        through = self.through(settings, proxy)
        with trio.fail_after(host.CLOSE_S + 4 * PATIENCE_S):
            async with open_session(self.client, through) as session:
                await session.poll()
                proxy.fault = fault
                monkeypatch.setattr(host, "POLL_S", PATIENCE_S)
                with pytest.raises(DeadlineExceeded):
                    await session.poll()
            monkeypatch.setattr(host, "OPEN_S", PATIENCE_S)
            with pytest.raises(DeadlineExceeded):
                async with open_session(self.client, through):
                    pass
        proxy.fault = PASS
        monkeypatch.undo()
        await self._works(settings, proxy)

    async def test_an_idle_connection_that_ended_is_no_failure(
        self, settings: ClientSettings, proxy: FaultProxy
    ) -> None:
        """Daemons hang up on those who say nothing for a while: the next poll is an answer, or says `Unreachable`."""
        async with open_session(self.client, self.through(settings, proxy)) as session:
            await session.poll()
            proxy.drop()
            with suppress(Unreachable):
                await session.poll()
        await self._works(settings, proxy)

    @pytest.mark.parametrize("after", [0, 1, 20, 150, 400, 1500])
    async def test_a_cut_answer_is_never_a_shorter_list(
        self, settings: ClientSettings, proxy: FaultProxy, session: Session, item: Item, after: int
    ) -> None:
        """What came of an answer that was cut off is not taken for the whole, first poll or later one."""
        there = set(session.items)
        through = self.through(settings, proxy)
        async with open_session(self.client, through) as second:
            await second.poll()
            proxy.fault = cut(after)
            with suppress(AmutorrentError):
                await second.poll()
            assert second.items.keys() >= there
        with suppress(AmutorrentError):
            async with open_session(self.client, through) as third:
                await third.poll()
                assert third.items.keys() >= there

    @pytest.mark.parametrize("seed", range(12))
    async def test_garbage_is_an_error_of_ours_or_does_no_harm(
        self, settings: ClientSettings, proxy: FaultProxy, item: Item, seed: int
    ) -> None:
        """Wrong bytes never cause an error that is not of our tree, nor an item that does not fit the wire."""
        through = self.through(settings, proxy)
        with trio.move_on_after(3):
            async with open_session(self.client, through) as session:
                proxy.fault = garble(seed)
                await complains(session)
        with trio.move_on_after(3), suppress(AmutorrentError):
            async with open_session(self.client, through) as session:
                await complains(session)
        proxy.fault = PASS
        await self._works(settings, proxy)

    async def _works(self, settings: ClientSettings, proxy: FaultProxy) -> None:
        async with open_session(self.client, self.through(settings, proxy)) as session:
            await session.poll()
            assert session.last.full


async def complains(session: Session) -> None:
    """Poll a few times; an error of ours has to say something."""
    try:
        for _ in range(3):
            await session.poll()
    except AmutorrentError as error:
        assert error.message  # noqa: PT017  (there need not be an error)
