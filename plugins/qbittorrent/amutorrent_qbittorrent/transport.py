"""HTTP to one qBittorrent: the session, its one login, and every failure as an error of ours. Knows no meaning.

Source: qbittorrent 1 and 6.
"""

import functools
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import trio

from amutorrent import AmutorrentError, AuthRejected, DeadlineExceeded, ProtocolError, Services, Unreachable, read_body

from . import failures
from .failures import Refusal
from .settings import QBittorrentSettings

MAX_ANSWER = 256 << 20
CONNECTIONS = 4
PER_READ = httpx.Timeout(30, connect=10)
PER_CALL_S = 120

Form = Mapping[str, str]
Upload = tuple[str, bytes, str]


@functools.cache
def tls() -> ssl.SSLContext:
    """Load the system's authorities, once for all instances (it takes a tenth of a second)."""
    return ssl.create_default_context()


def http_client(
    settings: QBittorrentSettings, verify: ssl.SSLContext | bool, transport: httpx.AsyncBaseTransport | None = None
) -> httpx.AsyncClient:
    """Make the HTTP client: no Origin and no Referer (the daemon compares them), no redirects, few connections."""
    key = settings.api_key.get_secret_value()
    return httpx.AsyncClient(
        base_url=settings.api,
        # not packed: that costs a daemon on the same machine or network more time than it saves
        headers={"User-Agent": "aMuTorrent", "Accept-Encoding": "identity"}
        | ({"Authorization": f"Bearer {key}"} if key else {}),
        timeout=PER_READ,
        limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=5),
        verify=verify,
        trust_env=False,  # neither a proxy nor the passwords of ~/.netrc
        transport=transport,
    )


def _make(settings: QBittorrentSettings) -> httpx.AsyncClient:
    return http_client(settings, tls() if settings.use_ssl else False)


class Transport:
    """Calls endpoints. Logs in once when it must, and after a lost session once more, never again after a refusal.

    `sessions` counts the sessions so far: what the daemon remembers for a session is gone when it has grown.
    """

    def __init__(self, settings: QBittorrentSettings, http: httpx.AsyncClient) -> None:
        self.sessions = 0
        self._settings = settings
        self._http = http
        self._where = f"{settings.origin}{settings.path}"
        self._logging_in = trio.Lock()
        self._rejected: AuthRejected | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: QBittorrentSettings, services: Services) -> AsyncIterator["Transport"]:
        """Lend a transport, with no word exchanged yet."""
        # in a thread: the library imports half of itself when its first client is made, and authorities load slowly
        async with await services.run_sync(_make, settings) as http:
            yield cls(settings, http)

    async def hello(self) -> str:
        """Find out who answers, log in if need be, and return `app/webapiVersion`.

        The password is sent only where something has answered as qBittorrent does to a stranger.
        """
        try:
            return failures.text_of(await self.get("app/webapiVersion"))
        except DeadlineExceeded as error:
            raise Unreachable(error.message) from error
        except Refusal as error:
            raise failures.something_else(self._where, f"{error.http_status}: {error.message!r}") from error

    async def get(self, path: str, **query: str | int) -> bytes:
        """Read. A connection that is lost on the way is tried once more."""
        return await self._call("GET", path, query={name: str(value) for name, value in query.items()})

    async def post(self, path: str, form: Form, upload: Upload | None = None) -> bytes:
        """Change something; sent once. Raises `Refusal` with the status where the daemon declines."""
        return await self._call("POST", path, form=form, upload=upload)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Form | None = None,
        upload: Upload | None = None,
    ) -> bytes:
        session = self.sessions
        for last in (False, True):
            request = self._http.build_request(
                method, path, params=query, data=form, files={"torrents": upload} if upload else None
            )
            try:
                return await self._exchange(request)
            except Refusal as error:
                if last or not error.of_a_stranger:
                    raise
            await self._log_in(session)
        raise AssertionError("unreachable")

    async def _log_in(self, session: int) -> None:
        async with self._logging_in:
            if self._rejected is not None:
                raise self._rejected
            if self.sessions == session:
                try:
                    await self._log_in_once()
                except AuthRejected as error:
                    self._rejected = error
                    raise
                self.sessions += 1

    async def _log_in_once(self) -> None:
        if self._settings.api_key.get_secret_value():
            raise _wrong_key()
        if not self._settings.username:
            raise AuthRejected("qBittorrent wants a login, and no user name is set")
        self._http.cookies.clear()
        request = self._http.build_request(
            "POST",
            "auth/login",
            data={"username": self._settings.username, "password": self._settings.password.get_secret_value()},
        )
        try:
            answer = failures.text_of(await self._exchange(request, wrong_password=401))
        except Refusal as error:
            raise self._login_refused(error) from error
        if answer == "Fails.":
            raise _wrong_password()
        if answer not in ("", "Ok."):
            raise failures.something_else(self._where, f"{failures.shorten(answer)!r} to a login")

    def _login_refused(self, error: Refusal) -> AmutorrentError:
        if error.http_status == 401:
            return _wrong_password()
        if error.http_status == 403:
            return AuthRejected(
                f"qBittorrent lets this address not log in, for too many failed logins: {error.message!r}."
                " Wait an hour, or restart it; then check user name and password"
            )
        return failures.something_else(self._where, f"{error.http_status} to a login")

    async def _exchange(self, request: httpx.Request, wrong_password: int = 0) -> bytes:
        try:
            with trio.fail_after(PER_CALL_S):
                try:
                    return await self._once(request, wrong_password)
                except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                    if request.method != "GET":
                        raise
                    return await self._once(request, wrong_password)
        except (httpx.HTTPError, OSError) as error:
            raise failures.of_transport(error, self._where) from error
        except trio.TooSlowError as error:
            raise DeadlineExceeded(f"{self._where} sent no whole answer within {PER_CALL_S} s") from error

    async def _once(self, request: httpx.Request, wrong_password: int) -> bytes:
        answer = await self._http.send(request, stream=True)
        try:
            kind = answer.headers.get("content-type", "").lower()
            body = await _limited(answer)
        finally:
            await answer.aclose()
        if answer.is_success and "html" not in kind:
            return body
        if answer.is_success:
            raise failures.something_else(self._where, "a web page")
        if answer.status_code == wrong_password:
            raise Refusal(failures.text_of(body), wrong_password)
        if answer.status_code == 401 and self._settings.api_key.get_secret_value():
            raise _wrong_key()
        raise failures.of_status(answer.status_code, kind, body, answer.headers.get("location", ""), self._where)


def _wrong_password() -> AuthRejected:
    return AuthRejected(
        "qBittorrent refused user name or password: compare them with its Options > Web UI > Authentication"
        " (it bans an address after five failures, so this is not tried again by itself)"
    )


def _wrong_key() -> AuthRejected:
    return AuthRejected("qBittorrent refused the API key: it has another one, or is older than 5.2 and knows none")


async def _limited(answer: httpx.Response) -> bytes:
    if packed := answer.headers.get("content-encoding"):
        raise ProtocolError(f"The answer is packed ({failures.shorten(packed)}), which was not asked for")
    return await read_body(answer.aiter_raw(), MAX_ANSWER)
