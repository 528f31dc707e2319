"""The app's categories: one list over all instances. Source: data-model 7."""

from collections.abc import Iterable

from msgspec.structs import replace

from .model import DEFAULT, Category, ClientCategory


class Categories:
    """Names with stable ids; `Default` is always there, with id 0.

    They come in from the clients: what a client defines, and the names that its items carry.
    """

    def __init__(self) -> None:
        self._by_name = {DEFAULT: Category(id=0, name=DEFAULT, title=DEFAULT)}
        self.version = 0
        """Grows with every change, so that a reader sees at once whether it has the latest list."""

    def all(self) -> list[Category]:
        """List them, `Default` first."""
        return list(self._by_name.values())

    @property
    def warned(self) -> bool:
        """Whether the path of any of them cannot be used."""
        return any(each.path_warnings for each in self._by_name.values())

    def get(self, name: str) -> Category | None:
        """Find one by its exact name."""
        return self._by_name.get(name)

    def ensure(self, name: str) -> Category:
        """Find one, or make it known."""
        found = self._by_name.get(name)
        return found if found is not None else self._put(Category(id=len(self._by_name), name=name, title=name))

    def merge(self, defined: Iterable[ClientCategory]) -> None:
        """Take over what a client defines: unknown names, and paths where none is known."""
        for each in defined:
            if not each.name or each.name == DEFAULT:
                continue
            known = self.ensure(each.name)
            if each.path and not known.path:
                self._put(replace(known, path=each.path))

    def _put(self, category: Category) -> Category:
        self._by_name[category.name] = category
        self.version += 1
        return category
