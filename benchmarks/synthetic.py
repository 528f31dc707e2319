"""A plugin of thousands of made-up items, of which a share changes with every poll."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amutorrent import (
    Call,
    Changes,
    Client,
    ClientSettings,
    Item,
    Prepared,
    Probe,
    Services,
    Sources,
    hookimpl,
    operation,
)

PLUGIN_API = (1, 0)


class SyntheticSettings(ClientSettings):
    """How many items, and how many of them change with each poll."""

    items: int = 1000
    changing: int = 10

    def address(self) -> str:
        """There is no address: the number tells two of them apart."""
        return str(self.items)


class Synthetic(Client):
    """Answers polls at once, from memory."""

    type = "synthetic"
    label = "Synthetic"
    network = "bittorrent"
    Settings = SyntheticSettings

    def __init__(self, settings: SyntheticSettings) -> None:
        self._items = [made_up(number) for number in range(settings.items)]
        self._changing = settings.changing
        self._polls = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Any, services: Services) -> AsyncIterator["Synthetic"]:  # Any: own settings
        """Make the items."""
        yield cls(settings)

    async def probe(self) -> Probe:
        """There is one version."""
        return Probe(version="1")

    async def poll(self) -> Changes:
        """Change some items: everything first, then only those."""
        first, self._polls = self._polls == 0, self._polls + 1
        if first:
            return Changes(items=self._items, full=True)
        start = self._polls * self._changing % max(1, len(self._items))
        chosen = [(start + offset) % len(self._items) for offset in range(self._changing)]
        for index in chosen:
            item = self._items[index]
            self._items[index] = replace(
                item,
                progress=round((item.progress + 0.37) % 100, 2),
                size_downloaded=(item.size_downloaded + 4_321_987) % item.size,
                download_speed=(item.download_speed + 12_345) % 9_000_000,
            )
        return Changes(items=[self._items[index] for index in chosen], download_speed=self._polls)


def made_up(number: int) -> Item:
    """Make one item with the fields that a real torrent has."""
    hash, name = f"{number:040x}", f"Some.Show.S{number % 30:02d}E{number % 24:02d}.1080p.WEB.x264-GROUP{number}"
    return Item(
        hash=hash,
        name=name,
        status="active",
        progress=number % 100,
        size=1_500_000_000 + number,
        size_downloaded=700_000_000,
        download_speed=number * 7,
        upload_speed=number * 3,
        complete=False,
        shared=True,
        category="tv",
        sources=Sources(total=40, connected=7, seeders=5),
        upload_total=123_456_789,
        ratio=0.31,
        magnet_link=f"magnet:?xt=urn:btih:{hash}&dn={name}&tr=http%3A%2F%2Ftracker.example%2Fannounce",
        tracker="tracker.example",
        trackers=("http://tracker.example/announce", "udp://open.example:1337/announce"),
        directory="/downloads/tv",
        path=f"/downloads/tv/{name}",
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
        eta=4000,
    )


class Nothing(Struct, frozen=True):
    """No fields."""


class Fixed(Struct, frozen=True, tag="fixed"):
    """Bytes of a fixed length."""


class FixedBytes(Prepared[Fixed]):
    """As many bytes as the snapshot has, always the same."""

    made: bytes = b""

    def __init__(self, size: int) -> None:
        if len(FixedBytes.made) != size:
            FixedBytes.made = b'{"type":"fixed","data":"%s"}' % (b"x" * (size - 26))

    @property
    def etag(self) -> str:
        """They never change."""
        return f"fixed-{len(self.made)}"

    def body(self) -> bytes:
        """Give them."""
        return self.made


@operation("benchFixed", http="GET /api/v1/bench/fixed")
async def fixed(request: Nothing, call: Call) -> Prepared[Fixed]:
    """Answer fixed bytes of the snapshot's length, through the same server."""
    return FixedBytes(len(FixedBytes.made) or len(call.catalogue.view(call.user).full()))


@hookimpl
def register_client_types(register: Callable[[type[Client]], None]) -> None:
    """Contribute the client."""
    register(Synthetic)


@hookimpl
def register_operations(register: Callable[[Callable[..., Awaitable[object]]], None]) -> None:
    """Contribute the fixed answer."""
    register(fixed)
