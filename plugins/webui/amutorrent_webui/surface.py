"""The routes of the web UI. Every view has an address of its own; all of them are the same page.

The page comes with its base address filled in, since it may stand behind a path prefix. Files whose name changes
with their content are kept by browsers for ever; the page is asked for anew each time. Source: http-api 1 and 3.
"""

import hashlib
from pathlib import Path

from quart import Blueprint, Response, request

from amutorrent import Host

from .static_files import STATIC, StaticFiles
from .views import VIEWS

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
PAGE = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY, **SECURITY}
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
BASE = "__BASE__"
"""Stands in the built page where the path prefix goes."""
NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>aMuTorrent</title>
<p>The web UI was not built. Install its package, or start the daemon with <code>contrib/run</code>, which builds it.
The API is here all the same: <a href="{root}/api/docs">its guide</a>.</p></html>
"""


class Site:
    """The page and its files."""

    def __init__(self, host: Host, folder: Path = STATIC) -> None:
        self._folder = folder
        self._files = StaticFiles(host, folder)
        self._page: str | None = None

    def pages(self) -> Blueprint:
        """Make the routes of the page."""
        surface = Blueprint("webui", __name__)
        rules = ["/", *(f"/{name}{rest}" for name in VIEWS for rest in ("", "/<path:place>"))]
        for rule in rules:
            surface.add_url_rule(rule, f"page {rule}", self._answer_page, strict_slashes=False)
        return surface

    def files(self) -> Blueprint:
        """Make the routes of the files."""
        surface = Blueprint("webui_files", __name__, url_prefix="/ui")
        surface.add_url_rule("/<path:name>", "file", self._answer_file)
        return surface

    async def _answer_page(self, place: str = "") -> Response:
        root: str = request.scope.get("root_path", "")
        if self._page is None:
            path = self._folder / "index.html"
            self._page = path.read_text() if path.is_file() else None  # some 2 kB, and only at the first time
        if self._page is None:
            return Response(NOT_BUILT.format(root=root), 503, PAGE, content_type="text/html; charset=utf-8")
        body = self._page.replace(BASE, f"{root}/").encode()
        etag = hashlib.sha256(body).hexdigest()[:32]
        if request.if_none_match.contains(etag):
            return Response(b"", 304, {**PAGE, "ETag": f'"{etag}"'})
        return Response(body, 200, {**PAGE, "ETag": f'"{etag}"'}, content_type="text/html; charset=utf-8")

    async def _answer_file(self, name: str) -> Response:
        found = await self._files.get(name)
        if found is None:
            return Response("There is no such file", 404, SECURITY, content_type="text/plain; charset=utf-8")
        headers = {
            "Cache-Control": FOR_EVER if found.hashed else ASK_AGAIN,
            "ETag": f'"{found.etag}"',
            "Vary": "Accept-Encoding",
            **SECURITY,
        }
        if request.if_none_match.contains(found.etag):
            return Response(b"", 304, headers)
        encoding = next((each for each in found.bodies if each and request.accept_encodings[each] > 0), "")
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(found.bodies[encoding], 200, headers, content_type=found.kind)
