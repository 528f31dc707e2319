"""The simulated world: downloads that go on by a clock of its own."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from amutorrent import AddOptions, Conflict, Item, NotFound, Outcome, percent

PIECE = 1 << 20
DOWN, UP = 4 * PIECE, PIECE // 2
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """All downloads, the clock in seconds, and what changed since somebody looked last."""

    def __init__(self, seed: str, items: int) -> None:
        self.clock = 0
        self.items: dict[str, Item] = {}
        self.changed: dict[str, None] = {}
        for number in range(items):
            hash = hashlib.sha1(f"{seed}/{number}".encode(), usedforsecurity=False).hexdigest()
            size = (32 + int(hash[:2], 16)) * PIECE
            self.add(hash, f"Example {number + 1:02}", size, AddOptions(), have=size * (number % 5) // 4)

    def add(self, hash: str, name: str, size: int, options: AddOptions, have: int = 0) -> None:
        """Begin a download of which `have` bytes are there. Raises `Conflict`."""
        if hash in self.items:
            raise Conflict(f"{name} is there already")
        new = Item(
            hash=hash,
            name=name,
            status="stopped" if options.paused else "active",
            progress=percent(have, size),
            size=size,
            size_downloaded=have,
            download_speed=0,
            upload_speed=0,
            complete=False,
            shared=True,
            category=options.category or "Default",
            directory=options.save_path or "/example",
            added_at=BEGAN + timedelta(seconds=self.clock),
            extra={"simulated": True},
        )
        self.put(new if options.paused else running(new), hash)

    def put(self, item: Item | None, hash: str) -> None:
        """Take over a download as it is now; None if it is gone."""
        self.changed[hash] = None
        if item is None:
            del self.items[hash]
        else:
            self.items[hash] = item

    def find(self, hash: str) -> Item:
        """Find a download. Raises `NotFound`."""
        if hash not in self.items:
            raise NotFound(f"The example has no download {hash}", code="item_not_found")
        return self.items[hash]

    def each(self, hashes: Iterable[str], change: Callable[[Item], Item | None]) -> Outcome:
        """Change these downloads, or forget those of which `change` makes None; answer for each hash."""
        outcome: dict[str, NotFound | None] = dict.fromkeys(hashes)
        for hash in outcome:
            try:
                self.put(change(self.find(hash)), hash)
            except NotFound as error:
                outcome[hash] = error
        return outcome

    def advance(self) -> None:
        """Let one second pass."""
        self.clock += 1
        for hash, item in self.items.items():
            if (later := a_second_later(item)) != item:
                self.put(later, hash)


def running(item: Item) -> Item:
    """Let a download run: it loads what is missing, or gives what it has."""
    complete = item.size_downloaded == item.size
    progress = 100.0 if complete else percent(item.size_downloaded, item.size)
    return replace(item, complete=complete, progress=progress, status="seeding" if complete else "active")


def a_second_later(item: Item) -> Item:
    """Say what becomes of a download within a second."""
    if item.status in ("paused", "stopped"):
        return replace(item, download_speed=0, upload_speed=0)
    got = min(DOWN, item.size - item.size_downloaded)
    gave = UP if item.status == "seeding" else 0
    have, given = item.size_downloaded + got, item.upload_total + gave
    return running(replace(item, size_downloaded=have, upload_total=given, download_speed=got, upload_speed=gave))
