"""What a daemon keeps in one file, and back again. Imports SQLAlchemy: only where a backup is made or read.

What plugins keep in files of their own, in `plugins/` of the data directory, is in it: SQLite databases are copied as
they are at one moment, also while the daemon has them open. `Made.left_out` says which files could not be copied.
"""

from .archive import Archive, Manifest
from .making import Made, make_backup
from .restoring import Restored, restore_backup

__all__ = ["Archive", "Made", "Manifest", "Restored", "make_backup", "restore_backup"]
