"""What the UI remembers for each user."""

import pytest

from amutorrent.accounts.preferences import LONGEST
from amutorrent.errors import InvalidRequest

DEEP = {"columns": ["name", {"width": 1.5}], "ü\U0001f40e": None, "nul": "a\0b", "on": True}


async def test_each_user_has_their_own(accounts, ann, bob):
    preferences = accounts.preferences
    assert await preferences.get(ann.id) == {}
    await preferences.put(ann.id, {"old": 1})
    await preferences.put(ann.id, DEEP)
    await preferences.put(bob.id, {"theme": "dark"})
    await preferences.put(None, {"theme": "light"})
    assert await preferences.get(ann.id) == DEEP
    assert await preferences.get(bob.id) == {"theme": "dark"}
    assert await preferences.get(None) == {"theme": "light"}


async def test_they_have_a_limit(accounts, bob):
    room = LONGEST - len('{"a": ""}')
    await accounts.preferences.put(bob.id, {"a": "ü" * (room // 2)})
    with pytest.raises(InvalidRequest, match="64 KiB"):
        await accounts.preferences.put(bob.id, {"a": "ü" * (room // 2 + 1)})
    assert await accounts.preferences.get(bob.id) == {"a": "ü" * (room // 2)}
