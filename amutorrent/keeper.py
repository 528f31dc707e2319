"""Keeps the categories in the database: takes them from it when it opens, saves what clients bring in."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

import trio

from .catalogue import Catalogue
from .errors import StorageUnavailable

if TYPE_CHECKING:
    from .store import CategoryShelf, Store

RETRY_S = 2.0
"""So long it waits after a failure that is not the database's own, which `Store.wait_well` would wait for."""


class CategoryKeeper:
    """Carries categories between the live list and the database, in both directions, whenever that works."""

    def __init__(self, catalogue: Catalogue, store: "Store", shelf: "CategoryShelf") -> None:
        self._catalogue = catalogue
        self._store = store
        self._shelf = shelf
        self._opening = 0
        """The opening of the database whose categories were taken over."""

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Go on as long as the daemon. Started when what is saved is known, or cannot be known for now."""
        await self._carry()
        task_status.started()
        while True:
            await _either(self._wait_to_save, partial(self._store.wait_opening, self._opening))
            if not await self._carry():
                await trio.sleep(RETRY_S)

    async def _wait_to_save(self) -> None:
        await self._catalogue.categories.wait_unsaved()
        await self._store.wait_well()

    async def _carry(self) -> bool:
        """Take over what is saved, if the database was just opened, and save what is not if that is possible.

        Gives False if it failed.
        """
        try:
            opening = self._store.openings
            if self._opening != opening:
                self._catalogue.take_categories(await self._shelf.load(), await self._shelf.load_departed())
                self._opening = opening
            if self._opening and self._store.problem is None:
                await self._save()
        except StorageUnavailable:
            return False  # the store has told why
        return True

    async def _save(self) -> None:
        categories = self._catalogue.categories
        async with categories.writing:
            unsaved = categories.take_unsaved()
            try:
                self._catalogue.settle_categories(await self._shelf.save(unsaved) if unsaved else {})
            except StorageUnavailable:
                categories.put_back(unsaved)
                raise
            settled = categories.take_settled()
            try:
                if settled:
                    await self._shelf.forget(settled)
            except StorageUnavailable:
                categories.put_back(settled=settled)
                raise


async def _either(*waits: Callable[[], Awaitable[None]]) -> None:
    """Wait for the first of these."""
    async with trio.open_nursery() as nursery:

        async def one(wait: Callable[[], Awaitable[None]]) -> None:
            await wait()
            nursery.cancel_scope.cancel()

        for wait in waits:
            nursery.start_soon(one, wait)
