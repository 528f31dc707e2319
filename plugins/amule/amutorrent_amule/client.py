"""The client type: connecting, and polling. What can be done lies in its parts."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Final

import trio

from amutorrent import Changes, Client, Item, NetworkStatus, Place, Probe, Raw, Services, Totals

from .adding import Adding
from .categories import CategoryDefinitions, Labelling
from .codec import Packet
from .codes import Detail, Op, T
from .daemon import Daemon, Refusal
from .detail import Details
from .downloads import Downloads
from .kad import KadNetwork
from .labels import Labels
from .lights import Connection
from .limits import Limiter, limits, preference, selected
from .mapping import item
from .mirror import STEP
from .recognising import recognise
from .search import Searching
from .servers import ServerList
from .settings import AMuleSettings
from .shared import Shared
from .shared_dirs import SharedFolders
from .stats import Figures
from .storage import Storage
from .tags import uint
from .texts import Texts

TOTALS_S: Final = 14.0


class AMule(Client):
    """One aMule, through its External Connections."""

    type = "amule"
    label = "aMule"
    network = "ed2k"
    usual_places = (Place(port=4712),)
    Settings = AMuleSettings
    part_types = (
        Downloads, Storage, Adding, Labelling, CategoryDefinitions, Details, Shared, SharedFolders, Searching,
        ServerList, KadNetwork, Texts, Limiter, Figures,
    )  # fmt: skip

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._figures = Figures(daemon)
        self._totals: Totals | None = None
        self._totals_at = float("-inf")
        self._labels: Labels | None = None
        self._details = Details(daemon)
        others = (kind(daemon) for kind in self.part_types if kind not in (Figures, Details))
        self._parts = (self, *others, self._figures, self._details)

    @classmethod
    async def recognise(cls, place: Place) -> str | None:
        """Say whether one answers there, without logging in."""
        return await recognise(place)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: AMuleSettings, services: Services) -> AsyncIterator["AMule"]:
        """Connect twice and log in; a refused password is tried once."""
        async with Daemon.open(settings, services) as daemon:
            services.nursery.start_soon(Shared(daemon).refresh_regularly, settings.shared_files_reload_interval_hours)
            yield cls(daemon)

    @property
    def parts(self) -> tuple[object, ...]:
        """The objects that implement the capabilities."""
        return self._parts

    async def probe(self) -> Probe:
        """Say which version it is. All that it can do, it could in 2.3.3."""
        return Probe(version=self._daemon.version)

    async def poll(self) -> Changes:
        """Ask for what changed since the last answer, and build the items that it concerns."""
        daemon = self._daemon
        daemon.check()
        await daemon.refresh()
        now = Connection(await daemon.question(Op.STAT_REQ, uint(T.DETAIL_LEVEL, Detail.CMD)))
        preferences = await daemon.question(Op.GET_PREFERENCES, selected())
        await self._count()
        full, changed, removed = daemon.mirror.drain()
        changed |= {hash for hash in self._moved() if daemon.mirror.find(hash) is not None}
        relabelled = daemon.labels != self._labels
        self._labels = daemon.labels
        items = await self._items(daemon.mirror.hashes() if full or relabelled else changed)
        for hash in removed:
            daemon.remembered.pop(hash, None)
        await self._clear_finished(items)
        return Changes(
            items=items,
            removed=() if full else tuple(removed),
            full=full,
            download_speed=now.download_speed,
            upload_speed=now.upload_speed,
            network_status=self._lights(now, preferences),
            speed_limits=limits(preferences),
            totals=self._totals,
            categories=daemon.labels.definitions() if relabelled else None,
            default_path=(daemon.labels.default_path or None) if relabelled else None,
        )

    async def raw(self, hash: str) -> Raw:
        """Ask for all fields that the daemon has of a file."""
        return await self._details.raw(hash)

    def _moved(self) -> set[str]:
        """Take what was moved since the last poll: it counts to the category in whose folder it lies now."""
        moved, self._daemon.moved = self._daemon.moved, set()
        for hash in moved:
            self._daemon.remembered.pop(hash, None)
        return moved

    async def _count(self) -> None:
        if trio.current_time() - self._totals_at > TOTALS_S:
            self._totals = await self._figures.totals()
            self._totals_at = trio.current_time()

    async def _items(self, hashes: Collection[str]) -> list[Item]:
        mirror, remembered, found = self._daemon.mirror, self._daemon.remembered, list[Item]()
        for number, hash in enumerate(hashes, 1):
            if number % STEP == 0:
                await trio.lowlevel.checkpoint()
            if (file := mirror.find(hash)) is not None:
                speed = mirror.upload_speeds.get(file.ecid, 0)
                made = item(file, speed, self._daemon.labels, remembered.get(hash))
                if file.part:
                    remembered[hash] = made.category
                found.append(made)
        return found

    async def _clear_finished(self, items: Collection[Item]) -> None:
        """Let the daemon put finished downloads, whose path has just been told, among its shared files."""
        done = [file for each in items if each.path and (file := self._daemon.mirror.find(each.hash)) and file.part]
        if not done:
            return
        try:
            await self._daemon.command(Op.CLEAR_COMPLETED, *(uint(T.ECID, file.ecid) for file in done))
        except Refusal as error:  # they stay where they are, which harms nobody
            self._daemon.log.warning("finished downloads were not cleared: %s", error.message)

    def _lights(self, now: Connection, preferences: Packet) -> NetworkStatus:
        ports = (preference(preferences, T.CONN_TCP_PORT), preference(preferences, T.CONN_UDP_PORT))
        return now.lights(self._daemon.mirror, *ports)
