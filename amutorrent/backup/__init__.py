"""All that a daemon keeps in one file, and back again. Imports SQLAlchemy: only where a backup is made or read."""

from .archive import Archive, Manifest
from .making import Made, make_backup
from .restoring import Restored, restore_backup

__all__ = ["Archive", "Made", "Manifest", "Restored", "make_backup", "restore_backup"]
