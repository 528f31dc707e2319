"""For tests of plugins: the contract of a client, a proxy that makes faults, a watch on the loop.

Needs pytest and pytest-trio (`pip install amutorrent[testing]`); the host itself never imports it.
"""

import pytest

pytest.register_assert_rewrite(f"{__name__}.contract", f"{__name__}.session")  # so that failures say what was there

from .contract import ClientContract  # noqa: E402
from .faults import HALF_OPEN, PASS, REFUSE, STALL, Fault, cut, delay, garble  # noqa: E402
from .loop import LoopWatch  # noqa: E402
from .programs import require  # noqa: E402
from .proxy import FaultProxy, ProxyStatistics  # noqa: E402
from .session import Oracle, Seen, Session, open_session  # noqa: E402
from .torrents import Torrent, hollow_torrent, make_torrent  # noqa: E402

__all__ = [
    "HALF_OPEN",
    "PASS",
    "REFUSE",
    "STALL",
    "ClientContract",
    "Fault",
    "FaultProxy",
    "LoopWatch",
    "Oracle",
    "ProxyStatistics",
    "Seen",
    "Session",
    "Torrent",
    "cut",
    "delay",
    "garble",
    "hollow_torrent",
    "make_torrent",
    "open_session",
    "require",
]
