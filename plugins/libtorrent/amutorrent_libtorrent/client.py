"""The client type: an engine of its own, polled like any other client. What can be done to items lies in its parts."""

import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final

import libtorrent as lt
import trio

from amutorrent import Changes, Client, ClientCategory, Item, Light, Place, Probe, Raw, Services, Totals

from .adding import Adding
from .detail import Details
from .downloads import Downloads
from .engine import Engine
from .journal import Journal
from .labels import Labels
from .lending import lend
from .limits import Limiter
from .mapping import item
from .options import Options
from .places import usable
from .settings import LibtorrentSettings

STEP: Final = 250
"""Items between two checkpoints: a few milliseconds of work."""
DOWNLOADED: Final = "net.recv_payload_bytes"
UPLOADED: Final = "net.sent_payload_bytes"
INCOMING: Final = "net.has_incoming_connections"
RAW: Final = (
    *("state", "flags", "progress_ppm", "total_done", "total_wanted", "total_wanted_done", "total_failed_bytes"),
    *("total_redundant_bytes", "all_time_download", "all_time_upload", "num_peers", "num_seeds", "num_connections"),
    *("num_uploads", "num_complete", "num_incomplete", "list_peers", "list_seeds", "connect_candidates"),
    *("current_tracker", "announcing_to_dht", "announcing_to_lsd", "announcing_to_trackers", "has_incoming"),
    *("download_limit", "upload_limit", "num_pieces", "block_size", "completed_time"),
)


class Libtorrent(Client):
    """One engine inside the daemon."""

    type = "libtorrent"
    label = "Built-in BitTorrent"
    network = "bittorrent"
    usual_places = (Place(port=0),)
    Settings = LibtorrentSettings
    part_types = (Downloads, Adding, Labels, Details, Limiter, Options, Journal)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changed: dict[str, None] | None = None
        self._categories: dict[str, str] | None = None
        self._default_path: str | None = None
        self._limiter = Limiter(engine)
        self._parts = (
            self,
            Downloads(engine),
            Adding(engine),
            Labels(engine),
            Details(engine),
            self._limiter,
            Options(engine),
            Journal(engine),
        )

    @classmethod
    async def recognise(cls, place: Place) -> str | None:
        """Say that it is here: it comes along."""
        return str(lt.__version__)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: LibtorrentSettings, services: Services) -> AsyncIterator["Libtorrent"]:
        """See that it can work. The engine starts with the first poll, so that a trial downloads nothing."""
        await services.run_sync(usable, settings.folder)
        if services.folder is None:  # it is only tried
            yield cls(Engine(None, settings, services))
            return
        async with lend(services.folder / settings.profile, settings, services) as engine:
            client = cls(engine)
            engine.listeners.append(client._note)
            try:
                yield client
            finally:
                engine.listeners.remove(client._note)

    def _note(self, hash: str) -> None:
        if self._changed is not None:
            self._changed[hash] = None

    @property
    def parts(self) -> tuple[object, ...]:
        """The objects that implement the capabilities."""
        return self._parts

    async def probe(self) -> Probe:
        """Say which libtorrent it is."""
        return Probe(version=str(lt.__version__))

    async def poll(self) -> Changes:
        """Have libtorrent tell what changed, and build the items that it concerns."""
        engine = self._engine
        await engine.ready()
        await engine.update()
        full = self._changed is None
        changed = list(engine.torrents) if self._changed is None else list(self._changed)
        self._changed = {}
        items = await self._items(changed)
        return Changes(
            items=items,
            removed=() if full else [hash for hash in changed if hash not in engine.torrents],
            full=full,
            download_speed=sum(each.status.download_payload_rate for each in engine.torrents.values() if each.status),
            upload_speed=sum(each.status.upload_payload_rate for each in engine.torrents.values() if each.status),
            network_status=self._light(),
            speed_limits=self._limiter.limits(),
            totals=Totals(
                downloaded=engine.stats.get(DOWNLOADED, 0),
                uploaded=engine.stats.get(UPLOADED, 0),
                session=engine.began,
            ),
            categories=self._new_categories(),
            default_path=self._new_default_path(),
            free_space=await engine.run_sync(_free_space, str(engine.settings.folder)),
        )

    async def raw(self, hash: str) -> Raw:
        """Give what libtorrent last said of a torrent."""
        status = (await self._engine.found(hash)).status
        return {} if status is None else {name: _plain(getattr(status, name)) for name in RAW}

    async def _items(self, hashes: Collection[str]) -> list[Item]:
        found = []
        for number, hash in enumerate(hashes):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            torrent = self._engine.torrents.get(hash)
            if torrent is None:
                continue
            if torrent.status is None:  # libtorrent has not told of it yet: with the next poll
                self._note(hash)
            else:
                found.append(item(torrent, torrent.status))
        return found

    def _light(self) -> Light:
        port = self._engine.port
        if not port:
            return Light(status="red", text="It listens nowhere: see its log")
        reached = bool(self._engine.stats.get(INCOMING))
        return Light(
            status="green" if reached else "yellow",
            text="Connected" if reached else "Nobody has connected from outside yet",
            listen_port=port,
            port_open=True if reached else None,
        )

    def _new_categories(self) -> list[ClientCategory] | None:
        if self._categories == self._engine.categories:
            return None
        self._categories = self._engine.categories
        return [ClientCategory(name=name, path=path) for name, path in self._categories.items()]

    def _new_default_path(self) -> str | None:
        path = str(self._engine.settings.folder)
        if path == self._default_path:
            return None
        self._default_path = path
        return path


def _free_space(folder: str) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _plain(value: object) -> object:
    """Make JSON of an enumeration."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and type(value) is not int else value
