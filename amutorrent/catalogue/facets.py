"""Facts of items that travel beside the list, to those who asked: peers, and missing ranges. Source: websocket 5.3."""

from collections.abc import Container, Iterable, Mapping

import msgspec
from msgspec import Struct

from .view import Key, View

_encode = msgspec.json.encode


class Fact(Struct):
    """What is said of one item. `fields`: JSON fields without braces; None: it was said, and went away."""

    version: int
    fields: bytes | None


class Facets:
    """Facts of one kind, each with the version in which it changed, so that a reader gets what is new for it alone."""

    def __init__(self, *names: str) -> None:
        """`names` are the fields on the wire: null where a fact went away."""
        self.version = 0
        self._gone = b",".join(b'"%s":null' % name.encode() for name in names)
        self._facts: dict[Key, Fact] = {}

    def put(self, now: Mapping[Key, bytes], there: Container[Key]) -> None:
        """Take over all facts as they are; `there` are the items of which it still matters that a fact went away."""
        version = self.version + 1
        for key, fields in now.items():
            fact = self._facts.get(key)
            if fact is None or fact.fields != fields:
                self._facts[key] = Fact(version, fields)
                self.version = version
        for key in self._facts.keys() - now.keys():
            if key not in there:
                del self._facts[key]
            elif self._facts[key].fields is not None:
                self._facts[key] = Fact(version, None)
                self.version = version

    def again(self, keys: Iterable[Key]) -> None:
        """Say facts again to everybody: the items were sent as new ones."""
        for key in keys:
            if key in self._facts:
                self.version += 1
                self._facts[key].version = self.version

    def since(self, version: int, view: View, speeds: bytes) -> bytes | None:
        """Give a delta outside the sequence with what a reader of this version lacks, None if that is nothing.

        Version 0 has nothing. `speeds` are the stats that every delta carries.
        """
        changed = [
            b'{"hash":%s,"instanceId":%s,%s}' % (_encode(key[1]), _encode(key[0]), fact.fields or self._gone)
            for key, fact in self._facts.items()
            if fact.version > version and (version or fact.fields is not None) and view.shows(key)
        ]
        if not changed:
            return None
        return b'{"type":"batch-update","data":{"stats":%s,"delta":{"added":[],"removed":[],"changed":[%s]}}}' % (
            speeds,
            b",".join(changed),
        )
