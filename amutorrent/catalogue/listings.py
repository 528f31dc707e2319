"""Parts of the list that are asked for by themselves: what is under way, and what is shared. Source: websocket 6."""

from collections.abc import Callable
from typing import NamedTuple

from ..model import Item
from .held import Held


class Listing(NamedTuple):
    """A part of the list: the `type` of the message that carries it, and which items belong to it."""

    type: str
    wanted: Callable[[Item], bool]


DOWNLOADS = Listing("downloads-update", lambda item: not item.complete)
SHARED = Listing("shared-update", lambda item: item.shared)


def render(held: Held, listing: Listing, mine: dict[str, dict[str, None]] | None, *, sees_all: bool) -> bytes:
    """Make the message for readers who own `mine` (hashes by instance; None: everything).

    The cached bytes of the items are joined once: of a long list every further copy is felt.
    """
    pieces = [b'{"type":"%s","data":[' % listing.type.encode()]
    wanted = listing.wanted
    for source in held.sources.values():
        owned = source.entries if mine is None else mine.get(source.instance_id, {})
        own, foreign = source.tail(owned=True) + b",", source.tail(owned=False) + b","
        for hash in source.entries if sees_all else owned:
            entry = source.entries.get(hash)
            if entry is not None and wanted(entry.item):
                pieces += (entry.body, own if hash in owned else foreign)
    if len(pieces) > 1:
        pieces[-1] = pieces[-1][:-1]
    pieces.append(b"]}")
    return b"".join(pieces)
