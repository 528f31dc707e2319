"""The pages on which people sign in and make the first account. They are the host's: every web UI needs them."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from urllib.parse import quote

from quart.wrappers import Request

from ..gate import arrival_of
from ..replies import PAGE_POLICY, SECURITY, Reply, error_reply
from ..rest import Endpoint, matches

TYPES = {
    "html": b"text/html; charset=utf-8",
    "css": b"text/css; charset=utf-8",
    "js": b"text/javascript; charset=utf-8",
    "svg": b"image/svg+xml",
}
ASSETS = ("entry.css", "entry.js", "icon.svg", "login.js", "setup.js", "spanish.js", "texts.js", "theme.js")
NO_PAGES = re.compile(r"/(api|indexer|metrics|entry|health)(/|$)")
"""Where programs ask, whatever they say that they accept."""
ELSEWHERE = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")
"""A place of this site, as it may stand behind `?next=`."""


def page_endpoints() -> dict[str, Endpoint]:
    """Make the routes of both pages, and of what they load."""
    return {"/login": _login, "/setup": _setup, **{f"/entry/{name}": _asset(name) for name in ASSETS}}


def to_sign_in(request: Request) -> Reply | None:
    """Send somebody who wants a page to where people come in; None: it is no page that is wanted."""
    refusal = arrival_of(request.scope).refusal
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    if not wants_page or refusal is None or NO_PAGES.match(request.path):
        return None
    if refusal.code == "setup_required":
        return _redirect(request, "/setup")
    here = _root(request) + request.path + (f"?{query}" if (query := request.query_string.decode("latin-1")) else "")
    return _redirect(request, f"/login?next={quote(here, safe='/')}")


async def home(request: Request, parameters: Mapping[str, str]) -> Reply:
    """Answer at the root, as long as no web UI does: with the guide to the API, for those who have signed in."""
    refusal = arrival_of(request.scope).refusal
    if refusal is not None:
        return to_sign_in(request) or error_reply(refusal)
    return _redirect(request, "/api/docs")


async def _login(request: Request, parameters: Mapping[str, str]) -> Reply:
    arrival = arrival_of(request.scope)
    if arrival.must_set_up:
        return _redirect(request, "/setup")
    if arrival.refusal is None:
        return _to(_wanted(request))
    return _file(request, "login.html")


async def _setup(request: Request, parameters: Mapping[str, str]) -> Reply:
    return _file(request, "setup.html") if arrival_of(request.scope).must_set_up else _redirect(request, "/login")


def _asset(name: str) -> Endpoint:
    async def answer(request: Request, parameters: Mapping[str, str]) -> Reply:
        return _file(request, name)

    return answer


def _wanted(request: Request) -> str:
    """Where somebody wanted to go before signing in; never another site."""
    home = _root(request) + "/"
    wanted = request.args.get("next", home)
    return wanted if wanted.startswith(home) and ELSEWHERE.fullmatch(wanted) else home


def _root(request: Request) -> str:
    root: str = request.scope.get("root_path", "")
    return root


def _redirect(request: Request, path: str) -> Reply:
    return _to(_root(request) + path)


def _to(place: str) -> Reply:
    location = quote(place, safe="/?&=%:@!$'()*+,;~#[]")
    return Reply(b"", 302, ((b"location", location.encode()), (b"cache-control", b"no-store"), *SECURITY))


@cache
def _content(name: str) -> tuple[bytes, str]:
    body = resources.files(__name__).joinpath(name).read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:32]


def _file(request: Request, name: str) -> Reply:
    body, digest = _content(name)
    kind = TYPES[name.rpartition(".")[2]]
    headers = (
        (b"content-type", kind),
        (b"cache-control", b"no-cache"),
        (b"etag", f'"{digest}"'.encode()),
        PAGE_POLICY,
        *SECURITY,
    )
    if matches(request.headers.get("If-None-Match"), digest):
        return Reply(b"", 304, headers[1:])
    return Reply(body, 200, headers)
