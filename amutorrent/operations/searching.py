"""Search: start, results, cancel. Source: http-api 8, websocket 4."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import trio
from msgspec import Meta, Struct

from ..capabilities import Search as CanSearch
from ..capabilities import SearchResult, SearchType
from ..errors import Forbidden, InvalidRequest
from ..model import camel
from ..searches import Search, SearchResults
from ..searches.search import Question
from .call import Call
from .declare import operation
from .requests import InstanceChoice

WAIT_S = 120.0
"""A caller who waits is answered after this time at the latest; the search goes on."""
MAX_EXTENSION = 32


class SearchRequest(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """What to search for; `wait` false answers at once. A client without such networks treats all `type`s alike."""

    query: Annotated[str, Meta(max_length=1000)]
    type: SearchType = "global"
    wait: bool = True
    extension: str | None = None

    def question(self) -> Question:
        """Check the fields. Raises `InvalidRequest`."""
        query = self.query.strip()
        if not query or "\0" in query:
            raise InvalidRequest("Say what to search for", field="query")
        extension = (self.extension or "").strip().removeprefix(".")
        if len(extension) > MAX_EXTENSION or any(c.isspace() or not c.isprintable() for c in extension):
            raise InvalidRequest("This is no file extension", field="extension")
        return Question(query=query, type=self.type, extension=extension or None)


class SearchStarted(Struct, frozen=True, kw_only=True, rename=camel, tag="search-started"):
    """A search that was started and not waited for."""

    instance_id: str
    search_id: str
    message: str = "Search started. Poll GET /api/v1/search/results for results."


@operation("search", http="POST /api/v1/search", needs="search", errors=("search_in_progress",))
async def search(request: SearchRequest, call: Call) -> SearchResults | SearchStarted:
    """Search a client's network and wait for the results, at most 120 s; or start the search alone."""
    question = request.question()
    instance = call.instances.choose(request.instance_id, CanSearch)
    started = await call.searches.start(instance, question, call.user, call.sender if request.wait else None)
    if not request.wait:
        return SearchStarted(instance_id=instance.id, search_id=started.id)
    with trio.move_on_after(WAIT_S):
        await started.done.wait()
    if started.running:
        started.waiting = None
    if started.error is not None:
        raise started.error
    return call.searches.results(started, call.catalogue.view(call.user))


class SearchChoice(InstanceChoice, frozen=True, kw_only=True, rename=camel):
    """A search by its id, or the last one of an instance."""

    search_id: str | None = None


class PreviousResults(Struct, frozen=True, kw_only=True, rename=camel, tag="previous-search-results"):
    """What a search found so far, most sources first; all is null if the instance has not searched yet.

    `percent` is null where the network does not say; `error` is one sentence if the search failed.
    """

    data: Sequence[SearchResult]
    instance_id: str
    search_id: str | None = None
    running: bool = False
    cancelled: bool | None = None
    percent: float | None = None
    query: str | None = None
    search_type: SearchType | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


@operation("getPreviousSearchResults", http="GET /api/v1/search/results", needs="search")
async def previous_results(request: SearchChoice, call: Call) -> PreviousResults:
    """Read what a search found, also while it runs. The last 10 searches of each instance stay readable."""
    instance_id, found = choose_search(request, call)
    if found is None:
        return PreviousResults(data=(), instance_id=instance_id)
    results = call.searches.results(found, call.catalogue.view(call.user))
    return PreviousResults(
        data=results.data,
        instance_id=instance_id,
        search_id=found.id,
        running=found.running,
        cancelled=found.cancelled,
        percent=found.percent,
        query=found.question.query,
        search_type=found.question.type,
        started_at=found.started_at,
        finished_at=found.finished_at,
        error=results.error or None,
    )


class SearchCancelled(Struct, frozen=True, kw_only=True, rename=camel, tag="search-cancelled"):
    """Whether a search was ended; false: none was running."""

    cancelled: bool
    instance_id: str
    search_id: str | None = None


@operation("cancelSearch", http="DELETE /api/v1/search", needs="search")
async def cancel(request: SearchChoice, call: Call) -> SearchCancelled:
    """End a running search: one's own, an admin any. What was found stays; whoever waits for it is answered now."""
    instance_id, found = choose_search(request, call)
    if found is None or (not found.running and request.search_id is None):
        return SearchCancelled(cancelled=False, instance_id=instance_id)
    if not call.user.is_admin and call.user.id != found.owner.id:
        raise Forbidden("Somebody else started this search", code="not_owner", details={"searchId": found.id})
    cancelled = await call.searches.cancel(found)
    return SearchCancelled(cancelled=cancelled, instance_id=instance_id, search_id=found.id)


def choose_search(request: SearchChoice, call: Call) -> tuple[str, Search | None]:
    """Find the instance and the search: the one named, else the last one of the instance. Raises `NotFound`."""
    if request.search_id is not None:
        found = call.searches.find(request.search_id)
        return call.instances.choose(found.instance_id, CanSearch).id, found
    instance = call.instances.choose(request.instance_id, CanSearch)
    return instance.id, call.searches.last(instance.id)
