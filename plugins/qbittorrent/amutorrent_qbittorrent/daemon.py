"""One open qBittorrent, as all parts of the client share it."""

from collections.abc import Iterable, Sequence

from amutorrent import NotFound, Outcome

from .failures import Refusal
from .mirror import Mirror
from .transport import Form, Transport
from .versions import RENAMED, Dialect
from .wire import Preferences, RawFields, Row, read

PER_QUESTION = 500
"""Torrents asked about at a time."""


class Daemon:
    """The transport, what is known of the other end, and the calls that several parts make."""

    def __init__(self, transport: Transport, dialect: Dialect, version: str, mirror: Mirror) -> None:
        self.transport = transport
        self.dialect = dialect
        self.version = version
        self.mirror = mirror

    def id_of(self, hash: str) -> str:
        """Give the daemon's own id of an item."""
        return self.mirror.id_of(hash)

    async def present(self, hashes: Iterable[str]) -> set[str]:
        """Ask which of these items stand in the daemon's list now."""
        wanted, found = {self.id_of(hash): hash for hash in hashes}, set()
        ids = list(wanted)
        for start in range(0, len(ids), PER_QUESTION):
            batch = "|".join(ids[start : start + PER_QUESTION])
            body = await self.transport.post("torrents/info", {"hashes": batch})
            found |= {wanted[row.hash] for row in read(body, list[Row], "torrents/info") if row.hash in wanted}
        return found

    async def act(self, endpoint: str, hashes: Sequence[str], **form: str) -> Outcome:
        """Do something to all these items in one call, and answer honestly for those that are not there.

        The daemon takes unknown hashes in silence, so who is there is asked first.
        """
        present = await self.present(hashes)
        if present:
            await self.call(endpoint, {"hashes": "|".join(self.id_of(hash) for hash in present), **form})
        return {hash: None if hash in present else not_found(hash) for hash in hashes}

    async def call(self, endpoint: str, form: Form) -> bytes:
        """Post to an endpoint, under its other generation's name if it is not there under this one."""
        try:
            return await self.transport.post(endpoint, form)
        except Refusal as error:
            if error.http_status != 404 or endpoint not in RENAMED:
                raise
            return await self.transport.post(RENAMED[endpoint], form)

    async def ask(self, endpoint: str, hash: str) -> bytes:
        """Read something of one item. Raises `NotFound` where the daemon does not have it."""
        try:
            return await self.transport.get(endpoint, hash=self.id_of(hash))
        except Refusal as error:
            raise (not_found(hash) if error.http_status == 404 else error) from error

    async def raw(self, hash: str) -> RawFields:
        """Give all fields that the daemon has of one item, of its list and of its properties."""
        rows = await self.transport.post("torrents/info", {"hashes": self.id_of(hash)})
        fields = read(await self.ask("torrents/properties", hash), RawFields, "torrents/properties")
        return {**fields, **next(iter(read(rows, list[RawFields], "torrents/info")), {})}

    async def preferences(self) -> Preferences:
        """Read what of the daemon's preferences is used."""
        return read(await self.transport.get("app/preferences"), Preferences, "app/preferences")


def not_found(hash: str) -> NotFound:
    """Say that there is no such item."""
    return NotFound(f"qBittorrent does not have {hash}", code="item_not_found")
