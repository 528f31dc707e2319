"""All kinds of daemons at once: two amuleds with their server, an rtorrent, two qbittorrent-nox, and a tracker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import peers, qbittorrent, rtorrent
from .amule import AMuleDaemon
from .ed2k import Ed2kServer
from .peers import DOWNLOADER, SHARER
from .qbittorrent import QBittorrentDaemon
from .rtorrent import RTorrentDaemon
from .tracker import Tracker
from .tracker import tracker as run_tracker

RTORRENT, SEEDER, LEECHER = "rt", "seeder", "leecher"
"""Ids of the instances that do BitTorrent; `SEEDER` and `LEECHER` are the two qbittorrent-nox."""

Daemon = AMuleDaemon | RTorrentDaemon | QBittorrentDaemon


@dataclass(frozen=True)
class Land:
    """What runs."""

    server: Ed2kServer
    tracker: Tracker
    sharer: AMuleDaemon
    downloader: AMuleDaemon
    rtorrent: RTorrentDaemon
    seeder: QBittorrentDaemon
    leecher: QBittorrentDaemon

    @property
    def daemons(self) -> dict[str, Daemon]:
        """The daemons by the ids of their instances."""
        return {
            SHARER: self.sharer,
            DOWNLOADER: self.downloader,
            RTORRENT: self.rtorrent,
            SEEDER: self.seeder,
            LEECHER: self.leecher,
        }

    @property
    def clients(self) -> list[dict[str, object]]:
        """What the configuration of our daemon says of them."""
        return [{**daemon.settings, "id": id} for id, daemon in self.daemons.items()]


@contextmanager
def land(root: Path) -> Iterator[Land]:
    """Run all of it until the context ends."""
    with (
        run_tracker() as tracker,
        peers.peers(root) as (server, sharer, downloader),
        rtorrent.daemon(root / "rtorrent") as rt,
        qbittorrent.daemon(root / "seeder") as seeder,
        qbittorrent.daemon(root / "leecher") as leecher,
    ):
        yield Land(server, tracker, sharer, downloader, rt, seeder, leecher)
