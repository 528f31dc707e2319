"""Recognising qBittorrent without a login: by its version where it lets us in, else by its login page."""

from typing import Final

import httpx
import trio

from amutorrent import Place, read_body

from .settings import QBittorrentSettings
from .transport import http_client

LONGEST: Final = 1 << 20


async def recognise(place: Place) -> str | None:
    """Say whether its Web UI answers there; the version only where it lets this address in without a login."""
    settings = QBittorrentSettings(host=place.host, port=place.port, username="")
    # in a thread: the library imports half of itself when its first client is made
    async with await trio.to_thread.run_sync(http_client, settings, False) as http:
        status, body = await _get(http, "app/version")
        if status == 200 and body.startswith(b"v") and len(body) < 40:
            return body.decode("ascii").removeprefix("v")
        if status not in (401, 403):
            return None
        _, page = await _get(http, settings.origin + "/")
        return "" if b"qBittorrent" in page else None


async def _get(http: httpx.AsyncClient, path: str) -> tuple[int, bytes]:
    answer = await http.send(http.build_request("GET", path), stream=True)
    try:
        return answer.status_code, await read_body(answer.aiter_raw(), LONGEST)
    finally:
        await answer.aclose()
