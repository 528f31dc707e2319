"""What the author of a plugin supplies to the contract."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import ClassVar

import pytest
import trio
from pydantic import SecretStr

from ...capabilities import (
    AddEd2kLink,
    AddOptions,
    AddTorrentFile,
    Capability,
    Remove,
    RemoveWithFiles,
    capabilities_of,
)
from ...client import Client, ClientSettings
from ...model import Item
from ..ed2k import hollow_ed2k_file, make_ed2k_file
from ..proxy import FaultProxy
from ..samples import Sample
from ..session import Oracle, Session, open_session, skip
from ..torrents import Torrent, hollow_torrent, make_torrent

TRACKER = "http://127.0.0.1:9/announce"
UNKNOWN = "0123456789abcdef0123456789abcdef01234567"
Scale = Callable[[int], ClientSettings]


class Supplies:
    """The fixtures and methods that every part of the contract builds on."""

    client: ClassVar[type[Client]]
    """The class that is tested."""
    login: ClassVar[bytes | None] = None
    """Bytes that every attempt to log in has, as they travel (`b"auth/login"`), so that attempts can be counted."""

    @pytest.fixture
    def settings(self) -> ClientSettings:
        """Give the settings of your real client."""
        raise TypeError("override the fixture `settings`: the settings of your real client")

    @pytest.fixture
    def wrong_settings(self) -> ClientSettings | None:
        """Give the settings with a wrong password, if your client knows passwords."""
        return None

    @pytest.fixture
    def oracle(self) -> Oracle | None:
        """Give a function that looks into the client itself, not through your plugin: hash -> `Seen`, or None."""
        return None

    @pytest.fixture
    def downloads(self) -> Path | None:
        """Give the folder into which the client downloads, if the tests may write there."""
        return None

    @pytest.fixture
    def scale(self) -> Scale | None:
        """Give a function: n -> settings of a client that answers with n replayed items."""
        return None

    def open_proxy(self, settings: ClientSettings) -> AbstractAsyncContextManager[FaultProxy] | None:
        """Put a proxy in front of the client; None: no network lies between. By default before `host` and `port`."""
        host, port = getattr(settings, "host", None), getattr(settings, "port", None)
        return FaultProxy.open((host, port)) if host and port else None

    def through(self, settings: ClientSettings, proxy: FaultProxy) -> ClientSettings:
        """Give the settings that lead through the proxy. By default with another `host` and `port`."""
        return settings.model_copy(update={"host": proxy.host, "port": proxy.port})

    def make_sample(self, name: str, size: int = 40_000) -> Sample:
        """Make a download of `size` bytes that the client does not know. By default a torrent, or an ED2K file.

        Override this and `make_hollow_sample` for a client of another network.
        """
        return make_ed2k_file(name, size) if self._takes(AddEd2kLink) else make_torrent(name, size)

    def make_hollow_sample(self, name: str, size: int) -> Sample:
        """Make one of a size as large as you like, of which no content exists."""
        return hollow_ed2k_file(name, size) if self._takes(AddEd2kLink) else hollow_torrent(name, size)

    def make_whole_sample(self, name: str) -> Sample:
        """Make one whose content is to lie in the client's folder: of several files where the network has such."""
        if self._takes(AddTorrentFile):
            return make_torrent(name, {"a.bin": 100_000, "sub ünï/b.bin": 70_000})
        return self.make_sample(name, 170_000)

    def _takes(self, kind: type[Capability]) -> bool:
        return kind.capability in capabilities_of(self.client, *self.client.part_types)

    @pytest.fixture
    async def session(self, settings: ClientSettings, oracle: Oracle | None) -> AsyncIterator[Session]:
        """Open the client, and poll it once."""
        async with open_session(self.client, settings, oracle) as session:
            await session.poll()
            yield session

    @pytest.fixture
    def torrent(self) -> Torrent:
        """Make a torrent of two files, whose content is nowhere."""
        return make_torrent("contract", {"a.bin": 40_000, "sub/b.bin": 20_000}, TRACKER, piece=16_384)

    @pytest.fixture
    def sample(self, request: pytest.FixtureRequest) -> Sample:
        """Make a download whose content is nowhere: the torrent of the fixture `torrent`, where torrents are known."""
        if self._takes(AddTorrentFile):
            torrent: Torrent = request.getfixturevalue("torrent")
            return torrent
        return self.make_sample("contract", 60_000)

    @pytest.fixture
    async def item(self, session: Session, sample: Sample) -> AsyncIterator[Item]:
        """Add it without starting it, and take it away afterwards."""
        await add(session, sample)
        yield session.items[sample.hash]
        await session.part(Remove).remove([sample.hash])

    @pytest.fixture
    def whole_sample(self) -> Sample:
        """Make a download whose content is there."""
        return self.make_whole_sample("contract whole")

    @pytest.fixture
    async def whole(self, session: Session, whole_sample: Sample, downloads: Path | None) -> AsyncIterator[Item]:
        """Put it where the client finds it, and wait until the client has verified it."""
        await clear(session, whole_sample)
        await trio.to_thread.run_sync(whole_sample.write, needed(downloads))
        await whole_sample.appear_in(session)
        hash = whole_sample.hash
        await session.until(lambda: hash in session.items and session.items[hash].complete)
        yield session.items[hash]
        await session.poll()
        await clear(session, whole_sample)

    @pytest.fixture
    async def proxy(self, settings: ClientSettings) -> AsyncIterator[FaultProxy]:
        """Run the proxy."""
        proxy = self.open_proxy(settings)
        if proxy is None:
            skip("no network lies between us and this client")
        async with proxy as running:
            yield running

    @pytest.fixture(autouse=True)
    def no_secret_is_logged(
        self, settings: ClientSettings, wrong_settings: ClientSettings | None, caplog: pytest.LogCaptureFixture
    ) -> Iterator[None]:
        """Look through the log of every test for secrets."""
        caplog.set_level("INFO")
        caplog.set_level("DEBUG", logger="amutorrent")
        yield
        for name, value in [*settings, *(wrong_settings or ())]:
            if isinstance(value, SecretStr) and len(secret := value.get_secret_value()) > 3:
                assert secret not in caplog.text, f"the log holds the secret {name}"


HELD_BACK = AddOptions(paused=True)


async def add(session: Session, sample: Sample, options: AddOptions = HELD_BACK) -> None:
    """Add something anew, and wait until polls show it."""
    await session.part(Remove).remove([sample.hash])
    await sample.add_to(session, options)
    await session.until(lambda: sample.hash in session.items)


async def clear(session: Session, *samples: Sample) -> None:
    """Take samples away, with their data where that is the only way."""
    hashes = [sample.hash for sample in samples]
    outcome = await session.part(Remove).remove(hashes)
    if left := [hash for hash in hashes if outcome.get(hash) is not None and hash in session.items]:
        await session.part(RemoveWithFiles).remove_with_files(left)


def needed(downloads: Path | None) -> Path:
    """Give the folder, or skip the test."""
    if downloads is None:
        skip("no `downloads` were supplied")
    return downloads
