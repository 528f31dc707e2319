"""The merged live view of all instances."""

from .catalogue import Catalogue
from .entry import Entry
from .view import Tick, View, ViewKey

__all__ = ["Catalogue", "Entry", "Tick", "View", "ViewKey"]
