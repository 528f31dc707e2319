"""The web application: guard first, then Quart with the routes of operations, plugins and sockets. Source: design 7."""

import logging
from collections.abc import Iterable
from math import inf
from typing import Any, cast

import trio
from quart import has_websocket_context, request, websocket
from quart.wrappers import Request, Response
from quart.wrappers.base import BaseRequestWebsocket
from quart_trio import QuartTrio
from quart_trio.asgi import TrioASGIHTTPConnection
from quart_trio.wrappers import TrioRequest
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, RequestTimeout
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import WebsocketMismatch
from werkzeug.wrappers import Response as WerkzeugResponse

from ..accounts import ASKING, Asking
from ..errors import AmutorrentError, DeadlineExceeded, InvalidRequest, NotFound, RateLimited
from ..operations import Operation
from .context import WebContext
from .description import description_endpoints
from .gate import ARRIVAL, arrival_of
from .guard import Guard
from .health import health_endpoints
from .hub import Hub
from .limits import BODY_LIMIT, NOBODYS_LIMIT, UPLOAD_LIMIT
from .packing import PackedBodies
from .pages import home, page_endpoints, to_sign_in
from .rate_limit import RateLimit
from .replies import (
    INTERNAL_ERROR,
    PAGE_POLICY,
    SECURITY,
    FileReply,
    MethodNotAllowed,
    PayloadTooLarge,
    Reply,
    error_reply,
)
from .rest import Endpoint, endpoint, for_users
from .socket import serve_socket
from .telemetry import telemetry_endpoint

BODY_TIMEOUT = 60
RESPONSE_TIMEOUT = 600
"""Seconds for a surface's whole answer, unless it sets `response.timeout`; None is without limit."""

SOCKETS = ("/", "/ws")

log = logging.getLogger("amutorrent.web")


class WebApp:
    """The ASGI app: everything that comes in passes the guard, and then goes to Quart."""

    def __init__(self, context: WebContext) -> None:
        self._gate, self._proxies = context.gate, context.proxies
        self._guard = Guard(context.allowed_hosts, context.base_path, check_host=context.gate.accounts is None)
        self._doors = context.doors
        self._limit = RateLimit()
        self._hub = Hub(context)
        self._quart = _Quart(context, self._hub)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI's own untyped dicts
        """Serve one connection of ASGI."""
        if scope["type"] != "lifespan":
            refusal = await self._refusal(scope)
            if refusal is not None:
                reply = error_reply(refusal)
                await (reply.send(send) if scope["type"] == "http" else reply.refuse_upgrade(send))
                return
        await self._quart(scope, receive, send)

    async def _refusal(self, scope: Any) -> AmutorrentError | None:  # Any: ASGI's own untyped dict
        """Find out who comes, and put that into the scope; say why nothing is answered at all, or None."""
        visitor = self._proxies.read(scope)
        refusal = self._guard.refusal(scope)
        if refusal is not None:
            return refusal
        arrival = await self._gate.arrive(scope, visitor)
        scope[ASKING] = Asking(
            user=None if arrival.by == "nobody" else arrival.user,
            address=visitor.address,
            must_set_up=arrival.must_set_up,
            refusal=arrival.refusal,
        )
        if arrival.by == "nobody" and await self._known_at_a_door(scope):
            arrival = arrival._replace(by="door")
        scope[ARRIVAL] = arrival
        if arrival.by == "nobody" and not visitor.loopback:
            try:
                self._limit.count(visitor.address)
            except RateLimited as error:
                return error
        if scope["type"] == "websocket" and _path(scope) not in SOCKETS and arrival.refusal is not None:
            return arrival.refusal  # a socket of a plugin; ours says so with a close code, which browsers can read
        # what proves itself by a header that no browser adds by itself was not sent by a page elsewhere
        return None if arrival.by == "key" else self._guard.foreign_change(scope)

    async def _known_at_a_door(self, scope: Any) -> bool:  # Any: ASGI's own untyped dict
        """Say whether a surface knows by its own credentials who comes to it."""
        for prefix, door in self._doors.items():
            if scope["type"] == "http" and f"{_path(scope)}/".startswith(f"{prefix}/"):
                try:
                    return await door(scope)
                except Exception:  # where a plugin's failure stops: they are nobody then
                    log.exception("The door of %s failed", prefix)
        return False

    async def run(self) -> None:
        """Do what sockets need beside their own tasks; cancelled when the server stops."""
        await self._hub.run()

    async def close_sockets(self) -> None:
        """Close every socket with 1001, and accept no further one."""
        await self._hub.close()


