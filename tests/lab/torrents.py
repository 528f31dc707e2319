"""Torrents of made-up data, made on the fly: those that plugin authors have, too."""

from amutorrent.testing import Torrent, make_torrent

__all__ = ["Torrent", "make_torrent"]
