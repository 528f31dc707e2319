"""Brings one instance in line with the app's categories. Source: data-model 7.

What a client has is known from its polls. In the course of one connection each category is put right once, and again
when a person changes it: what somebody changes in the client meanwhile stays until it connects anew.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

import trio

from ..capabilities import Categories, Outcome, SetCategory
from ..catalogue import Catalogue
from ..categories import Departed
from ..errors import AmutorrentError, Conflict, DeadlineExceeded, NotFound, Unreachable
from ..instances import Instance
from ..model import DEFAULT, Category, ClientCategory

POLLS = 5
"""So many polls a client may take to show that something is gone; after that it is asked on its next connection."""

log = logging.getLogger("amutorrent.categories")


class Line:
    """One instance, and what was done to it on this connection."""

    def __init__(self, instance: Instance, catalogue: Catalogue) -> None:
        self.instance = instance
        self.asked, self.served = 0, 0
        """Rounds that were asked for, and the last of them that is done."""
        self.running, self.settling = False, False
        self.failed: dict[str, str] = {}
        """What could not be done, by the name of the category."""
        self._catalogue = catalogue
        self._round_done = trio.Event()
        self._connection = 0
        self._done: dict[str, str] = {}
        """Category -> the path with which it was put right, or was tried."""
        self._told: set[Departed] = set()

    async def run(self) -> None:
        """Do all rounds that are asked for."""
        self.running = True
        while self.served < self.asked:
            asked = self.asked
            await self._align()
            self.served = asked
            self._round_done.set()
            self._round_done = trio.Event()
        self.running = False

    async def wait_served(self, asked: int) -> None:
        """Wait until a round is done."""
        while self.served < asked:
            await self._round_done.wait()

    async def _align(self) -> None:
        """Do what is to be done, one thing after the other; what fails is in `failed`."""
        categories = self._catalogue.categories
        if self._connection != self.instance.connections:
            self._connection = self.instance.connections
            self._done.clear()
            self._told.clear()
            self.failed.clear()
        for row in list(categories.departures.of(self.instance.id).values()):
            await trio.lowlevel.checkpoint()  # each is a walk over all items
            if row.successor is not None and self._same(row.name, row.successor):
                categories.forget(row)  # to a client that knows no capitals it is the same name
                continue
            if row not in self._told:
                self._done.pop(row.name, None)
                if await self._try(row.name, partial(self._depart, row)):
                    self._told.add(row)
        for category in categories.all()[1:] if self._defines else ():
            if self._done.get(category.name) == category.path:
                continue
            if await self._try(category.name, partial(self._define, category)):
                self._done[category.name] = category.path

    async def settle(self) -> None:
        """Wait for polls that show what became of departed names, and forget those that are gone."""
        self.settling = True
        departures = self._catalogue.categories.departures.of(self.instance.id)
        for _ in range(POLLS):
            told = [row for row in departures.values() if row in self._told]
            if not told:
                break
            await self.instance.wait_polled_since(trio.current_time())
            for row in told:
                await trio.lowlevel.checkpoint()
                if not self._has(row.name):
                    self._catalogue.categories.forget(row)
        self.settling = False

    @property
    def _defines(self) -> bool:
        return self.instance.has(Categories) and self.instance.config.categories_go_out

    def _has(self, name: str) -> bool:
        return self._definition(name) is not None or bool(self._labelled(name))

    def _definition(self, name: str) -> ClientCategory | None:
        """Give what the client, as it last said, has under the app's name."""
        source = self._catalogue.sources.get(self.instance.id)
        return next((each for each in source.defined if self._same(each.name, name)), None) if source else None

    def _labelled(self, name: str) -> list[str]:
        entries = self._catalogue.items(self.instance.id)
        return [entry.item.hash for entry in entries if self._same(entry.label, name)]

    def _same(self, theirs: str, ours: str) -> bool:
        lower = self.instance.kind is not None and self.instance.kind.lower_cases_categories
        return theirs == ours or (lower and theirs.lower() == ours.lower())

    async def _try(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do one thing; gives False if it may be done another time on this connection."""
        self.failed.pop(name, None)
        try:
            await work()
        except AmutorrentError as error:
            self.failed[name] = f"{self.instance.config.name}: {error.message}"
            log.warning("%s: category %s: %s", self.instance.id, name, error.message)
            return not isinstance(error, (Unreachable, DeadlineExceeded))
        return True

    async def _depart(self, row: Departed) -> None:
        """Take a name that is no category any more from the client."""
        theirs = self._definition(row.name) if self._defines else None
        if theirs is not None:
            await self._depart_definition(theirs.name, row.successor)
        else:
            await self._relabel(self._labelled(row.name), row.successor)
        self.instance.poke()

    async def _depart_definition(self, name: str, successor: str | None) -> None:
        if successor is not None:
            try:
                await self._rename(name, successor)
            except NotFound:
                self._note(name)
                return
            except Conflict:  # it has both: its items go over, then the old one goes
                await self._relabel(self._labelled(name), successor)
            else:
                return
        await self._call(lambda client: client.delete_category(name))
        self._note(name)

    async def _rename(self, name: str, successor: str) -> None:
        await self._call(lambda client: client.rename_category(name, successor))
        held = self._definition(name)
        self._note(name, ClientCategory(name=successor, path=held.path if held else ""))

    async def _relabel(self, hashes: list[str], name: str | None) -> None:
        if not hashes:
            return
        wanted = None if name == DEFAULT else name
        outcome: Outcome = await self.instance.call(SetCategory, lambda client: client.set_category(hashes, wanted))
        failures = [error for error in outcome.values() if error is not None]
        if failures:
            raise failures[0]

    async def _define(self, category: Category) -> None:
        """See that the client has a category, with the app's path."""
        theirs = self._definition(category.name)
        name = theirs.name if theirs is not None else category.name
        if theirs is None:
            try:
                await self._call(lambda client: client.create_category(name, category.path))
            except Conflict:  # it has come there meanwhile
                await self._call(lambda client: client.update_category(name, category.path))
        elif _differs(category, theirs):
            await self._call(lambda client: client.update_category(name, category.path))
        else:
            return
        self._note(name, ClientCategory(name=name, path=category.path))
        self.instance.poke()

    def _note(self, gone: str, new: ClientCategory | None = None) -> None:
        self._catalogue.note_defined(self.instance.id, gone, new)

    async def _call(self, method: Callable[[Categories], Awaitable[None]]) -> None:
        await self.instance.call(Categories, method)


def _differs(category: Category, theirs: ClientCategory) -> bool:
    """Say whether the app's path is another one; one that nobody chose is not imposed on the client."""
    if not category.path and not category.touched:
        return False
    return category.path.rstrip("/") != theirs.path.rstrip("/")
