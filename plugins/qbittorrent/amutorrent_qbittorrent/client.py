"""The client type: connecting, and polling by `sync/maindata`. What can be done to items lies in its parts."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final, Literal

import trio

from amutorrent import Changes, Client, ClientCategory, Item, Light, Place, Probe, Raw, Services, Totals

from .adding import Adding
from .categories import CategoryDefinitions
from .daemon import Daemon
from .detail import Details
from .downloads import Downloads
from .failures import text_of
from .labels import Labels
from .layouts import Layouts
from .limits import Limiter
from .logs import DaemonLog
from .mapping import item
from .mirror import STEP, Mirror, Taken
from .recognising import recognise
from .settings import QBittorrentSettings
from .transport import Transport
from .versions import Dialect
from .wire import Maindata, read

CONNECTION: Final[dict[str, tuple[Literal["green", "yellow", "red"], str]]] = {
    "connected": ("green", "Connected"),
    "firewalled": ("yellow", "Firewalled: nobody can connect to it from outside"),
    "disconnected": ("red", "Disconnected"),
}


class QBittorrent(Client):
    """One qBittorrent, through its Web API."""

    type = "qbittorrent"
    label = "qBittorrent"
    network = "bittorrent"
    usual_places = (Place(port=8080),)
    Settings = QBittorrentSettings
    part_types = (Downloads, Adding, Labels, CategoryDefinitions, Details, Limiter, DaemonLog)

    def __init__(self, daemon: Daemon, services: Services) -> None:
        self._daemon = daemon
        self._mirror = daemon.mirror
        self._services = services
        self._layouts = Layouts(daemon.transport, daemon.mirror)
        self._limiter = Limiter(daemon)
        self._session = -1
        self._default_path: str | None = None
        self._parts = (
            self,
            Downloads(daemon),
            Adding(daemon),
            Labels(daemon),
            CategoryDefinitions(daemon),
            Details(daemon),
            self._limiter,
            DaemonLog(daemon),
        )

    @classmethod
    async def recognise(cls, place: Place) -> str | None:
        """Say whether one answers there, without logging in."""
        return await recognise(place)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: QBittorrentSettings, services: Services) -> AsyncIterator["QBittorrent"]:
        """Connect, log in once if need be, and check the version."""
        async with Transport.open(settings, services) as transport:
            dialect = Dialect.of(await transport.hello())
            version = text_of(await transport.get("app/version")).removeprefix("v")
            yield cls(Daemon(transport, dialect, version, Mirror(services.log)), services)

    @property
    def parts(self) -> tuple[object, ...]:
        """The objects that implement the capabilities."""
        return self._parts

    async def probe(self) -> Probe:
        """Say which version it is. Every supported one has all capabilities; the parts know the differences."""
        return Probe(version=self._daemon.version)

    async def poll(self) -> Changes:
        """Ask for what changed since the last answer, and build the items that it concerns."""
        answer = await self._ask()
        taken = await self._mirror.take(answer)
        changed = taken.changed | await self._layouts.settle(taken.changed)
        preferences = await self._limiter.preferences()
        default_path = preferences.save_path if preferences.save_path != self._default_path else None
        self._default_path = preferences.save_path
        server = self._mirror.server
        return Changes(
            items=await self._items(changed),
            removed=() if taken.full else tuple(taken.removed),
            full=taken.full,
            download_speed=max(0, server.dl_info_speed),
            upload_speed=max(0, server.up_info_speed),
            network_status=self._light(preferences.listen_port),
            speed_limits=self._limiter.limits(),
            totals=self._totals(),
            categories=self._categories(taken),
            default_path=default_path or None,
            free_space=server.free_space_on_disk,
        )

    async def raw(self, hash: str) -> Raw:
        """Give all fields that the daemon has of an item."""
        return await self._daemon.raw(hash)

    async def _ask(self) -> Maindata:
        transport = self._daemon.transport
        # what an increment starts from belongs to the session: a new one starts with a full answer
        rid = self._mirror.rid if self._session == transport.sessions else 0
        body = await transport.get("sync/maindata", rid=rid)
        self._session = transport.sessions
        return await self._services.run_sync(read, body, Maindata, "sync/maindata")

    async def _items(self, ids: Collection[str]) -> list[Item]:
        found = []
        for number, id in enumerate(ids):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            if (torrent := self._mirror.torrents.get(id)) is not None:
                found.append(item(torrent, self._mirror.hash_of(id), self._mirror.urls(id), self._layouts.get(id)))
        return found

    def _light(self, port: int) -> Light:
        status = self._mirror.server.connection_status
        colour, text = CONNECTION.get(status, ("yellow", status or "Unknown"))
        return Light(status=colour, text=text, listen_port=port or None)

    def _totals(self) -> Totals | None:
        down, up = self._mirror.server.alltime_dl, self._mirror.server.alltime_ul
        return None if down is None or up is None else Totals(downloaded=max(0, down), uploaded=max(0, up))

    def _categories(self, taken: Taken) -> list[ClientCategory] | None:
        if not taken.categories:
            return None
        base = self._default_path or ""
        return [
            ClientCategory(name=name, path=absolute(one.savePath, base))
            for name, one in self._mirror.categories.items()
        ]


def absolute(path: str, base: str) -> str:
    """Give the folder of a category: one that is not absolute lies in the default folder."""
    if not path or path.startswith("/") or path[1:2] == ":" or not base:
        return path
    return f"{base.rstrip('/')}/{path}"
