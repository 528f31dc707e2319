"""Async work of a command."""

from collections.abc import Awaitable, Callable
from typing import TypeVar, TypeVarTuple

import trio

Args = TypeVarTuple("Args")
T = TypeVar("T")


def run(work: Callable[[*Args], Awaitable[T]], *args: *Args) -> T:
    """Run it to its end. What comes out of nested nurseries is one plain error, so that it can be told in one line."""
    try:
        return trio.run(work, *args)
    except BaseExceptionGroup as group:  # also of an interrupt: what is inside is raised again
        raise _first(group) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
