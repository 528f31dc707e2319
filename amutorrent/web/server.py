"""Listen, serve, start again should it ever end unasked, and stop within five seconds. Source: stack-notes 4."""

import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol

import hypercorn.trio
import trio
from hypercorn.config import Config

from ..errors import StartError
from . import transport

CLOSE_GRACE = 1.0
"""Seconds for the sockets' close frames when we stop."""
STOP_GRACE = 3.0
"""Seconds for the requests that run when we stop."""
KEEP_ALIVE = 5.0
"""Seconds for an idle connection, and for the head of a request."""
PING_INTERVAL = 30.0
MESSAGE_LIMIT = 16 << 20
HEAD_LIMIT = 32 << 10
BACKLOG = 512
RESTART_DELAY = 1.0

log = logging.getLogger("amutorrent.web")


class App(Protocol):
    """An ASGI app that can say goodbye to its sockets."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI's own untyped dicts
        """Serve one connection of ASGI."""

    async def run(self) -> None:
        """Do what the app does beside its connections; cancelled at the end."""

    async def close_sockets(self) -> None:
        """Close every socket with 1001, and accept no further one."""


class _Config(Config):
    """hypercorn's settings; the date header is made once a second instead of once a response."""

    _second = 0
    _headers: list[tuple[bytes, bytes]] = []  # noqa: RUF012  (replaced, never changed)

    def response_headers(self, protocol: str) -> list[tuple[bytes, bytes]]:
        """Give the headers of every response."""
        second = int(time.time())
        if second != self._second:
            self._second, self._headers = second, super().response_headers(protocol)
        return self._headers


async def serve(
    app: App,
    *,
    host: str,
    port: int,
    stop: trio.Event,
    task_status: "trio.TaskStatus[list[str]]" = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until `stop` is set; starts with the addresses that it listens on (port 0: any free one).

    When it stops, sockets are closed with 1001 first, running requests get `STOP_GRACE`, and a peer that does not
    read delays nothing beyond that. Raises `StartError` when it cannot listen.
    """
    transport.install()
    with _listen(host, port) as listener:
        task_status.started([_url(listener)])
        goodbye = trio.Event()  # the sockets have been told
        async with trio.open_nursery() as nursery:
            nursery.start_soon(app.run)
            nursery.start_soon(_say_goodbye, app, stop, goodbye)
            await _supervise(partial(_serve_once, app, listener, goodbye), stop, goodbye)
            nursery.cancel_scope.cancel()


async def _supervise(serve_once: Callable[[], Awaitable[None]], stop: trio.Event, goodbye: trio.Event) -> None:
    while not goodbye.is_set():
        try:
            await serve_once()
        except Exception:  # the outermost part of the connection guard: the server is to live
            log.exception("the web server ended by an error")
        if not goodbye.is_set():
            log.error("the web server ended unasked; it starts again in %.0f s", RESTART_DELAY)
            with trio.move_on_after(RESTART_DELAY):
                await stop.wait()
                return


async def _serve_once(app: App, listener: socket.socket, goodbye: trio.Event) -> None:
    config = _Config()
    config.bind = [f"fd://{os.dup(listener.fileno())}"]  # hypercorn closes its own copy
    config.backlog = BACKLOG
    config.graceful_timeout = STOP_GRACE
    config.keep_alive_timeout = KEEP_ALIVE
    config.keep_alive_max_requests = 1_000_000
    config.h11_max_incomplete_size = HEAD_LIMIT
    config.websocket_ping_interval = PING_INTERVAL
    config.websocket_max_message_size = MESSAGE_LIMIT
    config.alpn_protocols = ["http/1.1"]
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("amutorrent.web.hypercorn")
    config.errorlog.setLevel(logging.WARNING)
    await hypercorn.trio.serve(app, config, shutdown_trigger=goodbye.wait, mode="asgi")


async def _say_goodbye(app: App, stop: trio.Event, goodbye: trio.Event) -> None:
    await stop.wait()
    try:
        with trio.move_on_after(CLOSE_GRACE):
            await app.close_sockets()
    finally:
        goodbye.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # `::` is both
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartError(f"Cannot listen on {host} port {port}: {error.strerror or error}") from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
