"""Who asks."""

from collections.abc import Mapping
from typing import Any

from ..accounts import LOCAL_ADMIN, User


def caller(scope: Mapping[str, Any]) -> User:  # Any: ASGI's own untyped dict
    """Give the user behind a request or a socket: without authentication, the admin of this machine."""
    return LOCAL_ADMIN
