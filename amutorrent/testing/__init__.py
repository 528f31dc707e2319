"""For tests of plugins: the contract of a client, a proxy that makes faults, a watch on the loop.

Needs pytest and pytest-trio (`pip install amutorrent[testing]`); the host itself never imports it.
"""

from .faults import HALF_OPEN, PASS, REFUSE, STALL, Fault, cut, delay, garble
from .loop import LoopWatch
from .proxy import FaultProxy, ProxyStatistics

__all__ = [
    "HALF_OPEN",
    "PASS",
    "REFUSE",
    "STALL",
    "Fault",
    "FaultProxy",
    "LoopWatch",
    "ProxyStatistics",
    "cut",
    "delay",
    "garble",
]
