"""The app's categories: one list over all instances. Source: data-model 7."""

from .categories import Categories, Shelf, taken
from .departed import Departed, Departures

__all__ = ["Categories", "Departed", "Departures", "Shelf", "taken"]
