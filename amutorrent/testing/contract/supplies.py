"""What the author of a plugin supplies to the contract."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import SecretStr

from ...capabilities import AddOptions, AddTorrentFile, Remove
from ...client import Client, ClientSettings
from ...model import Item
from ..proxy import FaultProxy
from ..session import Oracle, Session, open_session, skip
from ..torrents import Torrent, make_torrent

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
    async def item(self, session: Session, torrent: Torrent) -> AsyncIterator[Item]:
        """Add it without starting it, and take it away afterwards."""
        await add(session, torrent)
        yield session.items[torrent.hash]
        await session.part(Remove).remove([torrent.hash])

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


async def add(session: Session, torrent: Torrent, options: AddOptions = HELD_BACK) -> None:
    """Add a torrent anew, and wait until polls show it."""
    adding, removing = session.part(AddTorrentFile), session.part(Remove)
    await removing.remove([torrent.hash])
    await adding.add_torrent_file(torrent.metafile, options)
    await session.until(lambda: torrent.hash in session.items)