def create_app(context: WebContext) -> WebApp:
    """Build the web application."""
    return WebApp(context)


class _Connection(TrioASGIHTTPConnection):
    """One request. The handler runs in the connection's own task, beside the one that listens for a disconnect."""

    async def __call__(self, receive: Any, send: Any) -> None:  # Any: ASGI's callables
        request = self._create_request_from_scope(send)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.handle_messages, nursery, request, receive)
            await self._answer(request, send)
            nursery.cancel_scope.cancel()

    async def _answer(self, request: Request, send: Any) -> None:  # Any: ASGI's callable
        response = await cast("_Quart", self.app).answer(request)
        if isinstance(response, Reply | FileReply):  # how long it may take is the transport's
            await response.send(send)
            return
        _secure(request, response)
        timeout = getattr(response, "timeout", None)
        timeout = RESPONSE_TIMEOUT if timeout is ... else timeout
        with trio.move_on_after(inf if timeout is None else timeout) as limit:
            await self._send_response(send, response)
        if limit.cancelled_caught:
            log.warning("%s %s: the answer was cut off after %s s", request.method, request.path, timeout)


def _path(scope: Any) -> str:  # Any: ASGI's own untyped dict
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _secure(request: Request, response: Response | WerkzeugResponse) -> None:
    if request.path.startswith("/api/") and "ETag" not in response.headers:
        response.headers.setdefault("Cache-Control", "no-store")
    for name, value in SECURITY:
        response.headers.setdefault(name.decode(), value.decode())
    if response.mimetype == "text/html":
        response.headers.setdefault(PAGE_POLICY[0].decode(), PAGE_POLICY[1].decode())


