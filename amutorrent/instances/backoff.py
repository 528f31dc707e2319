"""Exponential back-off with jitter."""

import random

FIRST_S = 1.0
LONGEST_S = 60.0


class Backoff:
    """Waits of 1, 2, 4, ... 60 s, each shortened at random by up to a quarter, so that many do not come at once."""

    def __init__(self) -> None:
        self._tries = 0

    def next(self) -> float:
        """Give the next wait in seconds."""
        wait = min(LONGEST_S, FIRST_S * (1 << self._tries))
        self._tries = min(self._tries + 1, 16)
        return wait * random.uniform(0.75, 1)

    def reset(self) -> None:
        """Begin anew: it worked."""
        self._tries = 0
