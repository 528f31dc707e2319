"""The client contract against the real rtorrent: over TCP, over a Unix socket, and through a web server."""

from contextlib import ExitStack, contextmanager

import pytest
from amutorrent_rtorrent import RTorrent

from amutorrent.testing import ClientContract, FaultProxy, Seen
from benchmarks.servers import running

pytestmark = [
    pytest.mark.daemon,
    pytest.mark.slow,
    # a cancelled request leaves the generator of its body to the garbage collector, inside httpx
    pytest.mark.filterwarnings("ignore:Async generator 'httpx:ResourceWarning"),
]


class Real(ClientContract):
    client = RTorrent

    @pytest.fixture
    def daemon(self):
        raise NotImplementedError

    @pytest.fixture
    def settings(self, daemon):
        return settings_of(daemon)

    @pytest.fixture
    def downloads(self, daemon):
        return daemon.downloads

    @pytest.fixture
    def oracle(self, daemon):
        def look(hash):
            label = daemon.label(hash)
            if label is None:
                return None
            multi = daemon.get("d.is_multi_file", hash)
            return Seen(
                held=not daemon.get("d.is_active", hash),
                category=label,
                directory=daemon.get("d.directory", hash) if not multi else None,
            )

        return look

    @pytest.fixture
    def scale(self):
        with replaying() as port_of:
            yield lambda count: RTorrent.Settings(mode="scgi", host="127.0.0.1", port=port_of(count))


class TestOverTcp(Real):
    @pytest.fixture
    def daemon(self, rtorrent):
        return rtorrent


class TestOverUnixSocket(Real):
    @pytest.fixture
    def daemon(self, rtorrent_on_socket):
        return rtorrent_on_socket

    def open_proxy(self, settings):
        return FaultProxy.open(settings.socket_path)

    def through(self, settings, proxy):
        return settings.model_copy(update={"mode": "scgi", "host": proxy.host, "port": proxy.port})


class TestOverHttp(Real):
    login = b"Authorization: Basic"

    @pytest.fixture
    def daemon(self, rtorrent_behind_http):
        return rtorrent_behind_http.behind

    @pytest.fixture
    def settings(self, rtorrent_behind_http):
        return settings_of(rtorrent_behind_http)

    @pytest.fixture
    def wrong_settings(self, rtorrent_behind_http):
        return settings_of(rtorrent_behind_http, password="not the password")


@contextmanager
def replaying():
    """Lend a function: count -> port of a process that replays the answers of a 0.9.8 with so many torrents."""
    with ExitStack() as stack:
        yield lambda count: stack.enter_context(running("serve", count, module="benchmarks.rtorrent"))[0]


def settings_of(daemon, **other):
    keys = {key: value for key, value in daemon.settings.items() if key != "type"}
    return RTorrent.Settings.model_validate({**keys, **other})
