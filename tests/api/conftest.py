"""One stage for the tests of the API document and of all routes."""

import pytest
from lab.stage import stage


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Run the clients that the API document names, and our own daemon over them."""
    with stage(tmp_path_factory.mktemp("stage")) as running:
        yield running
