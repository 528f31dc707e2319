"""Finding, checking, taking over or quarantining plugins."""

from .loading import BUNDLED, load_plugins
from .table import Plugins

__all__ = ["BUNDLED", "Plugins", "load_plugins"]
