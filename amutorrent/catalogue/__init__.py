"""The merged live view of all instances."""

from .catalogue import Catalogue
from .entry import Entry
from .listings import DOWNLOADS, SHARED, Listing
from .view import Tick, View, ViewKey

__all__ = ["DOWNLOADS", "SHARED", "Catalogue", "Entry", "Listing", "Tick", "View", "ViewKey"]
