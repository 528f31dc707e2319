"""The client type: connecting, and polling with one request. What can be done to items lies in its parts."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import trio

from amutorrent import Changes, Client, Item, Light, Place, Probe, ProtocolError, Raw, Services, Totals, Unreachable

from .adding import Adding
from .announces import Announces
from .calls import Answer, Call, Fault, Value, call
from .daemon import Daemon
from .detail import Details
from .downloads import Downloads, carried_over
from .limits import Limiter, limits_of, number_of
from .mapping import item
from .methods import missing
from .mirror import STEP, Mirror
from .pace import Pace
from .recognising import recognise
from .rows import COMMANDS, method_of
from .settings import RTorrentSettings
from .spelling import Spellings
from .storage import Storage
from .transport import opened

LIGHTS = (
    "network.listen.port",
    "network.port_open",
    "throttle.global_down.total",
    "throttle.global_up.total",
    "throttle.global_down.max_rate",
    "throttle.global_up.max_rate",
    "directory.default",
    "session.path",
    "system.pid",
    "system.startup_time",
)
"""What every poll asks of the daemon itself, as far as it is there."""


class RTorrent(Client):
    """One rTorrent, through XML-RPC or JSON-RPC."""

    type = "rtorrent"
    label = "rTorrent"
    network = "bittorrent"
    usual_places = (Place(port=5000, settings={"mode": "scgi"}), Place(port=8000))
    Settings = RTorrentSettings
    part_types = (Downloads, Adding, Storage, Details, Limiter)

    def __init__(self, daemon: Daemon, services: Services) -> None:
        self._daemon = daemon
        self._services = services
        self._mirror = Mirror()
        self._announces, self._spellings = Announces(daemon), Spellings(services)
        self._started: Value = None
        self._polled = False
        self._default_path: str | None = None
        pace = Pace()
        self._parts = (
            self,
            Downloads(daemon, pace),
            Adding(daemon),
            Storage(daemon, self._mirror, self._spellings, pace),
            Details(daemon, self._spellings),
            Limiter(daemon),
        )

    @classmethod
    async def recognise(cls, place: Place) -> str | None:
        """Say whether one answers there, without logging in."""
        return await recognise(place)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: RTorrentSettings, services: Services) -> AsyncIterator["RTorrent"]:
        """Connect, and find out what this rTorrent can do."""
        async with opened(settings, services) as transport:
            daemon = Daemon(transport, services)
            await daemon.hello()
            yield cls(daemon, services)

    @property
    def parts(self) -> tuple[object, ...]:
        """The objects that implement the capabilities."""
        return self._parts

    async def probe(self) -> Probe:
        """Say which version it is, and what it lacks."""
        return Probe(version=self._daemon.version, missing=missing(self._daemon.methods))

    async def poll(self) -> Changes:
        """Ask for the whole list, which the daemon has no shorter form of, and report what differs from the last."""
        table, facts, free = await self._ask()
        now = trio.current_time()
        self._same_process(facts)
        self._spellings.session = str(facts.get("session.path") or "")
        taken = await self._mirror.take(table, self._daemon.row, now)
        await self._settle(taken.changed, taken.removed)
        await self._daemon.act_each({new.hash: carried_over(old, new) for old, new in taken.resolved})
        down, up = (number_of(facts, f"throttle.global_{way}.total") for way in ("down", "up"))
        speed = self._sum()
        full, self._polled = not self._polled, True
        path = facts.get("directory.default")
        default_path = path if isinstance(path, str) and path.startswith("/") and path != self._default_path else None
        self._default_path = default_path or self._default_path
        return Changes(
            items=await self._items(self._mirror.rows if full else taken.changed),
            removed=() if full else tuple(taken.removed),
            full=full,
            download_speed=speed[0],
            upload_speed=speed[1],
            network_status=light(facts),
            speed_limits=limits_of(facts),
            totals=Totals(downloaded=down, uploaded=up, session=str(self._started)),
            default_path=default_path,
            free_space=free if isinstance(free, int) and free >= 0 else None,
        )

    async def raw(self, hash: str) -> Raw:
        """Give what every poll asks of an item, as the daemon sends it."""
        commands = [each for each in COMMANDS if method_of(each) in self._daemon.methods]
        calls = [call(method_of(each), hash.upper(), *filter(None, [each.partition("=")[2]])) for each in commands]
        values = await self._daemon.ask(hash, *calls)
        return {each.rstrip("="): value for each, value in zip(commands, values, strict=True)}

    async def _ask(self) -> tuple[list[bytes], dict[str, Value], Answer]:
        fields, methods = self._daemon.fields, self._daemon.methods
        asked = [each for each in LIGHTS if each in methods]
        calls = [Call(fields.table, ("", "main", *fields.commands), table=True), *(call(each, "") for each in asked)]
        if "d.free_diskspace" in methods and (on_default := self._on_default_path()) is not None:
            calls.append(call("d.free_diskspace", on_default.upper()))
        table, *answers = await self._daemon.many(calls)
        if isinstance(table, Fault):
            raise table
        if not isinstance(table, list) or not all(isinstance(row, bytes) for row in table):
            raise ProtocolError("rTorrent's list of torrents is none")
        free = answers.pop() if len(answers) > len(asked) else None
        facts = {name: answer for name, answer in zip(asked, answers, strict=True) if not isinstance(answer, Fault)}
        return table, facts, free

    def _on_default_path(self) -> str | None:
        """Find an item whose data lies in the default folder, so that its free space can be asked for."""
        for hash, row in self._mirror.rows.items():
            if self._default_path and row.directory.startswith(self._default_path):
                return hash
        return None

    def _same_process(self, facts: dict[str, Value]) -> None:
        """Raise `Unreachable` if it was restarted, perhaps as another version: the host connects and probes anew."""
        mark = (facts.get("system.pid"), facts.get("system.startup_time"))
        if self._started is None:
            self._started = mark
        if mark != self._started:
            raise Unreachable("rTorrent was restarted")

    async def _settle(self, changed: Collection[str], removed: Collection[str]) -> None:
        rows = self._mirror.rows
        await self._announces.settle(changed, rows)
        await self._spellings.settle((hash, rows[hash].name) for hash in changed)
        self._announces.forget(removed)
        self._spellings.forget(removed)

    def _sum(self) -> tuple[int, int]:
        speeds = self._mirror.speeds.values()
        return sum(down for down, _ in speeds), sum(up for _, up in speeds)

    async def _items(self, hashes: Collection[str]) -> list[Item]:
        found = []
        for number, hash in enumerate(hashes):
            if number % STEP == STEP - 1:
                await trio.lowlevel.checkpoint()
            row = self._mirror.rows[hash]
            name = self._spellings.name_of(hash, row.name)
            urls = self._announces.urls(hash)
            found.append(item(row, name, self._mirror.speeds[hash], urls))
        return found


def light(facts: dict[str, Value]) -> Light:
    """Say whether others can connect to it, as far as it knows."""
    port = number_of(facts, "network.listen.port")
    declared = facts.get("network.port_open")
    listening = bool(port)
    return Light(
        status="green" if listening else "yellow",
        text="Listening" if listening else "Does not listen: nobody can connect to it",
        listen_port=port or None,
        port_open=None if declared is None else bool(declared) and listening,
    )
