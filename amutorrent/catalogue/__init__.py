"""The merged live view of all instances."""

from .catalogue import Catalogue
from .entry import Entry
from .facets import Facets
from .listings import DOWNLOADS, SHARED, Listing
from .source import CategoryRules
from .view import Tick, View, ViewKey

__all__ = [
    "DOWNLOADS",
    "SHARED",
    "Catalogue",
    "CategoryRules",
    "Entry",
    "Facets",
    "Listing",
    "Tick",
    "View",
    "ViewKey",
]
