"""For tests of plugins: the contract of a client, a proxy that makes faults, a watch on the loop.

Needs pytest and pytest-trio (`pip install amutorrent[testing]`); the host itself never imports it.
"""

import pytest

pytest.register_assert_rewrite(f"{__name__}.contract", f"{__name__}.session")  # so that failures say what was there

from .contract import ClientContract  # noqa: E402
from .ed2k import Ed2kFile, hollow_ed2k_file, make_ed2k_file  # noqa: E402
from .faults import HALF_OPEN, PASS, REFUSE, STALL, Fault, cut, delay, garble  # noqa: E402
from .loop import LoopWatch  # noqa: E402
from .programs import require  # noqa: E402
from .proxy import FaultProxy, ProxyStatistics  # noqa: E402
from .samples import Sample  # noqa: E402
from .session import Oracle, Seen, Session, open_session  # noqa: E402
from .torrents import Torrent, hollow_torrent, make_torrent  # noqa: E402

__all__ = [
    "HALF_OPEN",
    "PASS",
    "REFUSE",
    "STALL",
    "ClientContract",
    "Ed2kFile",
    "Fault",
    "FaultProxy",
    "LoopWatch",
    "Oracle",
    "ProxyStatistics",
    "Sample",
    "Seen",
    "Session",
    "Torrent",
    "cut",
    "delay",
    "garble",
    "hollow_ed2k_file",
    "hollow_torrent",
    "make_ed2k_file",
    "make_torrent",
    "open_session",
    "require",
]
