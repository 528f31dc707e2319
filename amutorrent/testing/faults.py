"""What can go wrong on the way to a daemon. Made here, carried out by `FaultProxy`."""

import random
from dataclasses import dataclass
from typing import Literal

Kind = Literal["pass", "stall", "half_open", "refuse", "cut", "garble", "delay"]


@dataclass(frozen=True)
class Fault:
    """One kind of weather. Use `PASS`, `STALL`, `HALF_OPEN`, `REFUSE`, `cut()`, `garble()` or `delay()`."""

    kind: Kind
    after: int = 0
    seconds: float = 0
    seed: int = 0


PASS = Fault("pass")
"""No fault."""
STALL = Fault("stall")
"""Connections are accepted and passed on, but no byte comes through until the fault is over."""
HALF_OPEN = Fault("half_open")
"""New connections are accepted, but nobody is behind them; open ones are no longer read from."""
REFUSE = Fault("refuse")
"""Nobody listens, and open connections have ended."""


def cut(after: int = 0) -> Fault:
    """End each connection after so many more bytes of answers: in the middle of a message, if that is longer."""
    return Fault("cut", after=after)


def garble(seed: int = 0) -> Fault:
    """Put wrong bytes into answers, one in 64, at places and with values that the seed alone decides."""
    return Fault("garble", seed=seed)


def delay(seconds: float) -> Fault:
    """Let every piece arrive so much later, in both directions."""
    return Fault("delay", seconds=seconds)


class Garbler:
    """Spoils one stream of bytes. What it does depends on the seed and the place, not on how the bytes are cut up."""

    MEAN_GAP = 64

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._gap = self._random.randrange(2 * self.MEAN_GAP)

    def spoil(self, data: bytes) -> bytes:
        """Give the next bytes of the stream, spoilt."""
        spoilt = bytearray(data)
        at = self._gap
        while at < len(spoilt):
            spoilt[at] ^= self._random.randrange(1, 256)
            at += 1 + self._random.randrange(2 * self.MEAN_GAP)
        self._gap = at - len(spoilt)
        return bytes(spoilt)
