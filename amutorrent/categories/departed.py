"""Names that are no categories any more, and the clients that may still have them.

A category that is deleted or renamed while a client is away must not come back with that client. So it is kept, per
instance, what became of the name: from that instance it means its successor, or `Default`, until the client was seen
without it. From then on the name is a new one if the client comes up with it again.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

NONE: Mapping[str, "Departed"] = MappingProxyType({})


class Departed(Struct, frozen=True, kw_only=True):
    """A name that one instance may still have. `successor` None: deleted; `since` in ms."""

    name: str
    instance_id: str
    successor: str | None
    since: int


class Departures:
    """What is kept of such names, by instance."""

    def __init__(self) -> None:
        self._by_instance: dict[str, dict[str, Departed]] = {}

    def of(self, instance_id: str) -> Mapping[str, Departed]:
        """Give those that an instance may still have, by name."""
        return self._by_instance.get(instance_id, NONE)

    def all(self) -> list[Departed]:
        """List all."""
        return [each for names in self._by_instance.values() for each in names.values()]

    def put(self, rows: Iterable[Departed]) -> None:
        """Add these."""
        for row in rows:
            self._by_instance.setdefault(row.instance_id, {})[row.name] = row

    def follow(self, old: str, new: str | None) -> None:
        """Let what pointed to a category point to where that went; `new` itself is one again."""
        for names in self._by_instance.values():
            if new is not None:
                names.pop(new, None)
            for row in [each for each in names.values() if each.successor == old]:
                names[row.name] = replace(row, successor=new)

    def revive(self, name: str) -> None:
        """Forget a name: it is a category again."""
        for names in self._by_instance.values():
            names.pop(name, None)

    def forget(self, row: Departed) -> bool:
        """Forget one, unless something else became of it meanwhile."""
        names = self._by_instance.get(row.instance_id, {})
        if names.get(row.name) != row:
            return False
        del names[row.name]
        return True

    def replace(self, rows: Iterable[Departed]) -> None:
        """Know these and no others."""
        self._by_instance.clear()
        self.put(rows)
