"""Every few seconds a daemon dies, hangs, or answers nonsense, while adds, batches and transfers go on.

`./contrib/test tests/e2e/test_chaos.py -s --minutes 10 --seed 7` runs it for longer; the seed decides what happens.
"""

import pytest
from lab.chaos.run import chaos
from lab.land import land
from lab.reader import agree, reader

pytestmark = [
    pytest.mark.daemon,
    pytest.mark.slow,
    # httpx leaves its body half read where a daemon is killed in the middle of a request
    pytest.mark.filterwarnings("ignore:Async generator .*ByteStream:ResourceWarning"),
]
GROWTH, GROWTH_MIB = 1.05, 6
"""Memory is flat if the last quarter needs no more than the second one and this: by then all is in use once."""
MORE_FILES = 20


@pytest.fixture
def lab(tmp_path_factory):
    with land(tmp_path_factory.mktemp("land")) as running:
        yield running


@pytest.fixture
def seconds(pytestconfig):
    return 60 * pytestconfig.getoption("minutes")


@pytest.fixture
def seed(pytestconfig):
    return pytestconfig.getoption("seed")


async def kept(playing):
    """Every promise is kept, nobody waited for a sick daemon or for ever, and nothing went wrong inside."""
    print(f"\n{playing}")
    assert await playing.broken() == []
    assert playing.traffic.wrong == []
    assert playing.caller.hung == []
    assert playing.caller.failed == []
    assert playing.latency.samples
    assert playing.latency.late() == []
    assert "Traceback" not in playing.ours.log.read_text()


async def test_faults_and_load(lab, tmp_path, seconds, seed):
    async with chaos(lab, tmp_path, seed) as playing:
        url = f"ws://127.0.0.1:{playing.ours.port}/ws"
        async with reader(url) as first, reader(url) as second:
            await playing.run(seconds, first, second)
            await playing.settle(first, second)
            await kept(playing)
            assert playing.caller.silent == 0
            await agree(first, second)
            await first.ask(action="requestFullSnapshot")
            assert first.replayed == first.items
        (memory, files), (last_memory, last_files) = playing.needs.quarters()[1], playing.needs.quarters()[3]
        assert last_memory <= memory * GROWTH + GROWTH_MIB
        assert last_files <= files + MORE_FILES


async def test_our_own_daemon_is_killed_at_any_moment(lab, tmp_path, seconds, seed):
    async with chaos(lab, tmp_path, seed) as playing:
        await playing.run(seconds / 2, own_deaths=True)
        await playing.settle()
        await kept(playing)
        await playing.own_deaths.end()
        assert playing.own_deaths.count > 0
        assert playing.own_deaths.changes > 0
        assert playing.own_deaths.wrong == []
