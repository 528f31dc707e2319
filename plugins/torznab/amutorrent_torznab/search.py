"""One search of one network, by the operations that everybody uses: so it waits for people, and they see it run."""

from collections.abc import Awaitable, Callable, Sequence

import trio

from amutorrent import (
    ClientFailed,
    Conflict,
    DeadlineExceeded,
    Operations,
    PluginError,
    PreviousResults,
    SearchResult,
    SearchStarted,
    SearchType,
    User,
)

EVERY_S = 0.5
"""Seconds between two looks at a search."""
BUSY = "Other searches of this client came first, and took all the time there was"

InTime = Callable[[Callable[[], Awaitable[object]]], Awaitable[bool]]
"""Waits for something, and says whether that was in time."""


class Broken(ClientFailed):
    """A search that had begun, and did not come to its end."""


class Network:
    """A network of a client, searched for somebody."""

    def __init__(self, operations: Operations, instance_id: str, type: SearchType, user: User) -> None:
        self._operations, self._instance_id, self._type, self._user = operations, instance_id, type, user

    async def start(self, query: str, in_time: InTime) -> str:
        """Start a search as soon as no other one runs; gives its id.

        Raises `DeadlineExceeded` if that is never, and what the client says against it.
        """
        request = {"query": query, "type": self._type, "wait": False, "instanceId": self._instance_id}
        while True:
            try:
                started = await self._operations.call("search", request, self._user)
            except Conflict as error:
                if error.code != "search_in_progress":
                    raise
            else:
                if not isinstance(started, SearchStarted):
                    raise PluginError(f"search answered with {type(started).__name__}")
                return started.search_id
            if not await in_time(self._free):
                raise DeadlineExceeded(BUSY)

    async def follow(self, search_id: str, take: Callable[[Sequence[SearchResult]], None]) -> None:
        """Hand on what a search has found, again and again, until it ends. Raises `Broken`, also if it is cancelled."""
        while True:
            await trio.sleep(EVERY_S)
            found = await self._look(searchId=search_id)
            take(found.data)
            if not found.running:
                if found.error or found.cancelled:
                    raise Broken(found.error or "Somebody cancelled the search")
                return

    async def _free(self) -> None:
        while True:
            if not (await self._look(instanceId=self._instance_id)).running:
                return
            await trio.sleep(EVERY_S)

    async def _look(self, **which: str) -> PreviousResults:
        found = await self._operations.call("getPreviousSearchResults", which, self._user)
        if not isinstance(found, PreviousResults):
            raise PluginError(f"getPreviousSearchResults answered with {type(found).__name__}")
        return found