class _Quart(QuartTrio):
    """Quart, with a short way for our own routes: what they need of its hooks, sessions and signals is nothing."""

    asgi_http_class = _Connection

    def __init__(self, context: WebContext, hub: Hub) -> None:
        super().__init__("amutorrent.web", static_folder=None)
        self._endpoints: dict[str, Endpoint] = {}
        self._public = context.public_surfaces
        self._matcher = self.url_map.bind("")
        self.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, BODY_TIMEOUT=BODY_TIMEOUT, RESPONSE_TIMEOUT=RESPONSE_TIMEOUT)
        self.request_class = _request_class(_body_limits(context.operations.all))
        self._add_endpoints(context, hub)

        async def socket() -> None:
            await serve_socket(context, hub)

        for path in SOCKETS:
            self.add_websocket(path, f"socket {path}", socket)
        for surface in context.surfaces:
            self.register_blueprint(surface)
        if not self._serves("/"):
            self._add("GET", "/", home)
        self.register_error_handler(Exception, _answer_error)

    async def answer(self, request: Request) -> Reply | FileReply | Response | WerkzeugResponse:
        """Answer a request: ours on the short way, a surface's or an unknown one on Quart's own."""
        try:
            name, parameters = self._matcher.match(request.path, request.method)
            ours = self._endpoints[cast("str", name)]
        except (HTTPException, KeyError):
            refusal = arrival_of(request.scope).refusal
            if refusal is None or self._is_public(request):
                return await self.handle_request(request)
            return to_sign_in(request) or error_reply(refusal)
        try:
            return await ours(request, parameters)
        except Exception as error:  # where a plugin's failure stops: the request gets an error reply
            return error_reply(_as_ours(error, request))

    def _serves(self, path: str) -> bool:
        try:
            self._matcher.match(path, "GET")
        except HTTPException:
            return False
        return True

    def _is_public(self, request: Request) -> bool:
        """Say whether a request is for a surface that looks by itself who asks."""
        try:
            name, _ = self._matcher.match(request.path, request.method)
        except HTTPException:
            return False
        return str(name).rpartition(".")[0].partition(".")[0] in self._public

    def _add_endpoints(self, context: WebContext, hub: Hub) -> None:
        packed = PackedBodies()
        for operation in context.operations.all:
            if operation.method is not None and operation.path is not None:
                ours = endpoint(operation, context.operations, packed, sso=context.gate.proxy is not None)
                self._add(operation.method, operation.path, ours)
        for path, ours in (health_endpoints(context.health, lambda: len(hub)) | page_endpoints()).items():
            self._add("GET", path, ours)
        if context.telemetry is not None:
            self._add("GET", "/metrics", telemetry_endpoint(context.telemetry, context.gate, hub))
        for path, ours in description_endpoints(context.operations, context.base_path, packed).items():
            self._add("GET", path, for_users(ours))

    def _add(self, method: str, path: str, ours: Endpoint) -> None:
        name = f"{method} {path}"
        self._endpoints[name] = ours
        rule = path.replace("{", "<").replace("}", ">")
        self.url_map.add(self.url_rule_class(rule, methods=[method], endpoint=name, merge_slashes=False))


def _body_limits(operations: Iterable[Operation]) -> dict[str, int]:
    """Give the longest body of each path that does not have the usual limit."""
    limits = {each.path: UPLOAD_LIMIT for each in operations if each.upload and each.path}
    return limits | {each.path: each.longest for each in operations if each.longest and each.path}


def _request_class(limits: dict[str, int]) -> type[TrioRequest]:
    class BoundedRequest(TrioRequest):
        """A request whose body has the limit of its path and caller: chosen before anything of the body is kept."""

        _max_form_memory_size = UPLOAD_LIMIT
        _max_form_parts = 100

        def __init__(self, method: str, scheme: str, path: str, *args: Any, **kwargs: Any) -> None:  # Any: Quart's own
            limit = limits.get(path, BODY_LIMIT)
            by = arrival_of(kwargs["scope"]).by
            limit = UPLOAD_LIMIT if by == "door" else min(limit, NOBODYS_LIMIT) if by == "nobody" else limit
            kwargs["max_content_length"] = limit
            super().__init__(method, scheme, path, *args, **kwargs)

    return BoundedRequest


async def _answer_error(error: Exception) -> Response:
    """Answer for Quart's own way: unknown paths, refused upgrades, and what escapes from a surface."""
    from_socket = has_websocket_context()
    reply = error_reply(_as_ours(error, websocket if from_socket else request))
    headers = {name.decode(): value.decode() for name, value in reply.headers}
    return Response(reply.body, reply.status, headers)


def _as_ours(error: Exception, asked: BaseRequestWebsocket) -> AmutorrentError:
    match error:
        case AmutorrentError():
            return error
        case RequestEntityTooLarge():
            return PayloadTooLarge("The body is longer than this path takes")
        case NoSuchMethod():
            return MethodNotAllowed(error.valid_methods or ())
        case NoSuchPath() | WebsocketMismatch():
            return NotFound("There is nothing at this path")
        case RequestTimeout():
            return DeadlineExceeded("The body did not arrive in time")
        case HTTPException() if (error.code or 500) < 500:
            return InvalidRequest(error.description or error.name, code="bad_request")
    log.error("%s %s failed", asked.method, asked.path, exc_info=error)
    return INTERNAL_ERROR
