"""The routes below `/indexer`: who asks, what for, and the answer in the apps' own form. Source: http-api 11.

Every path below it is answered here, since the apps follow a redirect and would take a sign-in page for an answer.
"""

from typing import Any
from urllib.parse import parse_qsl

import trio
from quart import Blueprint, Response, request
from werkzeug.routing import PathConverter

from amutorrent import (
    AmutorrentError,
    Asking,
    Forbidden,
    Host,
    Instance,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Search,
    Unreachable,
    User,
)

from .caps import caps_document
from .categories import categories_of, offered_in, with_parents
from .desk import Desk
from .feed import SAMPLE, SAMPLE_DATE, Found, feed_document, title_of
from .job import Key
from .ledger import Ledger
from .markup import error_document
from .request import Asked, Wrong, asked_of, function_of
from .settings import TorznabSettings

DEFAULT = "amule"
"""Stands in the path for the instance that the settings name."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
XML, RSS = "application/xml; charset=utf-8", "application/rss+xml; charset=utf-8"
FOUND = "amutorrent_torznab.found"
"""Where the door leaves in the scope of a request whom it found, or why nobody."""
LIMIT_REACHED = "Request limit reached"
"""The words by which the apps know that they are to wait, and not that something is broken."""


class _Slashed(PathConverter):
    """The rest of a path, which may begin with a slash or be empty."""

    regex, part_isolating = ".*?", False


class Indexer:
    """The indexer of one daemon."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._desk, self._ledger = Desk(host), Ledger(host)

    async def serve(self) -> None:
        """Do the work that goes on behind the requests."""
        self._settings()  # from now on the daemon knows the keys, and refuses wrong ones
        await self._ledger.load()
        await self._desk.run()

    def blueprint(self) -> Blueprint:
        """Make the routes."""
        surface = Blueprint("torznab", __name__, url_prefix="/indexer")
        surface.record_once(lambda state: state.app.url_map.converters.update(slashed=_Slashed))
        options = {"strict_slashes": False, "merge_slashes": False, "provide_automatic_options": False}
        for rule in ("", "/<path:path>", "/<slashed:path>"):
            surface.add_url_rule(rule, f"below {rule}", self._answer, methods=METHODS, **options)
        return surface

    async def know(self, scope: Any) -> bool:  # Any: ASGI's own untyped dict
        """Find out who comes with a key in the query; it leaves the answer in the scope. A guess is counted here."""
        key = _key_in(scope)
        if not key:
            return False
        try:
            user = scope[FOUND] = await self.host.accounts.by_api_key(key, self.host.asking(scope).address)
        except AmutorrentError as error:
            scope[FOUND] = error
            return False
        return user.is_admin

    async def _answer(self, path: str = "") -> Response:
        try:
            return await self._answered(path)
        except AmutorrentError as error:
            return _refusal(error)

    async def _answered(self, path: str) -> Response:
        deadline = trio.current_time()
        if request.method not in ("GET", "HEAD"):
            return Response(error_document(900, "Only GET is answered here"), 405, {"Allow": "GET"}, content_type=XML)
        name = _instance_in(path)
        user = await self._admin()
        settings = self._settings()
        deadline += settings.deadline_seconds
        own = None if name == DEFAULT else name
        if own is not None:
            self.host.instances.choose(own, Search)
        if function_of(request.args) == "caps":
            return Response(caps_document(), content_type=XML)
        asked = asked_of(request.args)
        found = await self._found(asked, own, user, settings, deadline)
        return Response(feed_document(found, request.base_url), content_type=RSS)

    def _settings(self) -> TorznabSettings:
        return self.host.settings.read(TorznabSettings)

    async def _admin(self) -> User:
        """Give the admin who asks. Raises `NotAuthenticated`, `Forbidden`, `RateLimited`, `StorageUnavailable`.

        A session does not count: no page is to search with it.
        """
        asking = self.host.asking(request.scope)
        if asking.user is not None and asking.user.id is None:
            return asking.user  # authentication is off
        if asking.must_set_up:
            raise NotAuthenticated("There is no account yet", code="setup_required")
        user = await self._by_key(asking)
        if not user.is_admin:
            raise Forbidden("Only an admin's API key works here", code="admin_required")
        return user

    async def _by_key(self, asking: Asking) -> User:
        found: User | AmutorrentError | None = request.scope.get(FOUND)  # type: ignore[assignment]  # ours
        if isinstance(found, AmutorrentError):
            raise found  # the door has looked at it already, and a guess is counted once
        if found is not None:
            return found
        in_query, in_header = _key_in(request.scope), request.headers.get("X-API-Key", "").strip()
        if not in_query and in_header and asking.refusal is not None:
            raise asking.refusal  # as above, but it was the daemon who looked
        if not in_query and not in_header:
            raise NotAuthenticated("Missing API key (apikey)")
        return await self.host.accounts.by_api_key(in_query or in_header, asking.address)

    async def _found(
        self, asked: Asked, own: str | None, user: User, settings: TorznabSettings, deadline: float
    ) -> list[Found]:
        """Find what is asked for: in the instance whose `own` path it is, else in the one of the settings."""
        if asked.wanted is None:
            return self._lately(asked, own)
        if not asked.wanted.words:
            return []  # ids, or signs alone: ED2K knows nothing by these
        instance = self._instance(own or settings.instance_id)
        key = Key(instance.id, asked.function, asked.wanted)
        rows = await self._desk.find(instance, key, user, settings, deadline)
        await self._ledger.note(instance.id, rows)
        await trio.lowlevel.checkpoint()
        offered = [(row, ids) for row in rows if (ids := offered_in(row.file_name, asked.categories)) is not None]
        await trio.lowlevel.checkpoint()
        return [
            Found(row=row, first_seen=self._ledger.first_seen(row), categories=ids)
            for row, ids in offered[asked.offset : asked.offset + asked.limit]
        ]

    def _instance(self, named: str | None) -> Instance:
        instance = self.host.instances.choose(named, Search)
        if not instance.connected:
            raise Unreachable(f"{instance.id} is not connected")
        return instance

    def _lately(self, asked: Asked, instance_id: str | None) -> list[Found]:
        """Give what was found lately, in whatever category was asked for, else the sample: one item there must be."""
        if not any(each.has(Search) for each in self.host.instances.all()):
            raise Unreachable("There is no client that can search: configure one first")
        found = [
            Found(
                row=row,
                first_seen=self._ledger.first_seen(row),
                categories=with_parents([*categories_of(title_of(row)), *asked.categories]),
            )
            for row in self._ledger.recent(instance_id)
        ] or [Found(row=SAMPLE, first_seen=SAMPLE_DATE, categories=with_parents([8010, *asked.categories]))]
        return found[asked.offset : asked.offset + asked.limit]


