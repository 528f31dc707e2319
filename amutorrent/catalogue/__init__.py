"""The merged live view of all instances."""

from .catalogue import Catalogue
from .entry import Entry
from .source import CategoryRules
from .view import Tick, View, ViewKey

__all__ = ["Catalogue", "CategoryRules", "Entry", "Tick", "View", "ViewKey"]
