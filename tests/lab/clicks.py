"""How long a click waits at a daemon with many shared files, while it is polled and searches."""

import statistics
import time
from contextlib import suppress
from dataclasses import dataclass, field

import trio
from amutorrent_amule import AMule
from amutorrent_amule.codes import Op

from amutorrent import AddEd2kLink, AddOptions, AmutorrentError, Pause, Remove, Search, Servers
from amutorrent.testing import Session, make_ed2k_file, open_session

from .amule import AMuleDaemon
from .ed2k import Ed2kServer

FILE = make_ed2k_file("clicked", 50_000)


@dataclass
class Clicks:
    """Seconds that clicks waited, and seconds that each of the daemon's answers to polls took to come."""

    waits: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    polls: int = 0

    def __str__(self) -> str:
        median, longest, request = statistics.median(self.waits), max(self.waits), max(self.requests)
        return (
            f"{len(self.waits)} clicks during {self.polls} polls: median {median * 1000:.0f} ms, "
            f"longest {longest * 1000:.0f} ms; the daemon's own longest request {request * 1000:.0f} ms"
        )


async def measure_clicks(daemon: AMuleDaemon, server: Ed2kServer, clicks: int) -> Clicks:
    """Pause and resume one download so often, at any moment, while polls follow each other and a search runs."""
    settings = AMule.Settings.model_validate({key: value for key, value in daemon.settings.items() if key != "type"})
    found = Clicks()
    await _answers(settings)
    async with open_session(AMule, settings) as session:
        await session.poll()
        await _join(session, server)
        await session.part(AddEd2kLink).add_ed2k_links([FILE.link], AddOptions(paused=True))
        await session.poll()
        _time_requests(session, found)
        server.delay_s = 600
        await session.part(Search).start_search("nothing that is there", "local")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_poll_on, session, found)
            nursery.start_soon(_search_on, session)
            part = session.part(Pause)
            for number in range(clicks):
                await trio.sleep(0.1 + number % 7 * 0.05)
                began = time.perf_counter()
                await (part.resume if number % 2 else part.pause)([FILE.hash])
                found.waits.append(time.perf_counter() - began)
            nursery.cancel_scope.cancel()
        server.delay_s = 0
        await session.part(Remove).remove([FILE.hash])
    return found


async def _answers(settings: AMule.Settings) -> None:
    """Wait until the daemon has scanned its files: before that it answers nobody for many seconds."""
    with trio.fail_after(120):
        while True:
            with suppress(AmutorrentError):
                async with open_session(AMule, settings):
                    return


def _time_requests(session: Session, found: Clicks) -> None:
    """Measure each answer to GET_UPDATE where it comes in: what a client that does nothing else would wait."""
    link = session.client._daemon.state  # type: ignore[attr-defined]  # a look into the plugin, to measure beside it
    ask = link.ask

    async def timed(request, *rest):
        began = time.perf_counter()
        answer = await ask(request, *rest)
        if request.opcode == Op.GET_UPDATE:
            found.requests.append(time.perf_counter() - began)
        return answer

    link.ask = timed


async def _join(session: Session, server: Ed2kServer) -> None:
    part = session.part(Servers)
    await part.add_server("localhost", server.port, "TestServer")
    await part.connect_server("0.0.0.0", server.port)
    await session.until(lambda: session.last.network_status["ed2k"].server_address, 30)


async def _poll_on(session: Session, found: Clicks) -> None:
    while True:
        await session.poll()
        found.polls += 1


async def _search_on(session: Session) -> None:
    while True:
        await session.part(Search).search_progress()
        await trio.sleep(0.5)
