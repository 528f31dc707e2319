"""Which version this is. Source: http-api 13."""

from functools import cache

import trio
from msgspec import Struct

from ..model import camel
from ..releases import Notes, notes
from .call import Call
from .declare import PUBLIC, operation
from .requests import Nothing


class Version(Struct, frozen=True, kw_only=True, rename=camel):
    """This release. `releaseDate` null: it is not released yet; `changelog` is Markdown.

    `latestVersion` null: nobody was asked (`updates.check`), or nobody answered.
    """

    app_name: str
    version: str
    release_date: str | None
    changelog: str
    latest_version: str | None
    update_available: bool
    release_url: str | None


@operation("getVersion", http="GET /api/version", needs=PUBLIC, socket=False)
async def version(request: Nothing, call: Call) -> Version:
    """Say which version this is, what is new in it, and whether there is a newer one."""
    releases = call.host.releases
    told = await trio.to_thread.run_sync(_notes, releases.version)
    latest = releases.latest
    return Version(
        app_name="aMuTorrent",
        version=releases.version,
        release_date=told.date,
        changelog=told.changes,
        latest_version=latest.version if latest else None,
        update_available=releases.newer,
        release_url=latest.url if latest else None,
    )


@cache
def _notes(version: str) -> Notes:
    return notes(version)
