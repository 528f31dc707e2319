"""Metrics of a few clients over real databases."""

from contextlib import asynccontextmanager

import pytest
from history.measuring import Stage
from store.conftest import running_store


@pytest.fixture
def open_stage(database_url, tmp_path):
    """Give the function that runs a stage over the same database each time."""

    @asynccontextmanager
    async def run():
        async with running_store(database_url, tmp_path) as store:
            stage = Stage(store)
            assert await stage.saved()
            yield stage

    return run
