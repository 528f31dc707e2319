"""Rows that are written once per change, not once per question. Source: http-api 12.

A card is good as long as the item, our record, what the history says and the categories are the very same. The few
fields that follow the clock are put behind it when it is read.
"""

from collections.abc import Iterable, Sequence

import msgspec
import trio
from msgspec import Struct

from amutorrent import DownloadTimes, Entry

from .record import Record
from .rows import Clock, Rows, known_of
from .shown import View

SLICE = 500
"""So many cards are looked at before others get a turn."""
DEAR = 10
"""To make a card is as much work as to look at so many."""
MOST = 200_000
_HEAD, _TAIL = b'{"hash":"%s",', b',"last_activity":'
_encoder = msgspec.json.Encoder()


class Card(Struct, frozen=True, gc=False, kw_only=True):
    """One item as it is listed. `body`: the fields between its hash and those by the clock, with commas between."""

    entry: Entry | None
    record: Record | None
    times: DownloadTimes
    edition: int
    clock: Clock
    own_hash: str
    hash: str
    state: str
    progress: float
    save_path: str
    content_path: str
    down: int
    up: int
    body: bytes

    @property
    def speed(self) -> int:
        """Bytes/s, both ways."""
        return self.down + self.up

    def fields(self, now: int) -> bytes:
        """Give the fields behind the hash, and the brace that ends them."""
        return b'%b,"last_activity":%d,"seeding_time":%d,"time_active":%d}' % (self.body, *self.clock.read(now))


class Deck:
    """The cards of all items that were asked for."""

    def __init__(self) -> None:
        self._cards: dict[str, Card] = {}
        self._edition = 0
        self._known: object = None

    async def cards(self, rows: Rows, views: Iterable[View]) -> list[Card]:
        """Give the card of each item, made anew where something has changed."""
        if rows.settings != self._known:
            self._known, self._edition = rows.settings, self._edition + 1
        if len(self._cards) > MOST:
            self._cards.clear()
        found, work = [], 0
        for view in views:
            card = self._cards.get(view.hash)
            if card is None or not self._is_good(card, rows, view):
                card = self._cards[view.hash] = make_card(rows, view, self._edition)
                work += DEAR
            found.append(card)
            work += 1
            if work >= SLICE:
                work = 0
                await trio.lowlevel.checkpoint()
        return found

    def keep(self, hashes: Iterable[str]) -> None:
        """Forget all others."""
        kept = set(hashes)
        if len(self._cards) > len(kept):
            self._cards = {hash: card for hash, card in self._cards.items() if hash in kept}

    def _is_good(self, card: Card, rows: Rows, view: View) -> bool:
        return (
            card.entry is view.entry
            and card.record is view.record
            and card.edition == self._edition
            and card.clock.until > rows.now
            and card.times is rows.times_of(view)
        )


def make_card(rows: Rows, view: View, edition: int = 0) -> Card:
    """Write the row of an item."""
    row = rows.row(view)
    encoded = _encoder.encode(row)
    head = len(_HEAD) - 2 + len(row.hash)
    return Card(
        entry=view.entry,
        record=view.record,
        times=rows.times_of(view),
        edition=edition,
        clock=rows.clock(view, known_of(view)),
        own_hash=view.hash,
        hash=row.hash,
        state=row.state,
        progress=row.progress,
        save_path=row.save_path,
        content_path=row.content_path,
        down=row.dlspeed,
        up=row.upspeed,
        body=encoded[head : encoded.rindex(_TAIL)],
    )


async def as_list(cards: Sequence[Card], now: int) -> bytes:
    """Write cards as a JSON list, in slices."""
    return await _joined(b"[", cards, now, b'{"hash":"%b",%b', b"]")


async def as_mapping(cards: Sequence[Card], now: int, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Write cards as a JSON object by hash, in slices, between what stands `before` and `after`."""
    return await _joined(before + b"{", cards, now, b'"%b":{%b', b"}" + after)


async def _joined(before: bytes, cards: Sequence[Card], now: int, form: bytes, after: bytes) -> bytes:
    """Join everything once: a list of thousands has tens of megabytes."""
    parts = [before]
    for at in range(0, len(cards), SLICE):
        parts.append(b"," if at else b"")
        parts.append(b",".join([form % (card.hash.encode(), card.fields(now)) for card in cards[at : at + SLICE]]))
        await trio.lowlevel.checkpoint()
    return b"".join([*parts, after])
