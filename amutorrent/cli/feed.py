"""The socket of a daemon, followed over restarts and lost connections. Source: websocket 1 and 5.1, stack-notes 8."""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from urllib.parse import urlsplit, urlunsplit

import trio
from trio_websocket import (
    ConnectionClosed,
    ConnectionRejected,
    HandshakeError,
    WebSocketConnection,
    connect_websocket_url,
    wrap_client_stream,
)
from wsproto.utilities import LocalProtocolError

from ..errors import InvalidRequest, NotAuthenticated, Unreachable
from ..instances.backoff import Backoff
from ..replay import Replay

LARGEST_MESSAGE = 64 << 20
CONNECT_S = 10.0
SILENCE_S = 30.0
"""The daemon says something every 5 s; after so much silence the connection is dead."""
LONGEST_WAIT_S = 10.0
POLICY, SESSION_ENDED = 1008, 4001

Tell = Callable[[str | None], None]
"""Called after every message with None, and with the reason when the connection is lost."""


def socket_url(url: str) -> str:
    """Give the address of the socket of the daemon at a URL. Raises `InvalidRequest`."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    scheme = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}.get(parts.scheme)
    if scheme is None or not parts.hostname:
        raise InvalidRequest(f"{url} is no address of a daemon; one is http://127.0.0.1:4000")
    return urlunsplit((scheme, parts.netloc, f"{parts.path.rstrip('/')}/ws", "", ""))


async def follow(url: str, api_key: str | None, replay: Replay, tell: Tell) -> None:
    """Keep `replay` up to date for ever, coming back after every lost connection.

    Raises `Unreachable` if the first connection fails, `NotAuthenticated` if the daemon wants (other) credentials.
    """
    address, backoff = socket_url(url), Backoff()

    def heard() -> None:
        backoff.reset()
        tell(None)

    while True:
        try:
            await _read(address + replay.resume, api_key, replay, heard)
        except* (HandshakeError, OSError, trio.TooSlowError, ConnectionClosed, LocalProtocolError) as group:
            reason = _reason(group, url)
        if replay.session is None:
            raise Unreachable(reason)
        tell(reason)
        await trio.sleep(min(LONGEST_WAIT_S, backoff.next()))


async def _read(address: str, api_key: str | None, replay: Replay, heard: Callable[[], None]) -> None:
    headers = [(b"X-API-Key", api_key.encode())] if api_key else None
    async with trio.open_nursery() as nursery:  # of our own: the library's context manager may end its caller
        with trio.fail_after(CONNECT_S):
            socket = await connected(nursery, address, headers)
        try:
            while True:
                with trio.fail_after(SILENCE_S):
                    message = await socket.get_message()
                await _take(socket, message, replay)
                heard()
        finally:
            nursery.cancel_scope.cancel()


async def connected(
    nursery: trio.Nursery, address: str, headers: list[tuple[bytes, bytes]] | None = None
) -> WebSocketConnection:
    """Open a WebSocket. The library's own way names an IPv6 address without its brackets, which no server takes."""
    parts = urlsplit(address)
    host, secure = parts.hostname or "", parts.scheme == "wss"
    if ":" not in host:
        return await connect_websocket_url(nursery, address, extra_headers=headers, max_message_size=LARGEST_MESSAGE)
    port = parts.port or (443 if secure else 80)
    stream: trio.abc.Stream
    if secure:
        stream = await trio.open_ssl_over_tcp_stream(host, port, https_compatible=True)
    else:
        stream = await trio.open_tcp_stream(host, port)
    resource = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    async with AsyncExitStack() as until_open:
        until_open.push_async_callback(trio.aclose_forcefully, stream)
        socket = await wrap_client_stream(
            nursery, stream, parts.netloc, resource, extra_headers=headers, max_message_size=LARGEST_MESSAGE
        )
        until_open.pop_all()
    return socket


async def _take(socket: WebSocketConnection, message: str | bytes, replay: Replay) -> None:
    asked_before = replay.seq is None
    if not replay.apply(json.loads(message)) and not asked_before:
        await socket.send_message(json.dumps({"action": "requestFullSnapshot"}))


def _reason(group: BaseExceptionGroup[BaseException], url: str) -> str:
    """Say why a connection ended. Raises what no further attempt can mend."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ConnectionRejected):
        raise Unreachable(
            f"{url} refuses the socket with status {error.status_code}: is it a daemon of ours?"
        ) from None
    if isinstance(error, ConnectionClosed):
        code, why = (error.reason.code, error.reason.reason) if error.reason else (None, None)
        if code in (POLICY, SESSION_ENDED):
            raise NotAuthenticated(f"{url} closed the socket: {why or code}; give an API key by --api-key") from None
        return f"{url} closed the socket{f': {why}' if why else ''}"
    if isinstance(error, trio.TooSlowError):
        return f"{url} does not answer"
    return f"{url} cannot be reached: is the daemon running? ({error})"
