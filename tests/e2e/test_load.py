"""The two minutes of `benchmarks.mixed` in short: everything but times is as it must be."""

import pytest
import trio

from benchmarks.mixed import SOCKETS, Load
from benchmarks.servers import running

EXPECTED = ("held the loop", "Authentication is off")


@pytest.mark.slow
def test_under_load_every_request_is_answered_rightly_and_every_socket_comes_to_the_same_list(capfd):
    with running("ours", 2000, 0.5, 3) as (port, process):
        report = trio.run(Load(port, process, SOCKETS, seed=7).run, 1, 15)
    assert [*report.problems()] == []
    assert not any(status >= 500 for statuses in report.statuses.values() for status in statuses)
    assert report.statuses["wrong"] >= {400, 404}
    assert report.statuses["upload"] == {409}
    assert any(reader.asked for reader in report.readers)
    assert any(reader.connections > 2 for reader in report.readers)
    told = capfd.readouterr().err.splitlines()
    assert [line for line in told if not any(words in line for words in EXPECTED)] == []
