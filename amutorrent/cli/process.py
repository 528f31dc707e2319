"""What is set for the whole process of a daemon: how memory is collected, and how it is given back."""

import ctypes
import gc
from contextlib import suppress

LARGE = 1 << 20
"""Bytes of a block that goes back to the system as soon as it is free."""
_M_MMAP_THRESHOLD = -3  # malloc.h of glibc


def spare_the_collector() -> None:
    """Take what was imported out of the garbage collector's rounds: it stays to the end, and a full round over it all
    holds the loop for tens of milliseconds.
    """
    from .. import web  # noqa: F401  (the last big import, which would otherwise come afterwards)

    gc.collect()
    gc.freeze()


def give_back_large_blocks() -> None:
    """Let whole lists of megabytes go when they are freed.

    glibc takes the first of them that is freed for a sign to keep such blocks in its heap, where small ones that come
    between hold them for ever. Other C libraries have no such setting.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)
