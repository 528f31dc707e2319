"""Moves that have begun, in the database."""

from dataclasses import replace

import pytest

from amutorrent.errors import Conflict
from amutorrent.store import MoveRow, MoveShelf

FIRST = MoveRow("rt", "a" * 40, "copying", '{"files":["ü"]}', "Ann", 1)
SECOND = MoveRow("rt", "b" * 40, "copying", "{}", "", 2)


async def test_a_move_is_there_until_it_has_ended(open_store):
    async with open_store() as store:
        shelf = MoveShelf(store)
        await shelf.add(SECOND)
        await shelf.add(FIRST)
        assert await shelf.load() == [FIRST, SECOND]
        with pytest.raises(Conflict, match="already"):
            await shelf.add(replace(FIRST, plan="{}"))
        further = replace(FIRST, phase="putting back", error="The disk is full")
        await shelf.put(further)
    async with open_store() as store:
        shelf = MoveShelf(store)
        assert await shelf.load() == [further, SECOND]
        await shelf.drop(FIRST)
        assert await shelf.load() == [SECOND]
