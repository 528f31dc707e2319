"""Our daemon, which ends as by a power cut when a move comes to a named point: `python -P dying.py POINT serve ...`."""

import os
import signal
import sys

from amutorrent.cli import main
from amutorrent.moving import faults


def _reached(point: str) -> None:
    if point == POINT:
        os.kill(os.getpid(), signal.SIGKILL)


POINT = sys.argv.pop(1)
assert POINT in faults.POINTS, POINT
faults.reached = _reached
main()
