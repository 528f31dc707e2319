"""Whether a row is had or downloaded already, as far as that exists for a reader. Source: http-api 4, data-model 13.

What the client says of a row tells of everybody's downloads: whoever does not see an item hears of it that it is new.
"""

from collections.abc import Callable, Hashable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from ..capabilities import SearchResult
from ..catalogue import Catalogue, View

Change = tuple[SearchResult, SearchResult | None]
"""A row, and what it was before; None: it is new."""


def marked(catalogue: Catalogue, view: View, instance_id: str, row: SearchResult) -> SearchResult:
    """Say of a row what its instance holds now, whatever the client said then."""
    key = (instance_id, row.file_hash)
    if not view.sees(key):
        return _hidden(row)
    entry = catalogue.get(*key)
    status = row.status if entry is None else "have" if entry.item.complete else "downloading"
    return row if status == row.status else replace(row, status=status)


def news(catalogue: Catalogue, view: View, instance_id: str, changes: Iterable[Change]) -> list[SearchResult]:
    """Give the rows that are new or changed for a reader: not those of which only changed what does not exist there."""
    return [
        marked(catalogue, view, instance_id, row)
        for row, before in changes
        if before is None or view.sees((instance_id, row.file_hash)) or _hidden(row) != _hidden(before)
    ]


def for_each(
    catalogue: Catalogue, instance_id: str, hashes: frozenset[str], make: Callable[[View], Struct | None]
) -> Callable[[View], Struct | None]:
    """Make a message about rows with these hashes once for all classes of readers to whom it says the same."""
    made: dict[Hashable, Struct | None] = {}

    def message(view: View) -> Struct | None:
        owned = catalogue.owners.items(view.key.user)
        alike = None if view.key.sees_all else frozenset(h for id, h in owned if id == instance_id and h in hashes)
        if alike not in made:
            made[alike] = make(view)
        return made[alike]

    return message


def _hidden(row: SearchResult) -> SearchResult:
    return row if row.status in (None, "new") else replace(row, status="new")
