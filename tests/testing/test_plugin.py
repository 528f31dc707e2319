"""The pytest plugin, as the author of a plugin uses it."""

import pytest

TESTS = """
import pytest

@pytest.mark.daemon
async def test_fixtures(loop_watch, open_proxy_before, require_program):
    assert require_program("sh").endswith("/sh")
    async with open_proxy_before(("127.0.0.1", 9)) as proxy:
        assert proxy.port
    assert loop_watch.longest_s >= 0

def test_missing(require_program):
    require_program("no-such-program")
"""


@pytest.mark.slow
@pytest.mark.parametrize(("ci", "outcome"), [("true", "failed"), ("", "skipped")])
def test_marks_fixtures_and_missing_programs(pytester, monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    pytester.makeini("[pytest]\ntrio_mode = true\naddopts = --strict-markers -p no:anyio")
    pytester.makeconftest('pytest_plugins = ["amutorrent.testing.plugin"]')
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("-rsf")
    result.assert_outcomes(passed=1, **{outcome: 1})
    result.stdout.fnmatch_lines(["*no-such-program is not installed*"])


SKIPS = """
import pytest
import trio

async def test_at_once():
    pytest.skip("the reason of one")

async def test_in_a_task():
    async with trio.open_nursery() as nursery:
        pytest.skip("the reason of another")
"""


@pytest.mark.slow
def test_a_test_that_is_skipped_says_why(pytester):
    pytester.makeini("[pytest]\ntrio_mode = true\naddopts = -p no:anyio")
    pytester.makeconftest('pytest_plugins = ["amutorrent.testing.plugin"]')
    pytester.makepyfile(SKIPS)
    result = pytester.runpytest_subprocess("-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*the reason of one", "*the reason of another"])
