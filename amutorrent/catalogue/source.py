"""What the catalogue holds of one instance."""

import msgspec

from ..model import InstanceInfo, Speeds
from .entry import Entry

_encode = msgspec.json.encode
_OWNED = b',"ownedByMe":true}'


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
        self.refused: set[tuple[str, str]] = set()
        self.head = b'{"instanceId":%s,"client":%s,"networkType":%s,' % (
            _encode(instance_id),
            _encode(info.type),
            _encode(info.network_type or ""),
        )

    @property
    def tail(self) -> bytes:
        """What every item of this instance ends with, for a reader who owns all."""
        return b',"stale":true' + _OWNED if self.stale else _OWNED

    def joined(self) -> list[bytes]:
        """All items as JSON joined by commas, in pieces that belong one behind the other."""
        if not self.entries:
            return []
        tail = self.tail
        return [(tail + b",").join([entry.body for entry in self.entries.values()]), tail]
