"""The pytest plugin: put `pytest_plugins = ["amutorrent.testing.plugin"]` into your top `conftest.py`.

It registers the marks of the contract, runs async tests under trio, and gives the fixtures below.
"""

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import AbstractAsyncContextManager

import pytest
import pytest_trio

from .loop import LoopWatch
from .programs import require
from .proxy import FaultProxy, Upstream

OpenProxy = Callable[[Upstream], AbstractAsyncContextManager[FaultProxy]]

MARKERS = (
    "contract: part of the client contract",
    "daemon: needs a real download client on this machine",
    "slow: takes more than a quarter of a second",
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say why an async test was skipped: pytest-trio 0.8 skips it anew, without the reason."""
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, pytest.skip.Exception) and not error.msg and isinstance(report.longrepr, tuple):
        path, line, _ = report.longrepr
        report.longrepr = (path, line, f"Skipped: {_reason(error.__context__)}")
    return report


def _reason(error: BaseException | None) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return (error.msg if isinstance(error, pytest.skip.Exception) else "") or "no reason was given"


@pytest.fixture
def require_program() -> Callable[[str], str]:
    """Give the function that finds a real program: missing, it fails the test in CI, and skips it elsewhere."""
    return require


@pytest.fixture
def open_proxy_before() -> OpenProxy:
    """Give the function that puts a `FaultProxy` before a daemon, at (host, port) or the path of a socket."""
    return FaultProxy.open


@pytest_trio.trio_fixture  # type: ignore[untyped-decorator]  # pytest-trio has no types
async def loop_watch() -> AsyncIterator[LoopWatch]:
    """Measure how long the event loop is held while the test runs: `loop_watch.longest_s`."""
    async with LoopWatch.running() as watch:
        yield watch
