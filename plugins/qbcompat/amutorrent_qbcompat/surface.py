"""Everything under `/api/v2`: one way in, one table of what there is, errors in qBittorrent's form."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from quart import Blueprint, Request, Response, request
from werkzeug.datastructures import Headers
from werkzeug.http import parse_cookie

from amutorrent import (
    AmutorrentError,
    Conflict,
    Host,
    InvalidRequest,
    NotAuthenticated,
    NotFound,
    NotReady,
    StorageUnavailable,
    User,
)

from .asked import Ask, Refused, read
from .desk import Desk, desk_of
from .door import COOKIE
from .ring import Asked
from .routes import COMMANDS, READS
from .shown import Shown

Answer = tuple[int, str | bytes]
TEXT, JSON = "text/plain; charset=UTF-8", "application/json"
FOUND = "amutorrent_qbcompat.found"
SHOWN_PARAMETERS = ("category", "filter", "hash", "hashes", "deleteFiles", "tag")

log = logging.getLogger(__name__)


def make_surface(host: Host) -> Blueprint:
    """Make the blueprint."""
    surface = Blueprint("qbcompat", __name__, url_prefix="/api/v2")

    @surface.route("/", methods=["GET", "POST"], defaults={"path": ""}, strict_slashes=False)
    @surface.route("/<path:path>", methods=["GET", "POST"])
    async def everything(path: str) -> Response:
        return await _Visit(host, request._get_current_object()).answer(path.strip("/"))  # type: ignore[attr-defined]  # werkzeug's proxy

    return surface


def make_door(host: Host) -> Callable[[Any], Awaitable[bool]]:  # Any: ASGI's own untyped dict
    """Make what finds out who asks, before anything of a body is kept; it leaves the answer in the scope."""

    async def know(scope: Any) -> bool:  # Any: as above
        headers = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]])
        sid = parse_cookie(headers.get("Cookie", "")).get(COOKIE)
        try:
            desk = desk_of(host)
            scope[FOUND] = await desk.door.who(host.asking(scope), headers.get("Authorization", ""), sid)
        except AmutorrentError as error:
            scope[FOUND] = error
            return False
        return True

    return know


class _Visit:
    """One request, from its arrival to its answer."""

    def __init__(self, host: Host, request: Request) -> None:
        self._host, self._request = host, request
        self._asking = host.asking(request.scope)
        self._agent = request.headers.get("User-Agent", "")
        self._given: dict[str, str] = {}
        self._cookie: str | None = None

    async def answer(self, path: str) -> Response:
        status, body = await self._safely(path)
        kind = TEXT if isinstance(body, str) else JSON
        response = Response(body, status, content_type=kind)
        if self._cookie is not None:
            where = f"{self._request.root_path}/api/v2"
            response.set_cookie(COOKIE, self._cookie, path=where, httponly=True, samesite="Lax")
        self._note(path, status, body)
        return response

    async def _safely(self, path: str) -> Answer:
        try:
            return await self._answer(path)
        except Refused as error:
            return error.status, error.text
        except AmutorrentError as error:
            return _status(error), error.message

    async def _answer(self, path: str) -> Answer:
        desk = desk_of(self._host)
        if not desk.loaded:
            raise NotReady("The daemon is still starting")
        if path == "auth/login" and self._request.method == "POST":
            return await self._log_in(desk)
        sid = self._request.cookies.get(COOKIE)
        user = await self._user(desk, sid)
        if path == "auth/logout":
            desk.door.log_out(sid)
            return 200, "Ok."
        handler = self._handler(path)
        self._given, files = await read(self._request)
        ask = Ask(
            host=self._host,
            desk=desk,
            shown=Shown(self._host, desk),
            user=user,
            agent=self._agent,
            address=self._asking.address,
            given=self._given,
            files=files,
        )
        return 200, await handler(ask)

    async def _user(self, desk: Desk, sid: str | None) -> User:
        found: User | AmutorrentError | None = self._request.scope.get(FOUND)  # type: ignore[assignment]  # ours
        if found is None:  # the host knows them, by what does not count here unless authentication is off
            found = await desk.door.who(self._asking, self._request.headers.get("Authorization", ""), sid)
        if isinstance(found, AmutorrentError):
            raise found
        return found

    def _handler(self, path: str) -> Callable[[Ask], Awaitable[str | bytes]]:
        handler = COMMANDS.get(path) if self._request.method == "POST" else None
        handler = handler or READS.get(path)
        if handler is None:
            raise Refused(405, "Method Not Allowed") if path in COMMANDS else Refused(404, "Not Found")
        return handler

    async def _log_in(self, desk: Desk) -> Answer:
        if self._asking.must_set_up:
            raise NotAuthenticated("There is no account yet")
        given, _ = await read(self._request)
        token = await desk.door.log_in(given.get("username", ""), given.get("password", ""), self._asking)
        if token is None:
            return 200, "Fails."
        self._cookie = token
        return 200, "Ok."

    def _note(self, path: str, status: int, body: str | bytes) -> None:
        """Note what was asked, without anything that could be a secret."""
        shown = "&".join(f"{key}={self._given[key]}" for key in SHOWN_PARAMETERS if key in self._given)[:200]
        said = f"{len(body)} bytes" if isinstance(body, bytes) else body[:100]
        asked = Asked(time.time(), f"{self._request.method} {path[:100]}{'?' if shown else ''}{shown}", status, said)
        try:
            desk_of(self._host).ring.note(self._agent, self._asking.address, asked)
        except NotReady:
            return


def _status(error: AmutorrentError) -> int:
    match error:
        case NotAuthenticated():
            return 401
        case StorageUnavailable() | NotReady():
            return 503
        case NotFound():
            return 404
        case InvalidRequest():
            return 400
        case Conflict():
            return 409
    return 403 if error.status in (403, 429) else 409
