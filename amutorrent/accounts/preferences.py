"""What the UI remembers for each user; the host never looks inside. Source: http-api 6."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import InvalidRequest

if TYPE_CHECKING:
    from ..store import AccountShelf

LONGEST = 64 << 10
"""Bytes as JSON."""
NAMELESS = 0
"""Under this number are those of the admin without an account."""


class Preferences:
    """One JSON object per user. Every method raises `StorageUnavailable`."""

    def __init__(self, shelf: "AccountShelf") -> None:
        self._shelf = shelf

    async def get(self, user_id: int | None) -> dict[str, Any]:  # Any: JSON values
        """Read those of a user, or of the nameless admin (None)."""
        found: dict[str, Any] = json.loads(await self._shelf.preferences(user_id or NAMELESS))
        return found

    async def put(self, user_id: int | None, value: Mapping[str, Any]) -> None:  # Any: JSON values
        """Replace those of a user. Raises `InvalidRequest` if they are longer than 64 KiB."""
        text = json.dumps(value, ensure_ascii=False)
        if len(text.encode()) > LONGEST:
            raise InvalidRequest("Preferences have at most 64 KiB", field="preferences")
        await self._shelf.put_preferences(user_id or NAMELESS, text)
