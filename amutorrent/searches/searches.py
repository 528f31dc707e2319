"""All searches: one at a time for each instance, the last ones of each kept. Source: http-api 8, websocket 4 and 6.

A search belongs to the client that it was started on: when that one is closed or lost, the search ends with an error,
and what was found stays. Nobody who waits for a search carries it: it goes on though they hang up.
"""

import logging
from collections import deque
from collections.abc import Callable, Collection

import trio
from msgspec import UNSET, Struct

from ..accounts import User
from ..broadcast import Broadcast
from ..capabilities import Search as CanSearch
from ..catalogue import Catalogue, View
from ..errors import AmutorrentError, Conflict, NotFound
from ..instances import Instance, Instances
from ..instances.cadence import SHARE
from ..instances.connection import COMMAND_S, within
from .marks import Change, for_each, marked, news
from .messages import SearchLock, SearchProgressUpdate, SearchResults
from .search import Question, Search

EVERY_S = 0.5
"""Seconds between two looks at a search, more where a look takes the client long."""
LONGEST_S = 300.0
"""A search that the client does not end is stopped after this time."""
KEPT = 10
"""Searches of each instance that stay readable."""
NEEDS = "search"

log = logging.getLogger("amutorrent.searches")


class Searches:
    """Starts searches, follows them, and keeps what they found."""

    def __init__(self, instances: Instances, catalogue: Catalogue, broadcast: Broadcast) -> None:
        self._instances = instances
        self._catalogue = catalogue
        self._broadcast = broadcast
        self._running: dict[str, Search] = {}
        self._kept: dict[str, deque[Search]] = {}
        self._count = 0
        self._nursery: trio.Nursery | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Be the nursery of all searches until cancelled."""
        async with trio.open_nursery() as self._nursery:
            task_status.started()
            await trio.sleep_forever()

    # -- finding

    def lock(self) -> SearchLock:
        """Say which instances are searching now."""
        searching = tuple(id for id, search in self._running.items() if search.accepted)
        return SearchLock(locked=bool(searching), instances=searching)

    def find(self, id: str) -> Search:
        """Find a search by its id. Raises `NotFound`."""
        for kept in self._kept.values():
            for search in kept:
                if search.id == id:
                    return search
        raise NotFound(f"There is no search {id!r}")

    def last(self, instance_id: str) -> Search | None:
        """Find the last search of an instance."""
        kept = self._kept.get(instance_id)
        return kept[-1] if kept else None

    def results(self, search: Search, view: View) -> SearchResults:
        """Say what a search found, most sources first, marked by what its instance holds now, for some readers."""
        return SearchResults(
            data=[marked(self._catalogue, view, search.instance_id, row) for row in search.rows()],
            instance_id=search.instance_id,
            search_id=search.id,
            running=search.running,
            cancelled=search.cancelled,
            error=_clean(search.error.message) if search.error else UNSET,
        )

    # -- starting and ending

    async def start(self, instance: Instance, question: Question, owner: User, waiting: object = None) -> Search:
        """Start a search; returns when the client has taken it.

        `waiting` is the socket that gets the results as a reply, and is not told them a second time. Raises
        `Conflict` (`search_in_progress`), and what the client says against it.
        """
        if instance.id in self._running:
            message = f"{instance.config.name} is searching already"
            raise Conflict(message, code="search_in_progress", details={"instanceId": instance.id})
        assert self._nursery is not None, "run() comes first"
        self._count += 1
        search = self._running[instance.id] = Search(f"s{self._count}", instance.id, question, owner, waiting)
        self._nursery.start_soon(self._run, search, instance, name=f"search {search.id} of {instance.id}")
        await search.begun.wait()
        if not search.accepted:
            assert search.error is not None
            raise search.error
        return search

    async def cancel(self, search: Search) -> bool:
        """End a search; what was found stays. False if it had ended already. Raises what the client says."""
        if search.running:
            search.stopping.set()
            await search.done.wait()
            if search.error is not None:
                raise search.error
            return search.cancelled
        return False

    async def _run(self, search: Search, instance: Instance) -> None:
        error = None
        try:
            # one call for all of it: it ends with the client that the search was started on
            await instance.call(CanSearch, lambda client: self._follow(search, client), LONGEST_S + 4 * COMMAND_S)
        except AmutorrentError as failed:
            error = failed
            log.warning("%s: search %s failed: %s", instance.id, search.id, failed.message)
        search.finish(error)
        del self._running[search.instance_id]
        if search.accepted:
            self._tell(
                search, lambda view: self.results(search, view), () if search.waiting is None else (search.waiting,)
            )
            search.waiting = None
            self._broadcast.tell(self.lock(), NEEDS)
        search.begun.set()
        search.done.set()

    async def _follow(self, search: Search, client: CanSearch) -> None:
        question = search.question
        with within(COMMAND_S, "the start of a search"):
            await client.start_search(question.query, question.type, question.extension)
        self._begin(search)
        until = trio.current_time() + LONGEST_S
        while not search.stopping.is_set() and trio.current_time() < until:
            began = trio.current_time()
            if not await self._look(search, client):
                return
            with trio.move_on_after(max(EVERY_S, SHARE * (trio.current_time() - began))):
                await search.stopping.wait()
        with within(COMMAND_S, "the end of a search"):
            await client.stop_search()
        search.cancelled = search.stopping.is_set()

    def _begin(self, search: Search) -> None:
        search.accepted = True
        known = {each.id for each in self._instances.all()}
        self._kept = {id: kept for id, kept in self._kept.items() if id in known}
        self._kept.setdefault(search.instance_id, deque(maxlen=KEPT)).append(search)
        self._broadcast.tell(self.lock(), NEEDS)
        search.begun.set()

    async def _look(self, search: Search, client: CanSearch) -> bool:
        """Read where a search stands, and tell what is new; gives whether it goes on."""
        before = search.percent
        with within(COMMAND_S, "a look at a search"):
            progress = await client.search_progress()
        changed = await search.take(progress)
        if not progress.running:
            search.percent = 100.0
        if changed or search.percent != before:
            advanced = search.percent != before
            self._tell(search, lambda view: self._progress(search, view, changed, advanced))
        return progress.running

    def _progress(
        self, search: Search, view: View, changed: list[Change], advanced: bool
    ) -> SearchProgressUpdate | None:
        rows = news(self._catalogue, view, search.instance_id, changed)
        if not rows and not advanced:
            return None
        return SearchProgressUpdate(
            search_id=search.id, instance_id=search.instance_id, percent=search.percent, data=rows
        )

    def _tell(self, search: Search, make: Callable[[View], Struct | None], without: Collection[object] = ()) -> None:
        message = for_each(self._catalogue, search.instance_id, search.hashes(), make)
        self._broadcast.tell_each(message, NEEDS, without)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
