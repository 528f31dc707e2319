"""Real programs that tests need. A missing one is a failure in CI, and a skip with its reason elsewhere."""

import os
import shutil

import pytest


def require(program: str) -> str:
    """Give the path of a program. Without it the test fails where `CI=true`, and is skipped elsewhere."""
    path = shutil.which(program)
    if path is None:
        reason = f"{program} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return path
