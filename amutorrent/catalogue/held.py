"""What the catalogue holds now. Written by `catalogue.py` alone, read by views and by everybody else."""

import secrets
from collections import OrderedDict
from collections.abc import Hashable, Iterator

from ..accounts import Owners
from ..categories import Categories
from ..model.machine import Machine
from ..paths import Paths
from .entry import Entry
from .source import Source
from .window import Window


class Held:
    """All items of all instances, keyed by (instance id, hash), with a revision that grows by one per tick."""

    def __init__(self, categories: Categories, owners: Owners) -> None:
        self.session = secrets.token_hex(4)
        self.seq = 0
        self.categories = categories
        self.owners = owners
        self.sources: dict[str, Source] = {}
        self.window = Window()
        self.listings: OrderedDict[Hashable, tuple[int, bytes]] = OrderedDict()
        """Parts of the list that were rendered lately, each with the revision that it shows."""
        self.machine: Machine | None = None
        """What is known of the machine; told with the next stats."""

    def items(self, instance_id: str | None = None) -> Iterator[Entry]:
        """Walk over all entries, or those of one instance, in the order in which they came."""
        sources = self.sources.values() if instance_id is None else filter(None, [self.sources.get(instance_id)])
        for source in sources:
            yield from source.entries.values()

    def count(self) -> int:
        """Count all items."""
        return sum(len(source.entries) for source in self.sources.values())

    def get(self, instance_id: str, hash: str) -> Entry | None:
        """Find one item."""
        source = self.sources.get(instance_id)
        return source.entries.get(hash) if source else None

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and self.get(*key) is not None

    def find(self, hash: str) -> list[Entry]:
        """Find a hash in every instance that holds it."""
        return [entry for source in self.sources.values() if (entry := source.entries.get(hash))]

    def holds(self, key: tuple[str, str]) -> bool | None:
        """Say whether an item is there; None: its instance has not told all, or not lately."""
        source = self.sources.get(key[0])
        if source is None or source.stale or not source.filled:
            return None
        return key[1] in source.entries

    def paths(self, instance_id: str, client_type: str) -> Paths:
        """Give the paths of an instance, as they are now."""
        source = self.sources.get(instance_id)
        default = (source.default_path if source else None) or ""
        return Paths(tuple(self.categories.all()), instance_id, client_type, default)

    def default_paths(self) -> dict[str, str]:
        """Say where each instance puts data, as far as it said so."""
        return {each.instance_id: each.default_path for each in self.sources.values() if each.default_path}