def _instance_in(path: str) -> str:
    """Give the id in `<id>/api`; the apps put their own `/api` behind one that is there already."""
    parts = path.rstrip("/").split("/")
    if parts[-2:] == ["api", "api"] and len(parts) == 3:
        parts.pop()
    if len(parts) != 2 or parts[1] != "api" or not parts[0]:
        raise NotFound("There is no indexer at this path: it is /indexer/amule/api")
    return parts[0]


def _key_in(scope: Any) -> str:  # Any: ASGI's own untyped dict
    """Give the key in the query of a request; "" for none."""
    try:
        fields = parse_qsl(scope["query_string"].decode("latin-1"), errors="replace", max_num_fields=1000)
    except ValueError:
        return ""
    return next((value for name, value in fields if name == "apikey"), "")


def _refusal(error: AmutorrentError) -> Response:
    number, status, message, headers = 900, error.status, error.message, {}
    if isinstance(error, Wrong):
        number = error.number
    elif isinstance(error, NotAuthenticated):
        number = 100
    elif isinstance(error, Forbidden):
        number = 102
    elif isinstance(error, RateLimited):
        number, message, headers = 429, LIMIT_REACHED, {"Retry-After": str(error.retry_after)}
    elif status > 500:
        status = 503  # the client or its networks are away, or too slow: to the apps that is all the same
    return Response(error_document(number, message), status, headers, content_type=XML)
