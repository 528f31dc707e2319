"""One item in the catalogue: what the client said, and its bytes on the wire, made once per change."""

from functools import lru_cache
from itertools import compress
from operator import ne
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from ..errors import PluginError
from ..model import Item, camel

FIELDS = Item.__struct_fields__
WIRE_NAMES = tuple(map(camel, FIELDS))
STALE = 1 << len(FIELDS)
"""The bit of a change that says: its instance went stale, or came back."""
ADDED = -1
GONE = 0

_BIT = {name: 1 << index for index, name in enumerate(FIELDS)}
_COMPLETE, _STATUS = _BIT["complete"], _BIT["status"]
CATEGORY = _BIT["category"]
_EMPTY: tuple[object, ...] = ((), {}, [])
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Item)


class Entry(Struct, frozen=True, gc=False):
    """One item of one instance. `body` is its JSON without what differs per reader, and without the last brace.

    `label` is what its client calls its category: another name than the app's while a change is on its way there.
    """

    instance_id: str
    item: Item
    category_id: int
    body: bytes
    label: str


def wire_bytes(item: object) -> bytes:
    """Encode an item, and see that it is what an item has to be. Raises `PluginError` saying what is wrong.

    It is read back from its own bytes: whatever is not encodable, not finite or of a wrong type shows there.
    """
    if type(item) is not Item:
        raise PluginError(f"this is no Item: {item!r:.80}")
    try:
        encoded = _encoder.encode(item)
        _decoder.decode(encoded)
    except (msgspec.MsgspecError, UnicodeEncodeError, TypeError, OverflowError) as error:
        raise PluginError(str(error)) from error
    return encoded


def make_entry(head: bytes, instance_id: str, item: Item, encoded: bytes, category_id: int, label: str) -> Entry:
    """Join the identity of the instance, the client's facts and what follows from them."""
    derived = b',"downloading":%s,"seeding":%s,"categoryId":%d' % (
        b"false" if item.complete else b"true",
        b"true" if item.status == "seeding" else b"false",
        category_id,
    )
    return Entry(instance_id, item, category_id, head + encoded[1:-1] + derived, label)


def recategorised(entry: Entry, category_id: int) -> Entry:
    """Give an entry with another number of its category, which stands last in the body."""
    body = entry.body[: entry.body.rindex(b":") + 1] + b"%d" % category_id
    return Entry(entry.instance_id, entry.item, category_id, body, entry.label)


def difference(old: Item, new: Item) -> int:
    """Say which fields differ, one bit each, in the order of `FIELDS`."""
    return sum(compress(_BIT.values(), map(ne, astuple(old), astuple(new))))


@lru_cache(1024)
def _fields(mask: int) -> tuple[tuple[str, str], ...]:
    """Name the fields of a mask, here and on the wire; the same few masks come again and again."""
    return tuple(names for index, names in enumerate(zip(FIELDS, WIRE_NAMES, strict=True)) if mask >> index & 1)


def changed_fields(entry: Entry, mask: int, *, stale: bool) -> dict[str, Any]:
    """Give the fields of `mask` by their names on the wire; what went away is None. Any: JSON values."""
    item = entry.item
    fields: dict[str, Any] = {"hash": item.hash, "instanceId": entry.instance_id}
    for name, wire_name in _fields(mask):
        value = getattr(item, name)
        fields[wire_name] = None if value in _EMPTY else value
    if mask & _COMPLETE:
        fields["downloading"] = not item.complete
    if mask & _STATUS:
        fields["seeding"] = item.status == "seeding"
    if mask & CATEGORY:
        fields["categoryId"] = entry.category_id
    if mask & STALE:
        fields["stale"] = stale or None
    return fields
