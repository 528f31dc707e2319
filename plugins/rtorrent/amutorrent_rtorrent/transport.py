"""The ways to one rTorrent: SCGI over TCP or a Unix socket, and HTTP. Knows no meaning. Source: rtorrent 2."""

import functools
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import httpx
import trio

from amutorrent import AmutorrentError, ProtocolError, Services, not_connected, read_body

from . import failures, scgi
from .settings import RTorrentSettings

MAX_ANSWER = 256 << 20
CONNECT_S = 10
PER_CALL_S = 60
CHUNK = 1 << 18


class Transport(Protocol):
    """Carries one request at a time: the daemon's main thread serves no more."""

    where: str

    async def exchange(self, body: bytes, content_type: str) -> bytes:
        """Send a request and give the whole answer. Raises what `failures` makes."""


@asynccontextmanager
async def opened(settings: RTorrentSettings, services: Services) -> AsyncIterator[Transport]:
    """Lend the transport that the settings ask for, with no word exchanged yet."""
    if settings.mode != "http":
        yield Scgi(settings)
        return
    # in a thread: the library imports half of itself when its first client is made, and authorities load slowly
    async with await services.run_sync(http_client, settings) as http:
        yield Http(settings.where, http)


class Scgi:
    """SCGI: a connection for each request, which the daemon closes after its answer."""

    def __init__(self, settings: RTorrentSettings) -> None:
        self.where = settings.where
        self._settings = settings
        self._one = trio.Lock()

    async def exchange(self, body: bytes, content_type: str) -> bytes:
        """Send a request and give the whole answer."""
        async with self._one:
            try:
                with trio.fail_after(PER_CALL_S):
                    return await self._once(scgi.request(body, content_type))
            except trio.TooSlowError as error:
                raise failures.silent(self.where) from error

    async def _once(self, request: bytes) -> bytes:
        answer = scgi.Answer(MAX_ANSWER)
        async with await self._connect() as stream:
            try:
                await stream.send_all(request)
                while not answer.whole and (data := await stream.receive_some(CHUNK)):
                    answer.feed(data)
            except (trio.BrokenResourceError, OSError) as error:
                raise failures.hung_up(self.where) from error
        if answer.empty:
            raise failures.hung_up(self.where)
        return answer.body()

    async def _connect(self) -> trio.SocketStream:
        try:
            with trio.fail_after(CONNECT_S):
                if self._settings.mode == "scgi-socket":
                    return await trio.open_unix_socket(self._settings.socket_path)
                return await trio.open_tcp_stream(self._settings.host, self._settings.port)
        except (OSError, RuntimeError) as error:
            raise not_connected(error, self.where, failures.HINTS) from error
        except trio.TooSlowError as error:
            raise failures.of_http(httpx.ConnectTimeout(""), self.where) from error


class Http:
    """HTTP or HTTPS to a web server that passes requests on to the daemon."""

    def __init__(self, where: str, http: httpx.AsyncClient) -> None:
        self.where = where
        self._http = http
        self._one = trio.Lock()
        self._rejected: AmutorrentError | None = None

    async def exchange(self, body: bytes, content_type: str) -> bytes:
        """Send a request and give the whole answer."""
        async with self._one:
            if self._rejected is not None:
                raise self._rejected
            try:
                with trio.fail_after(PER_CALL_S):
                    return await self._once(body, content_type)
            except (httpx.HTTPError, OSError) as error:
                raise failures.of_http(error, self.where) from error
            except trio.TooSlowError as error:
                raise failures.silent(self.where) from error

    async def _once(self, body: bytes, content_type: str) -> bytes:
        request = self._http.build_request("POST", self.where, content=body, headers={"Content-Type": content_type})
        answer = await self._http.send(request, stream=True)
        try:
            found = await _limited(answer)
        finally:
            await answer.aclose()
        if answer.is_success:
            return found
        error = failures.of_status(answer.status_code, answer.headers.get("location", ""), self.where)
        if answer.status_code == 401:
            self._rejected = error
        raise error


@functools.cache
def tls() -> ssl.SSLContext:
    """Load the system's authorities, once for all instances (it takes a tenth of a second)."""
    return ssl.create_default_context()


def http_client(settings: RTorrentSettings) -> httpx.AsyncClient:
    """Make the HTTP client: no redirects, one connection, and the password only where there is a user name."""
    password = settings.password.get_secret_value()
    return httpx.AsyncClient(
        headers={"User-Agent": "aMuTorrent", "Accept-Encoding": "identity"},
        auth=httpx.BasicAuth(settings.username, password) if settings.username else None,
        timeout=httpx.Timeout(30, connect=CONNECT_S),
        limits=httpx.Limits(max_connections=2, keepalive_expiry=4),
        verify=tls() if settings.use_ssl else False,
        trust_env=False,  # neither a proxy nor the passwords of ~/.netrc
    )


async def _limited(answer: httpx.Response) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise ProtocolError("The web server packs its answer, which was not asked for")
    return await read_body(answer.aiter_raw(), MAX_ANSWER)
