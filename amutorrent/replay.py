"""The reader's side of the socket: keeps the list as the messages tell it. Source: websocket 5.1."""

from collections.abc import Mapping
from typing import Any

Message = Mapping[str, Any]
"""A message as decoded JSON. Any: this side reads what it needs, and passes the rest through."""


class Replay:
    """The list of one reader. Feed it every message; ask for a full form when `apply` says that one was missed."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}  # Any: JSON values, as in `Message`
        """The items by `instanceId:hash`."""
        self.instances: dict[str, dict[str, Any]] = {}
        self.speeds: dict[str, dict[str, int]] = {}
        self.categories: list[dict[str, Any]] = []
        self.seq: int | None = None
        """The last revision that was applied; None before the first full form, and after a gap."""
        self.session: str | None = None
        """The run of the daemon that `seq` belongs to."""
        self._resumed = False

    @property
    def resume(self) -> str:
        """Give the query to open the next socket with, so that it sends only what is missing."""
        return "" if self.seq is None else f"?since={self.seq}&session={self.session}"

    def apply(self, message: Message) -> bool:
        """Take one message of any type. False: some were missed, so the list is not right until the next full form."""
        if message.get("type") == "connected":
            self._connected(message["session"])
        elif message.get("type") == "batch-update":
            return self._update(message["data"])
        return True

    def _connected(self, session: str) -> None:
        if session != self.session:
            self.session, self.seq = session, None
        self._resumed = self.seq is not None

    def _update(self, data: Message) -> bool:
        if "items" in data:
            self.items = {_key(item): dict(item) for item in data["items"]}
            self.seq = data["seq"]
        elif not self._delta(data.get("delta", {})):
            self.seq = None
            return False
        self._resumed = False
        self._overview(data)
        return True

    def _overview(self, data: Message) -> None:
        stats = data.get("stats", {})
        self.instances = stats.get("instances", self.instances)
        self.speeds = stats.get("instanceSpeeds", self.speeds)
        self.categories = data.get("categories", self.categories)

    def _delta(self, delta: Message) -> bool:
        """Apply a delta; False if it does not follow what was applied before."""
        if not self._follows(delta.get("seq")):
            return False
        for key in delta.get("removed", ()):
            self.items.pop(key, None)
        for item in delta.get("added", ()):
            self.items[_key(item)] = dict(item)
        for change in delta.get("changed", ()):
            item = self.items.get(_key(change))
            if item is None:
                return False
            item.update(change)
            for name in [name for name, value in change.items() if value is None]:  # null: it went away
                del item[name]
        return True

    def _follows(self, seq: int | None) -> bool:
        if seq is None:  # supplemental: outside the sequence
            return True
        # the first delta of a resumed socket holds all that was missed, however much that is
        if self.seq is None or not (seq >= self.seq if self._resumed else seq == self.seq + 1):
            return False
        self.seq = seq
        return True


def _key(item: Message) -> str:
    return f"{item['instanceId']}:{item['hash']}"
