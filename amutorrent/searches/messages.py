"""What sockets are told of searches. Source: websocket 2 and 6, http-api 8."""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from ..capabilities import SearchResult
from ..model import camel


class SearchLock(Struct, frozen=True, kw_only=True, tag="search-lock"):
    """Which instances are searching now."""

    locked: bool = False
    instances: tuple[str, ...] = ()


class SearchProgressUpdate(Struct, frozen=True, kw_only=True, rename=camel, tag="search-progress"):
    """Rows that are new or changed since the last one: same `fileHash` and `fileName` replaces."""

    search_id: str
    instance_id: str
    percent: float | None
    data: Sequence[SearchResult]


class SearchResults(Struct, frozen=True, kw_only=True, rename=camel, tag="search-results"):
    """What a search found, most sources first. `error`, one sentence, is there only if the search failed."""

    data: Sequence[SearchResult]
    instance_id: str
    search_id: str
    running: bool
    cancelled: bool
    error: str | UnsetType = UNSET


SEARCH_MESSAGES: tuple[type[Struct], ...] = (SearchLock, SearchProgressUpdate, SearchResults)
