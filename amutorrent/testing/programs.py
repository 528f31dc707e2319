"""Real programs that tests need. A missing one is a failure in CI, and a skip with its reason elsewhere."""

import os
import shutil
from typing import NoReturn

import pytest


def require(program: str, places: str | None = None) -> str:
    """Give the path of a program. Without it the test fails where `CI=true`, and is skipped elsewhere.

    `places` is where to look, in the form of `PATH`, instead of there.
    """
    path = shutil.which(program, path=places)
    if path is None:
        missing(f"{program} is not installed")
    return path


def missing(reason: str) -> NoReturn:
    """End a test whose needs are not met: it fails where `CI=true`, and is skipped elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
