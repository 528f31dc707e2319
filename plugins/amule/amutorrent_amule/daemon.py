"""One open aMule, as all parts of the client share it. Source: amule-ec 4 and 11."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import trio

from amutorrent import (
    AmutorrentError,
    ClientFailed,
    NotFound,
    ProtocolError,
    Services,
    Unreachable,
)

from .codec import Frame, Packet
from .codes import Detail, Op, Select, T
from .labels import Labels, read_labels
from .login import log_in
from .mirror import Mirror, OutOfStep
from .records import File
from .settings import AMuleSettings
from .tags import Tag, first, uint
from .transport import ANSWER_S, Link, apart

UPDATE_S: Final = 120
"""The first answer of a daemon with many files takes it long."""
RENEW_S: Final = 6 * 3600.0
LOGINS: Final = 3
"""2.3.3 hangs up on one login in thousands while other connections are closing: the next one is let in."""
AGAIN_S: Final = 0.2
SUDDENLY_S: Final = 1
"""What takes longer to hang up is something else, which would do so again."""
LOOPBACK: Final = ("127.", "localhost", "::1")


class Refusal(ClientFailed):
    """The daemon answered FAILED. `said` is its text, "" if it gave none; `tags` are those of the answer."""

    def __init__(self, asked: Op, packet: Packet) -> None:
        said = first(packet.tags, T.STRING)
        self.said = said.text.strip() if said is not None else ""
        self.tags = packet.tags
        super().__init__(f"aMule declined: {self.said}" if self.said else f"aMule declined {asked.name} without a word")


class Daemon:
    """Two connections, and what is known of the other end.

    `state` serves polls alone, `commands` all that somebody waits for: neither waits for the other's answers, and
    nothing disturbs what the daemon remembers of the first.
    """

    def __init__(self, settings: AMuleSettings, services: Services) -> None:
        self.settings = settings
        self.services = services
        self.log = services.log
        self.mirror = Mirror(services.log)
        self.labels = Labels()
        self.labelling = trio.Lock()
        """Held while indexes of categories are in use: deleting one moves the others."""
        self.remembered: dict[str, str] = {}
        """The category that a file had while it was a download, by hash: once it is complete the daemon forgets it."""
        self.moved: set[str] = set()
        """Files that were moved since the last poll."""
        self.version = "unknown"
        self.state: Link
        self.commands: Link
        self._links: list[Link] = []
        self._incoming = ""
        self._updating = trio.Lock()
        self._opened_at = 0.0
        self._refreshed_at = float("-inf")

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: AMuleSettings, services: Services) -> AsyncIterator["Daemon"]:
        """Connect and log in twice; a refused password is tried once."""
        daemon = cls(settings, services)
        try:
            daemon.state = await daemon._connect()
            daemon.commands = await daemon._connect()
            daemon._opened_at = trio.current_time()
            yield daemon
        finally:
            for link in daemon._links:
                with trio.CancelScope(shield=True):
                    await link.close()

    async def _connect(self) -> Link:
        settings = self.settings
        for _ in range(LOGINS):
            link = await Link.open(settings.host, settings.port, self.services, settings.where)
            self._links.append(link)
            if await self._let_in(link):
                return link
            await trio.sleep(AGAIN_S)
        raise Unreachable(f"{settings.where} hangs up on every login")

    async def _let_in(self, link: Link) -> bool:
        """Log in; False where the daemon hung up at once and without a word. Raises what `log_in` raises."""
        # packing takes the daemon time in which it serves nobody: only for ways that lead off this machine
        near = self.settings.host.startswith(LOOPBACK)
        began = trio.current_time()
        try:
            self.version = await log_in(link, self.settings.password.get_secret_value(), zlib=not near)
            return True
        except AmutorrentError as error:
            self._links.remove(link)
            await link.close()
            if not isinstance(error, Unreachable) or trio.current_time() - began > SUDDENLY_S:
                raise
            self.log.info("%s", error.message)
            return False

    # -- commands

    async def command(self, op: Op, *tags: Tag, within_s: float = ANSWER_S) -> Packet:
        """Ask for something to be done. Raises `Refusal` where the daemon says FAILED."""
        return await self._ask(self.commands, op, tags, within_s)

    async def question(self, op: Op, *tags: Tag) -> Packet:
        """Ask for something that a poll wants to know, on the connection of the polls, which stays so long."""
        async with self._updating:
            return await self._ask(self.state, op, tags, ANSWER_S)

    async def _ask(self, link: Link, op: Op, tags: Sequence[Tag], within_s: float) -> Packet:
        packet = (await link.ask(Packet(op, tuple(tags)), within_s)).packet()
        if packet.opcode == Op.FAILED:
            raise Refusal(op, packet)
        return packet

    # -- the state

    def check(self) -> None:
        """See that both connections are sound. Raises `Unreachable`: they are opened anew together."""
        for link in (self.commands, self.state):
            if link.failed:
                raise Unreachable(f"The connection to {link.where} is lost: {link.failed}")

    async def refresh(self, *, anew: bool = False) -> None:
        """Ask for what changed since the last time (`anew`: for everything); `mirror` and `labels` are true then.

        Runs to its end though the caller is cancelled: what was told once is not told again.
        """
        await apart(self.services.nursery, lambda: self._refresh(anew))

    async def fresh(self, age_s: float) -> None:
        """Refresh unless that was done in the last so many seconds."""
        if trio.current_time() - self._refreshed_at > age_s:
            await self.refresh()

    async def _refresh(self, anew: bool) -> None:
        async with self._updating:
            try:
                await (self._resync() if anew else self._update())
                while (labels := await self._read_labels()) != self.labels:
                    # a deleted category moves the indexes of others: files and categories have to be of one moment
                    self.labels = labels
                    await self._update()
            except AmutorrentError as error:
                self.state.spoil(error.message)
                raise
            self._refreshed_at = trio.current_time()

    async def _update(self) -> None:
        if trio.current_time() - self._opened_at > RENEW_S:
            self._opened_at = trio.current_time()
            self.services.nursery.start_soon(self._renew)
        try:
            await self.mirror.take(await self._ask_update(self.state))
        except OutOfStep as error:
            self.log.warning("%s; asking for everything anew", error.message)
            await self._resync()

    async def _ask_update(self, link: Link) -> Frame:
        return await link.ask(Packet(Op.GET_UPDATE, (uint(T.DETAIL_LEVEL, Detail.INC_UPDATE),)), UPDATE_S)

    async def _resync(self) -> None:
        """Let a new connection tell everything, and put it in the place of the one of the polls."""
        link, mirror = await self._connect(), Mirror(self.log)
        await mirror.take(await self._ask_update(link))
        await self._replace(link, mirror)

    async def _renew(self) -> None:
        """Do that from time to time, since long sessions were seen to go wrong; polls go on meanwhile."""
        try:
            link, mirror = await self._connect(), Mirror(self.log)
            await mirror.take(await self._ask_update(link))
            async with self._updating:
                await self._replace(link, mirror)
        except AmutorrentError as error:
            self.log.warning("the connection for polls could not be renewed: %s", error.message)

    async def _replace(self, link: Link, mirror: Mirror) -> None:
        old, self.state, self.mirror = self.state, link, mirror
        self._opened_at, self._incoming = trio.current_time(), ""
        self._links.remove(old)
        await old.close()

    async def _read_labels(self) -> Labels:
        select = Select.CATEGORIES if self._incoming else Select.CATEGORIES | Select.DIRECTORIES
        packet = await self._ask(self.state, Op.GET_PREFERENCES, (uint(T.SELECT_PREFS, select),), ANSWER_S)
        if packet.opcode != Op.SET_PREFERENCES:
            raise ProtocolError(f"GET_PREFERENCES was answered with opcode 0x{packet.opcode:02X}")
        folders = first(packet.tags, T.PREFS_DIRECTORIES)
        incoming = folders.child(T.DIRECTORIES_INCOMING) if folders is not None else None
        self._incoming = incoming.text if incoming is not None else self._incoming
        return read_labels(packet, self._incoming)

    # -- files

    async def known(self, hashes: Iterable[str]) -> dict[str, File | None]:
        """Find files by hash, asking the daemon anew if any is not known."""
        wanted = list(dict.fromkeys(hashes))
        if any(self.mirror.find(hash) is None for hash in wanted):
            await self.refresh()
        return {hash: self.mirror.find(hash) for hash in wanted}

    async def file(self, hash: str) -> File:
        """Find one file. Raises `NotFound`."""
        found = (await self.known([hash]))[hash]
        if found is None:
            raise not_found(hash)
        return found


def not_found(hash: str) -> NotFound:
    """Say that there is no such file."""
    return NotFound(f"aMule does not have {hash}", code="item_not_found")
