"""Whose items are whose. Source: http-api 4, data-model 8.

Who adds an item owns it; what is found in a client belongs to nobody. Ownership goes with the item, and with the
account: the items of one that is removed belong to nobody. It stays with an instance that is away, and follows it to
a new id if the settings say which one it had.
"""

import logging
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import trio

from ..errors import StorageUnavailable
from ..model.permissions import EDIT_ALL, VIEW_ALL
from .user import User

if TYPE_CHECKING:
    from ..store import OwnerShelf

SWEEP_S = 60.0
RETRY_S = 2.0
"""So often it is tried to read or to save what could not be."""
GRACE_S = 600.0
"""An item may be out of sight for so long before its owner is forgotten: it was just added, or its client restarts."""

Key = tuple[str, str]
"""(instance id, hash)"""
log = logging.getLogger("amutorrent.accounts")


class Owners:
    """Who owns what, in memory and, as soon as that works, in the database. Without a shelf: in memory alone."""

    def __init__(self, shelf: "OwnerShelf | None" = None, *, clock: Callable[[], float] = trio.current_time) -> None:
        self._shelf = shelf
        self._clock = clock
        self._owner: dict[Key, int] = {}
        self._items: dict[int, dict[Key, None]] = {}
        self._expected: set[Key] = set()
        self.on_load: list[Callable[[], None]] = []
        """Called when it is known who owns what: until then nobody owns anything."""
        self._unsaved: dict[Key, int | None] = {}
        self._missing: dict[Key, float] = {}
        self._opening = 0
        self._saving = trio.Lock()

    # -- asking

    def of(self, key: Key) -> int | None:
        """Give the account id of the owner; None: nobody's."""
        return self._owner.get(key)

    def items(self, account_id: int | None) -> Iterable[Key]:
        """Give what an account owns, in the order in which it came."""
        return self._items.get(account_id, ()) if account_id is not None else ()

    def expects(self, key: Key) -> bool:
        """Say whether somebody has just added an item that has not appeared yet."""
        return key in self._expected

    def owns(self, user: User, key: Key) -> bool:
        """Say whether an item is a user's own."""
        return user.id is not None and self._owner.get(key) == user.id

    def sees(self, user: User, key: Key) -> bool:
        """Say whether an item exists for a user."""
        return user.may(VIEW_ALL) or self.owns(user, key)

    def may_change(self, user: User, key: Key) -> bool:
        """Say whether a user may change an item that exists for them."""
        return user.may(EDIT_ALL) or self.owns(user, key)

    # -- changing

    async def claim(self, user: User, keys: Iterable[Key]) -> None:
        """Make a user the owner of items that are being added; what cannot be saved now is saved as soon as it can."""
        if user.id is None:
            return
        for key in keys:
            self._drop(key)
            self._put(key, user.id)
            self._expected.add(key)
            self._unsaved[key] = user.id
        await self._try_to_save()

    def appeared(self, key: Key) -> None:
        """Take note that an item is there."""
        self._expected.discard(key)

    async def release(self, keys: Iterable[Key]) -> None:
        """Let items belong to nobody. If it cannot be saved now it is as soon as that works."""
        for key in keys:
            if self._drop(key):
                self._unsaved[key] = None
        await self._try_to_save()

    def keep_to(self, account_ids: Container[int]) -> None:
        """Let the items of accounts that are gone belong to nobody. In the database they do already."""
        for account_id in [each for each in self._items if each not in account_ids]:
            for key in list(self._items[account_id]):
                self._drop(key)
                self._unsaved.pop(key, None)

    async def rename_instance(self, old: str, new: str) -> None:
        """Let ownership follow an instance to its new id. Raises `StorageUnavailable`: nothing has changed then."""
        await self._save()
        if self._shelf is not None:
            await self._shelf.rename_instance(old, new)
        for key in [each for each in self._owner if each[0] == old]:
            owner = self._owner[key]
            self._drop(key)
            if (new, key[1]) not in self._owner:
                self._put((new, key[1]), owner)

    # -- keeping up

    async def run(
        self,
        present: Callable[[Key], bool | None],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Read who owns what, save what is unsaved, and forget the owners of items that are gone.

        `present` says whether an item is there, None: that is not known.
        """
        await self._keep_up()
        task_status.started()
        while True:
            await trio.sleep(SWEEP_S if self._opening and not self._unsaved else RETRY_S)
            await self._keep_up()
            await self.sweep(present)

    async def sweep(self, present: Callable[[Key], bool | None]) -> None:
        """Forget the owners of items that have been gone for a while."""
        now = self._clock()
        missing = {key: self._missing.get(key, now) for key in self._owner if present(key) is False}
        gone = [key for key, since in missing.items() if now - since >= GRACE_S]
        self._missing = {key: since for key, since in missing.items() if key not in gone}
        if gone:
            await self.release(gone)

    async def _keep_up(self) -> None:
        with suppress(StorageUnavailable):
            if self._shelf is not None and self._opening != self._shelf.openings:
                async with self._saving:
                    opening = self._shelf.openings
                    self._take(await self._shelf.load())
                    self._opening = opening
            await self._save()

    def _take(self, loaded: Mapping[Key, int]) -> None:
        self._owner, self._items = {}, {}
        unsaved = {key: owner for key, owner in self._unsaved.items() if owner is not None}
        for key, owner in {**loaded, **unsaved}.items():
            if self._unsaved.get(key, owner) is not None:
                self._put(key, owner)
        for listener in self.on_load:
            listener()

    async def _try_to_save(self) -> None:
        try:
            await self._save()
        except StorageUnavailable as error:
            log.warning("Who owns what is not saved yet: %s", error.message)

    async def _save(self) -> None:
        async with self._saving:
            changes, self._unsaved = self._unsaved, {}
            if self._shelf is None:
                return
            try:
                await self._shelf.save(changes)
            except StorageUnavailable:
                self._unsaved = {**changes, **self._unsaved}
                raise

    def _put(self, key: Key, owner: int) -> None:
        self._owner[key] = owner
        self._items.setdefault(owner, {})[key] = None

    def _drop(self, key: Key) -> bool:
        self._expected.discard(key)
        owner = self._owner.pop(key, None)
        if owner is None:
            return False
        del self._items[owner][key]
        return True
