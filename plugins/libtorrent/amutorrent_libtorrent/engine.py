"""One libtorrent session, the torrents in it, and the file that keeps them. All clients of one folder share it."""

import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import libtorrent as lt
import trio

from amutorrent import AmutorrentError, ClientFailed, Conflict, NotFound, Services

from .hearing import Hearing
from .loading import CLEAN, SESSION, Batch, Loaded, flags_of, load, load_torrents, record_of
from .pack import pack
from .records import Facts, Shelf
from .session import Session
from .settings import LibtorrentSettings
from .torrents import Saved, Torrent

BATCH: Final = 250
"""Torrents that are loaded before others have a turn."""
LOG_LINES: Final = 1000
STOPPED_S: Final = 1.0
"""Seconds for trackers to take note that it stops."""


@dataclass(slots=True)
class Arrival:
    """A torrent on its way into the session. `error` says why it did not get in."""

    facts: Facts
    params: lt.add_torrent_params
    over: bool = False
    error: str = ""


@dataclass(slots=True)
class Leaving:
    """A torrent on its way out of the session, and out of the disk if it `deletes`."""

    deletes: bool
    over: bool = False
    error: str = ""
    code: int = 0


class Engine:
    """Starts with the first poll or command: merely to open a client touches nothing.

    `listeners` are called with the hash of each torrent that changed, came or went. `saves` holds resume data that
    was asked for, None while it is on its way. `urgent` is set when something should be saved soon.
    """

    def __init__(self, folder: Path | None, settings: LibtorrentSettings, services: Services) -> None:
        self.settings = settings
        self.log, self.run_sync = services.log, services.run_sync
        self.shelf = Shelf(folder)
        self.torrents: dict[str, Torrent] = {}
        self.arriving: dict[str, Arrival] = {}
        self.leaving: dict[str, Leaving] = {}
        self.categories: dict[str, str] = {}
        self.limits = (settings.download_limit, settings.upload_limit)
        self.lines: deque[str] = deque(maxlen=LOG_LINES)
        self.port = 0
        self.stats: Mapping[str, int] = {}
        self.answered = 0
        self.told_of_stop: set[tuple[str, str]] = set()
        """Torrents and trackers that were told that they stop, and have not answered yet."""
        self.began = str(time.time_ns())
        self.urgent = trio.Event()
        self.saving = trio.Lock()
        self.saves: dict[str, Saved | None] = {}
        self.listeners: list[Callable[[str], None]] = []
        self.started = trio.Event()
        self.labelling = trio.Lock()
        """Held while the categories are changed."""
        self._starting, self._changing = trio.Lock(), trio.Lock()
        self._session: Session | None = None
        self._loaded_to: int | None = 0
        self._was_clean = True
        self._asked = 0

    # -- its life

    @property
    def session(self) -> Session:
        """The session. Raises `ClientFailed` where it does not run."""
        if self._session is None:
            raise ClientFailed("The engine does not run")
        return self._session

    async def ready(self) -> None:
        """Start it unless it runs: read what was kept, and load all torrents."""
        if not self.started.is_set():
            async with self._starting:
                if not self.started.is_set():
                    await self._start()
                    self.started.set()

    async def _start(self) -> None:
        """Start, or go on where a start was cancelled."""
        if self._session is None:
            loaded = await self.run_sync(load, self.shelf)
            await self.run_sync(self._open, loaded)
            self.categories, self._was_clean = loaded.categories, loaded.clean
            if not loaded.clean:
                self.log.warning("It was not stopped in order: what was being downloaded is checked")
        while self._loaded_to is not None:
            batch = await self.run_sync(load_torrents, self.shelf, self._loaded_to, BATCH, self._was_clean)
            await self._load(batch)
            self._loaded_to = batch.last

    def _open(self, loaded: Loaded) -> None:
        """Make the session, in a worker thread."""
        try:
            self.settings.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ClientFailed(
                f"The download folder {self.settings.folder} cannot be made: {error.strerror}"
            ) from error
        params = lt.session_params()
        if loaded.session:
            with suppress(RuntimeError):  # it cannot be read: the nodes of the DHT are found anew
                params = lt.read_session_params(loaded.session, lt.save_state_flags_t.save_dht_state)
        self.limits = loaded.limits or self.limits
        params.settings = pack(self.settings, self.limits)  # type: ignore[assignment]  # it takes a dict, as its docs say
        self._session = Session(lt.session(params), Hearing(self).handlers(), self.log)

    async def _load(self, batch: Batch) -> None:
        for each in batch.torrents:
            if each.hash not in self.torrents and each.hash not in self.arriving:
                with suppress(RuntimeError, ValueError):  # libtorrent does not take it: it alone is left out, and named
                    self._send(each.hash, Arrival(each.facts, each.params))
        await self.session.until(lambda: not any(each.hash in self.arriving for each in batch.torrents))
        for hash in (*batch.broken, *(each.hash for each in batch.torrents if each.hash not in self.torrents)):
            self.log.error("The torrent %s cannot be loaded; what was kept of it is left as it is", hash)
        for each in batch.torrents:
            if each.facts.moving_to and (torrent := self.torrents.get(each.hash)) is not None:
                torrent.resumes_move = True
                torrent.handle.move_storage(each.facts.moving_to, self._move_flags)
        await self.update()

    @property
    def _move_flags(self) -> int:
        if self._was_clean:  # no move was under way: what is there is not of one
            return lt.move_flags_t.fail_if_exist
        return lt.move_flags_t.always_replace_files  # what is there has come from the old place, or is a part of it

    def _send(self, hash: str, arrival: Arrival) -> None:
        arrival.params.flags = flags_of(arrival.params.flags, arrival.facts, self.settings)
        self.session.native.async_add_torrent(arrival.params)
        self.arriving[hash] = arrival

    async def wind_up(self, save: Callable[["Engine"], Awaitable[None]], within_s: float) -> None:
        """Stop: no piece comes any more, then everything is saved, as far as the time allows."""
        if self._session is not None:
            try:
                await self._wind_up(self._session, save, within_s)
            except Exception:  # whatever cannot be saved, it ends: what is kept says that it was not stopped in order
                self.log.exception("Not everything could be saved: what is being downloaded will be checked")

    async def end(self) -> None:
        """End it, whatever came of winding up: what lives on would hold its port, and the list locked for the next."""
        session, self._session = self._session, None
        with trio.CancelScope(shield=True):
            try:
                if session is not None:
                    await self.run_sync(session.end)
            finally:
                await self.run_sync(self.shelf.close)

    async def _wind_up(self, session: Session, save: Callable[["Engine"], Awaitable[None]], within_s: float) -> None:
        session.native.pause()  # trackers are told that it stops
        saved = False
        with trio.move_on_after(within_s):
            await save(self)
            moving = any(each.facts.moving_to for each in self.torrents.values())
            saved = not moving and (self.started.is_set() or self._was_clean)
        if not saved:
            self.log.warning("Not everything could be saved in time: what is being downloaded will be checked")
        await self.run_sync(self._keep_session, session, saved)
        with trio.move_on_after(STOPPED_S):
            await session.until(lambda: not self.told_of_stop)

    def _keep_session(self, session: Session, saved: bool) -> None:
        state = lt.write_session_params_buf(session.native.session_state(lt.save_state_flags_t.save_dht_state))
        self.shelf.set({SESSION: state, CLEAN: b"1" if saved else b"0"})

    # -- what is asked

    async def update(self) -> None:
        """Have libtorrent tell what changed, and take it over."""
        self._asked += 1
        mine = self._asked
        self.session.ask()  # the counters come last: then the torrents are there
        await self.session.until(lambda: self.answered >= mine)

    def find(self, hash: str) -> Torrent:
        """Find a torrent. Raises `NotFound`."""
        if (found := self.torrents.get(hash)) is None:
            raise NotFound(f"The engine does not have {hash}", code="item_not_found")
        return found

    async def found(self, hash: str) -> Torrent:
        """Find a torrent, once all are loaded. Raises `NotFound`."""
        await self.ready()
        return self.find(hash)

    async def each(self, hashes: Iterable[str], act: Callable[[Torrent], object]) -> dict[str, AmutorrentError | None]:
        """Do something that does not wait to each of these torrents, and answer for each hash."""
        await self.ready()
        outcome: dict[str, AmutorrentError | None] = dict.fromkeys(hashes)
        for hash in outcome:
            try:
                act(self.find(hash))
            except AmutorrentError as error:
                outcome[hash] = error
            except RuntimeError as error:  # libtorrent's word for a torrent that goes at this moment
                outcome[hash] = ClientFailed(f"libtorrent refuses: {error}")
        return outcome

    async def change(self, hashes: Iterable[str], facts: Callable[[Facts], Facts]) -> dict[str, AmutorrentError | None]:
        """Change the facts of these torrents, and answer for each hash; they are kept when this returns."""
        wanted: dict[str, Facts] = {}

        def note(torrent: Torrent) -> None:
            changed = facts(torrent.facts)
            if changed != torrent.facts:
                wanted[torrent.hash] = changed

        async with self._changing:  # one after the other: each begins with what the one before has made
            outcome = await self.each(hashes, note)
            if wanted:
                with trio.CancelScope(shield=True):
                    await self.run_sync(self.shelf.set_facts, wanted)
            for hash in wanted:
                if (torrent := self.torrents.get(hash)) is not None:
                    torrent.facts = facts(torrent.facts)  # a move may have ended meanwhile
                    self.mark(hash)
        return outcome

    async def keep_facts(self, of: Callable[[Torrent], bool] = lambda torrent: True) -> None:
        """Keep facts that changed by themselves, of all torrents or of some."""
        async with self._changing:
            changed = [each for each in self.torrents.values() if each.unsaved_facts and of(each)]
            if changed:
                await self.run_sync(self.shelf.set_facts, {each.hash: each.facts for each in changed})
            for each in changed:
                each.unsaved_facts = False

    async def add(self, hash: str, params: lt.add_torrent_params, facts: Facts, bare: lt.add_torrent_params) -> None:
        """Add a torrent: it is kept, and in the session, when this returns. Raises `Conflict`.

        `bare` is what `params` are, once more: it is written down, and loses its info dictionary by that.
        """
        await self.ready()
        if hash in self.torrents or hash in self.arriving:
            raise Conflict(f"The engine has {hash} already")
        arrival = self.arriving[hash] = Arrival(facts, params)  # here already, so that nobody else adds it now
        with trio.CancelScope(shield=True):
            try:
                record = await self.run_sync(record_of, hash, facts, bare)
                await self.run_sync(self.shelf.put, record)
                self._send(hash, arrival)
            except Exception as error:  # whatever it is, nothing of the torrent stays
                self.arriving.pop(hash, None)
                with suppress(AmutorrentError):  # what could not be written need not be deleted
                    await self.run_sync(self.shelf.delete, [hash])
                if isinstance(error, AmutorrentError):
                    raise
                raise ClientFailed(f"libtorrent does not take it: {error}") from error
        await self.session.until(lambda: arrival.over)
        if arrival.error:
            await self.run_sync(self.shelf.delete, [hash])
            raise ClientFailed(f"libtorrent does not take it: {arrival.error}")

    async def remove(self, hashes: Collection[str], *, with_files: Collection[str] = ()) -> Mapping[str, Leaving]:
        """Take torrents off the list, and then those files that libtorrent is to delete; say what became of each."""
        with trio.CancelScope(shield=True):
            await self.run_sync(self.shelf.delete, list(hashes))
            gone = {hash: self._take_out(hash, with_files) for hash in hashes}
        await self.session.until(lambda: all(each.over and hash not in self.torrents for hash, each in gone.items()))
        for hash, leaving in gone.items():
            if self.leaving.get(hash) is leaving:
                del self.leaving[hash]
        return gone

    def _take_out(self, hash: str, with_files: Collection[str]) -> Leaving:
        begun = self.leaving.get(hash)
        if begun is not None and not begun.over:  # by somebody else: both wait for the same
            return begun
        if (torrent := self.torrents.get(hash)) is None:
            return Leaving(deletes=False, over=True)
        leaving = self.leaving[hash] = Leaving(hash in with_files and torrent.layout is not None)
        options = lt.session.delete_files if leaving.deletes else lt.session.delete_partfile
        self.session.native.remove_torrent(torrent.handle, options)
        return leaving

    def mark(self, hash: str) -> None:
        """Note that a torrent changed."""
        for listener in self.listeners:
            listener(hash)

    def note(self, text: str) -> None:
        """Write a line into the engine's own log."""
        self.lines.append(f"{datetime.now(UTC).strftime('%Y-%m-%d %H:%M:%S')}: {' '.join(text.split())}")
