"""What the catalogue holds of one instance."""

from collections.abc import Container, Iterable

import msgspec
from msgspec import Struct

from ..model import ClientCategory, InstanceInfo, Speeds
from .entry import Entry

_encode = msgspec.json.encode
OWNED = b',"ownedByMe":true}'
FOREIGN = b',"ownedByMe":false}'
_STALE = b',"stale":true'


class CategoryRules(Struct, frozen=True):
    """How categories come in from an instance: what it defines, or just the names of items; in lower case alone."""

    come_in: bool = True
    lower_cases: bool = False


class Source:
    """The items of one instance, in the order in which they came, and what is said of the instance itself."""

    def __init__(self, instance_id: str, info: InstanceInfo) -> None:
        self.instance_id = instance_id
        self.info = info
        self.entries: dict[str, Entry] = {}
        self.speeds: Speeds | None = None
        self.stale = False
        self.filled = False
        """True once a whole list has been taken over: from then on a new item is news."""
        self.default_path: str | None = None
        self.free_space: int | None = None
        """Bytes that the client says are free at its default path."""
        self.refused: set[tuple[str, str]] = set()
        self.defined: tuple[ClientCategory, ...] = ()
        """The categories that its client has, as it last said."""
        self.rules = CategoryRules()
        self.head = b'{"instanceId":%s,"client":%s,"networkType":%s,' % (
            _encode(instance_id),
            _encode(info.type),
            _encode(info.network_type or ""),
        )

    def tail(self, *, owned: bool) -> bytes:
        """What every item of this instance ends with, for a reader who owns it or does not."""
        return (_STALE if self.stale else b"") + (OWNED if owned else FOREIGN)

    def bodies(self) -> list[bytes]:
        """Give the JSON of all items, each without the end that is the same for all instances: `OWNED`."""
        if self.stale:
            return [entry.body + _STALE for entry in self.entries.values()]
        return [entry.body for entry in self.entries.values()]

    def chosen(self, hashes: Iterable[str], owned: Container[str]) -> list[bytes]:
        """Give the whole JSON of some items, for a reader who owns some of them."""
        mine, foreign = self.tail(owned=True), self.tail(owned=False)
        known = ((hash, self.entries.get(hash)) for hash in hashes)
        return [entry.body + (mine if hash in owned else foreign) for hash, entry in known if entry is not None]
