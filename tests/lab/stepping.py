"""Our daemon with a clock that a test sets: `python -P stepping.py FILE serve ...`; FILE holds seconds to add."""

import sys
import time
from pathlib import Path

OFFSET = Path(sys.argv.pop(1))
EVERY_S = 0.1

_real, _looked, _offset = time.time, -1.0, 0.0


def _stepped() -> float:
    global _looked, _offset
    if (now := time.monotonic()) - _looked > EVERY_S:
        _looked = now
        _offset = float(OFFSET.read_text() or 0)
    return _real() + _offset


time.time = _stepped

from amutorrent.cli import main  # noqa: E402  (all of it has to see that clock)

main()
