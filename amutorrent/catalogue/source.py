"""What the catalogue holds of one instance."""

import msgspec

from ..model import InstanceInfo, Speeds
from .entry import Entry

_encode = msgspec.json.encode
OWNED = b',"ownedByMe":true}'
_STALE = b',"stale":true'


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
        return _STALE + OWNED if self.stale else OWNED

    def bodies(self) -> list[bytes]:
        """Give the JSON of all items, each without the end that is the same for all instances: `OWNED`."""
        if self.stale:
            return [entry.body + _STALE for entry in self.entries.values()]
        return [entry.body for entry in self.entries.values()]
