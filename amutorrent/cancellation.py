"""What happens when a failure and a cancellation come at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager

import trio


@contextmanager
def cancelled_alone() -> Iterator[None]:
    """Let a cancellation go on alone where failures came with it.

    Both together are a `BaseExceptionGroup`, which no `except Exception` takes. The scope that was cancelled takes its
    part of it away, and the failures would go on from there, past everything that was to stop them: the failure of one
    client, at the moment at which it is closed, would end the daemon.
    """
    try:
        yield
    except BaseExceptionGroup as group:  # it holds a cancellation, which goes on
        cancelled, _ = group.split(trio.Cancelled)
        if cancelled is None:
            raise
        raise cancelled from None
