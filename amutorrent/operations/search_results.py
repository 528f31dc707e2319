"""Download what a search found. Source: http-api 7, websocket 4."""

import re
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from ..capabilities import Outcome, SearchResult
from ..capabilities import Search as CanSearch
from ..errors import AmutorrentError, InvalidRequest, NotFound
from ..model import camel
from .adding import add_options
from .batch import UNANSWERED
from .call import Call
from .declare import operation
from .owning import owned
from .requests import InstanceChoice, category_by_id
from .searching import SearchChoice, choose_search

_HASH = re.compile(r"[0-9A-Fa-f]{32,64}")


class DownloadRequest(SearchChoice, frozen=True, kw_only=True, rename=camel):
    """1-1000 hashes among the results of a search: of the one named, else of the instance's last one."""

    file_hashes: Annotated[list[str], Meta(min_length=1, max_length=1000)]
    category_name: str | None = None


class DownloadResult(Struct, frozen=True, kw_only=True, rename=camel, omit_defaults=True):
    """What became of one hash; `error` and `code` where it failed."""

    file_hash: str
    success: bool
    error: str | None = None
    code: str | None = None


class DownloadComplete(Struct, frozen=True, kw_only=True, rename=camel, tag="batch-download-complete"):
    """A result per hash, in request order."""

    results: list[DownloadResult]
    message: str


@operation("batchDownloadSearchResults", http="POST /api/v1/downloads/search-results", needs="add_downloads")
async def download_results(request: DownloadRequest, call: Call) -> DownloadComplete:
    """Download results of a search, also such that the client has forgotten. A bad hash is a failed result."""
    instance_id, search = choose_search(request, call)
    instance = call.instances.get(instance_id)
    options = await add_options(call, instance, request.category_name)
    known = search.by_hash() if search else {}
    found = [_find(hash, known) for hash in request.file_hashes]
    rows = {row.file_hash: row for row in found if isinstance(row, SearchResult)}
    outcome: Outcome = {}
    if rows:
        async with owned(call, instance, rows) as claim:
            claim.outcome = outcome = await instance.call(
                CanSearch, lambda client: client.download_results(list(rows.values()), options)
            )
        instance.poke()
    results = [_result(hash, each, outcome) for hash, each in zip(request.file_hashes, found, strict=True)]
    done = sum(each.success for each in results)
    return DownloadComplete(results=results, message=f"Downloaded {done}/{len(results)} files")


class DownloadOneRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """One hash among the results of the last search, and the integer id of a category (0 = `Default`)."""

    file_hash: str
    category_id: int = 0


@operation("download", needs="add_downloads", changes=True)
async def download(request: DownloadOneRequest, call: Call) -> DownloadComplete:
    """Download one result of the last search."""
    name = category_by_id(call, request.category_id).name
    hashes = [request.file_hash]
    return await download_results(
        DownloadRequest(file_hashes=hashes, instance_id=request.instance_id, category_name=name), call
    )


def _find(hash: str, known: Mapping[str, SearchResult]) -> SearchResult | AmutorrentError:
    if not _HASH.fullmatch(hash):
        return InvalidRequest("A hash has 32 hex digits", field="fileHashes")
    return known.get(hash.lower()) or NotFound("This hash is not among the results of the search")


def _result(hash: str, found: SearchResult | AmutorrentError, outcome: Outcome) -> DownloadResult:
    error = found if isinstance(found, AmutorrentError) else outcome.get(found.file_hash, UNANSWERED)
    hash = hash.lower() if _HASH.fullmatch(hash) else hash
    if error is not None:
        return DownloadResult(file_hash=hash, success=False, error=error.message, code=error.code)
    return DownloadResult(file_hash=hash, success=True)
