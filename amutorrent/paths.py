"""A path as a client sees it, as this program sees it, and where a category is. Source: data-model 7.

Nothing here looks at a disk. A client in a container, or on another machine, names folders otherwise than we do: the
mappings of the categories say how. Paths are compared folder by folder, so that `/data/tv` is not within
`/data/tv-old`; a path with `..`, and one that is not absolute, is taken as it is and never translated.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .model import DEFAULT, Category


@dataclass(frozen=True)
class Destination:
    """One folder: as the client sees it, and as we do. "" where it is not known."""

    client: str
    local: str


@dataclass(frozen=True)
class Paths:
    """The paths of one instance. `default_path`: where its client puts what has no category, "" if it does not say."""

    categories: tuple[Category, ...]
    instance_id: str
    client_type: str
    default_path: str = ""

    def mapping(self, category: Category) -> str | None:
        """Give where we see the folder of a category, if that was said for this instance or for its type."""
        mappings = category.path_mappings or {}
        return mappings.get(self.instance_id) or mappings.get(self.client_type) or None

    def folder(self, category: Category) -> str:
        """Give the folder of a category as we see it; "" if it has none."""
        return self.mapping(category) or category.path

    def local(self, path: str) -> str:
        """Translate what the client calls `path`: by the nearest category above it, else by `Default`."""
        parts = parts_of(path)
        if parts is None:
            return path
        above = _nearest(parts, self.categories)
        if above is not None:
            return _moved(parts, above.path, self.folder(above)) or path
        mapping = self.mapping(self._default)
        return (_moved(parts, self.default_path, mapping) if mapping else None) or path

    def destination(self, category: Category) -> Destination:
        """Say where the data of a category belongs; what it does not say itself is as `Default` has it.

        A mapping without a path maps the folder that is fallen back to.
        """
        client = category.path or self._default.path or self.default_path
        mapping = self.mapping(category)
        if mapping is None and not category.path:
            mapping = self.mapping(self._default)
        return Destination(client, mapping or client)

    @property
    def _default(self) -> Category:
        return next((each for each in self.categories if each.name == DEFAULT), NONE)


NONE = Category(id=0, name=DEFAULT, title=DEFAULT)


def parts_of(path: str) -> tuple[str, ...] | None:
    """Split an absolute path into its names; None for any other, and for one that goes up again."""
    parts = tuple(part for part in path.split("/") if part and part != ".")
    return parts if path.startswith("/") and ".." not in parts and "\0" not in path else None


def is_within(path: str, folder: str) -> bool:
    """Say whether a path is a folder, or lies anywhere below it."""
    parts, above = parts_of(path), parts_of(folder)
    return parts is not None and above is not None and parts[: len(above)] == above


def _nearest(parts: tuple[str, ...], categories: Iterable[Category]) -> Category | None:
    """Find the category with the longest path above this one."""
    found: tuple[int, Category] | None = None
    for category in categories:
        above = parts_of(category.path) if category.path else None
        if above is not None and parts[: len(above)] == above and (found is None or len(above) > found[0]):
            found = len(above), category
    return found[1] if found else None


def _moved(parts: tuple[str, ...], old: str, new: str) -> str | None:
    """Put what lies below one folder below another; None if it does not lie there."""
    above = parts_of(old)
    if above is None or parts[: len(above)] != above:
        return None
    return "/".join((new.rstrip("/"), *parts[len(above) :])) or "/"
