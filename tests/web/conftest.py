"""A real web server on a free port, with or without accounts, and items for it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from web.server import OpenWeb, Web, make_item, open_web
from web.site import open_site, people

from amutorrent import Item


@pytest.fixture
def make_web() -> OpenWeb:
    """Give the function that runs a server with options of one's own."""
    return open_web


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """Run a server."""
    async with open_web() as running:
        yield running


@pytest.fixture
def item() -> Callable[..., Item]:
    """Give the function that makes items."""
    return make_item


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make password hashes that take no time."""
    monkeypatch.setattr("amutorrent.accounts.passwords.MEMORY_KIB", 64)
    monkeypatch.setattr("amutorrent.accounts.passwords.PASSES", 1)


@pytest.fixture
async def site(tmp_path: Any, cheap_hashes: None) -> AsyncIterator[Any]:
    """Run a server that wants to know who asks, with a few accounts."""
    async with open_site(tmp_path) as running:
        await people(running.accounts)
        yield running
