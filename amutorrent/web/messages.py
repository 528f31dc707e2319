"""The messages that are no replies, and errors, as structs: they make the bytes and the schema."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from ..model import camel
from ..moving import MOVE_MESSAGES
from ..operations.app_log import AppLogAppend
from ..operations.categories import CategoriesUpdate
from ..searches import SEARCH_MESSAGES

RequestId = str | int | float | bool | UnsetType | None
"""Any JSON scalar, or nothing at all."""


class Connected(Struct, frozen=True, tag="connected"):
    """The first message; `session` names this run of the daemon."""

    session: str
    message: str = "Connected"


class ConnectionStatus(Struct, frozen=True, tag="connection-status"):
    """Which instances are connected, and whether any is."""

    connected: bool
    instances: dict[str, bool]


class Error(Struct, frozen=True, tag="error", rename=camel, omit_defaults=True):
    """A request that failed; over the WebSocket with its `action` and `requestId`."""

    code: str
    message: str
    details: dict[str, Any] | UnsetType = UNSET  # Any: facts for programs, each error's own
    action: str | UnsetType = UNSET
    request_id: RequestId = UNSET


PUSHED: tuple[type[Struct], ...] = (
    Connected,
    ConnectionStatus,
    *SEARCH_MESSAGES,
    *MOVE_MESSAGES,
    CategoriesUpdate,
    AppLogAppend,
    Error,
)
"""What sockets are sent unasked, beside the live list."""
