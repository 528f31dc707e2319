"""What the host keeps in one file, and back again. Imports SQLAlchemy: only where a backup is made or read.

What plugins keep in files of their own, in `plugins/` of the data directory, is not in it: while the daemon runs they
are open, and only the plugin knows when they are whole. The engine inside keeps its torrents there, in
`plugins/libtorrent/PROFILE/torrents.db`. That folder is copied with the daemon stopped, and put back the same way.
`Made.left_out` says which folders of files a backup left out.
"""

from .archive import Archive, Manifest
from .making import Made, make_backup
from .restoring import Restored, restore_backup

__all__ = ["Archive", "Made", "Manifest", "Restored", "make_backup", "restore_backup"]
