"""A click never waits for more than the one answer that the daemon is building. `benchmarks.amule click`: 20,000."""

import pytest
from lab import ed2k
from lab.amule import AMuleDaemon, free_port_with_udp, share_many
from lab.clicks import measure_clicks

pytestmark = [pytest.mark.daemon, pytest.mark.slow]
MARGIN_S = 0.1


async def test_a_click_waits_no_longer_than_the_daemons_longest_request(tmp_path):
    daemon = AMuleDaemon(tmp_path, nick="peer-a")
    share_many(daemon, 4000)
    with ed2k.server(free_port_with_udp(4), high="peer-a") as server:
        daemon.start()
        try:
            clicks = await measure_clicks(daemon, server, 40)
        finally:
            daemon.stop(30)
    assert clicks.polls > 10
    assert max(clicks.waits) <= max(clicks.requests) + MARGIN_S, clicks
