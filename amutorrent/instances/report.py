"""How failures and lights are put into words and JSON."""

from typing import Any

import msgspec

from ..errors import AmutorrentError
from ..model import NetworkStatus


def leaf(error: BaseException) -> Exception:
    """Find the first real error in nested exception groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if not isinstance(error, Exception):
        raise error
    return error


def reason(error: Exception) -> str:
    """Say in one sentence what went wrong."""
    if isinstance(error, AmutorrentError):
        return error.message
    text = str(error).encode("utf-8", "replace").decode()  # it goes to every reader
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def lights(status: NetworkStatus | None) -> dict[str, Any] | None:  # Any: JSON values
    """Give the connection lights as JSON objects."""
    found: dict[str, Any] | None = msgspec.to_builtins(status)
    return found
